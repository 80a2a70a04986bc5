import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce, refused } from '../../limits/limit';
import { optionalText, records } from '../input';
import type { LocalInput } from '../service';

const { tokenLength, tokenMemory, tokenReuse } = DYNAMODB_LIMITS.rows;
const MEMORY_MS = tokenMemory.max * 1000;

interface Remembered {
  readonly at: number;
  readonly request: string;
}

/** Transactions that were done, by their request tokens, for as long as DynamoDB remembers them. */
export class RequestTokens {
  /** By token, and those of the time before: to forget all at once costs less than one by one. */
  private tokens = new Map<string, Remembered>();
  private older = this.tokens;
  private since = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number) {}

  /** The token of a request. @throws AwsError `ValidationException` for one that is too long */
  of(input: LocalInput): string | undefined {
    const token = optionalText(input, 'ClientRequestToken');
    if (token !== undefined) enforce(tokenLength, token.length);
    return token;
  }

  /** Whether a transaction was done before. @throws AwsError when its token was used for another request */
  has(input: LocalInput): boolean {
    const token = this.of(input);
    const known = token === undefined ? undefined : (this.tokens.get(token) ?? this.older.get(token));
    if (known === undefined || this.now() - known.at >= MEMORY_MS) return false;
    if (known.request === requestText(input)) return true;
    throw refused(tokenReuse, 'The token was used for another request');
  }

  /** Remembers that a transaction was done. */
  remember(input: LocalInput): void {
    const token = this.of(input);
    if (token === undefined) return;
    const at = this.now();
    if (at - this.since >= MEMORY_MS) {
      [this.older, this.tokens, this.since] = [this.tokens, new Map(), at];
    }
    this.tokens.set(token, { at, request: requestText(input) });
  }
}

/** What a request token stands for. */
function requestText(input: LocalInput): string {
  return JSON.stringify(records(input, 'TransactItems'));
}
