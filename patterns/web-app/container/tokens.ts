import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { Problem } from '../../../lib/runtime/problem';
import { KeysUnavailable, UserPoolKeys } from './user-pool-keys';

/** What tells who sends a request. */
export interface TokenSettings {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where the user pool's keys are asked for, without its path. @default - Cognito in the pool's Region */
  readonly endpoint?: string | undefined;
  /** Milliseconds since 1970, for tests. @default Date.now */
  readonly now?: () => number;
}

/**
 * Checks access tokens of one client of one user pool, by the pool's keys, which are fetched once and again when a key is new.
 *
 * @returns the subject of a token given as `Authorization: Bearer`; throws Problem 401 without a good one, and KeysUnavailable while
 * no keys could be fetched yet
 */
export function tokenCheck({
  userPoolId,
  clientId,
  endpoint,
  now,
}: TokenSettings): (header?: string) => Promise<string> {
  const fetcher = endpoint === undefined ? undefined : { fetch: (uri: string) => fetchFrom(endpoint, uri) };
  const jwksCache = new UserPoolKeys(fetcher, now);
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' }, { jwksCache });
  const known = new KnownTokens();
  return async (header = '') => {
    const [, token] = /^Bearer ([\w.-]+)$/i.exec(header) ?? [];
    if (token === undefined) throw unauthorized();
    const subject = known.subjectOf(token);
    if (subject !== undefined) return subject;
    try {
      const { sub, exp } = await verifier.verify(token);
      known.keep(token, sub, exp);
      return sub;
    } catch (error) {
      // With keys at hand a token that none of them signed is its sender's mistake; without any, nothing can be said of it.
      if (error instanceof KeysUnavailable && !jwksCache.isKnown) throw error;
      throw unauthorized();
    }
  };
}

/** Milliseconds after which a user pool that says nothing counts as one that cannot be reached. */
const FETCH_TIMEOUT_MS = 3000;
/** Milliseconds that a check of a token counts, so that a key which was withdrawn is soon of no more use. */
const CHECK_COUNTS_MS = 60_000;
const MAX_TOKENS = 1000;

/** Tokens that were checked a moment ago: the same person asks many times, and a signature is the dearest part of a request. */
class KnownTokens {
  readonly #known = new Map<string, { readonly subject: string; readonly until: number }>();

  subjectOf(token: string): string | undefined {
    const found = this.#known.get(token);
    return found !== undefined && Date.now() < found.until ? found.subject : undefined;
  }

  /** @param expiry seconds since 1970 */
  keep(token: string, subject: string, expiry: number): void {
    this.#known.delete(token);
    this.#known.set(token, { subject, until: Math.min(expiry * 1000, Date.now() + CHECK_COUNTS_MS) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_TOKENS && oldest !== undefined) this.#known.delete(oldest);
  }
}

async function fetchFrom(endpoint: string, uri: string): Promise<ArrayBuffer> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const answer = await fetch(`${endpoint.replace(/\/$/, '')}${new URL(uri).pathname}`, { signal });
  if (!answer.ok) throw new Error(`${endpoint} answered ${answer.status}`);
  return answer.arrayBuffer();
}

function unauthorized(): Problem {
  return new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
}
