import { CommandError, type Terminal } from '../terminal';
import type { TriedAnswer, TriedRequest } from './first-request';
import { Interrupted } from './interrupted';

/** What {@link Sender} sends with. */
export interface SenderProps {
  readonly token: string;
  readonly terminal: Terminal;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Where a failed request is explained, as lines for a person. */
  logs(): Promise<string>;
}

/** Until a cold API, a database that sleeps or an address that is new answers. */
const PATIENCE_MS = 120_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 15_000;
/** API Gateway answers within 29 s, and streams for longer. */
const TIMEOUT_MS = 120_000;
const DISCARD_MS = 30_000;
const PASSING = new Set([429, 502, 503, 504]);
/** API Gateway's, S3's, and CloudFront's. */
const REQUEST_IDS = ['apigw-requestid', 'x-amzn-requestid', 'x-amz-request-id', 'x-amz-cf-id'];
const MOST_SHOWN = 2000;

/** Sends requests as a user, and again while the stack is not ready. */
export class Sender {
  constructor(private readonly props: SenderProps) {}

  /** @throws CommandError for no answer, or one that is no 2xx; Interrupted after Ctrl-C */
  async send(request: TriedRequest): Promise<TriedAnswer> {
    const { terminal } = this.props;
    const until = terminal.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const answer = await this.attempt(request);
      if ('failure' in answer || PASSING.has(answer.status)) {
        const why = 'failure' in answer ? answer.failure : String(answer.status);
        if (terminal.now() + pause > until) throw await this.refusal(request, answer);
        terminal.err(`Not ready yet (${why}); again in ${pause / 1000} s.`);
        await this.pause(pause);
        continue;
      }
      if (answer.status < 200 || answer.status > 299) throw await this.refusal(request, answer);
      return { ...answer, json: () => jsonOf(request, answer) };
    }
  }

  /** @throws CommandError for no answer, or one that is no 2xx; Interrupted after Ctrl-C */
  async upload(url: string, form: FormData): Promise<void> {
    const request = { method: 'POST', url } as const;
    const answer = await this.attempt(request, { method: 'POST', body: form });
    if ('failure' in answer || answer.status < 200 || answer.status > 299) throw await this.refusal(request, answer);
  }

  /** Deletes what was made, also after Ctrl-C; what fails is said. */
  async discard(url: string): Promise<void> {
    const request = { method: 'DELETE', url } as const;
    const answer = await this.answerOf(request, this.asUser(request), AbortSignal.timeout(DISCARD_MS));
    if ('status' in answer && answer.status < 300) return;
    const why = 'failure' in answer ? answer.failure : `${answer.status} ${shortened(answer.text)}`;
    this.props.terminal.err(`Not deleted: ${url} (${why}).`);
  }

  async pause(duration: number): Promise<void> {
    const { terminal, signal } = this.props;
    if (!signal.aborted) {
      const over = new AbortController();
      const aborted = new Promise((heard) => signal.addEventListener('abort', heard, { signal: over.signal }));
      await Promise.race([terminal.sleep(duration), aborted]);
      over.abort();
    }
    if (signal.aborted) throw new Interrupted();
  }

  /** @param sent what goes over the wire. @default - the request as the user */
  private async attempt(request: TriedRequest, sent: RequestInit = this.asUser(request)): Promise<Attempt> {
    const { signal } = this.props;
    if (signal.aborted) throw new Interrupted();
    const answer = await this.answerOf(request, sent, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
    if (signal.aborted) throw new Interrupted();
    return answer;
  }

  private async answerOf({ url }: TriedRequest, sent: RequestInit, signal: AbortSignal): Promise<Attempt> {
    try {
      const response = await fetch(url, { ...sent, signal });
      const requestId = REQUEST_IDS.map((name) => response.headers.get(name)).find((id) => id !== null);
      return { status: response.status, text: await response.text(), requestId: requestId ?? undefined };
    } catch (error) {
      return { failure: reasonOf(error) };
    }
  }

  private asUser({ method, headers, body }: TriedRequest): RequestInit {
    const authorization = `Bearer ${this.props.token}`;
    if (body === undefined) return { method, headers: { authorization, ...headers } };
    return {
      method,
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
  }

  private async refusal({ method, url }: TriedRequest, answer: Attempt): Promise<CommandError> {
    const asked = `${method} ${url}`;
    if ('failure' in answer) return new CommandError(`${asked} got no answer: ${answer.failure}.`);
    const { status, text, requestId } = answer;
    return new CommandError(
      [
        `${asked} was answered ${status}: ${shortened(text)}`,
        `Request id: ${requestId ?? 'none'}. ${await this.props.logs()}`,
      ].join('\n'),
    );
  }
}

type Answered = Pick<TriedAnswer, 'status' | 'text'> & { readonly requestId?: string };
type Attempt = Answered | { readonly failure: string };

function jsonOf({ method, url }: TriedRequest, { status, text }: Answered): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${method} ${url} was answered ${status}, and not in JSON: ${shortened(text)}`);
  }
}

/** A text as a person reads it, without its end where it is long. */
export function shortened(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)} … (${text.length} characters)`;
}

/** `fetch` says only that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError') return 'no answer in time';
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : error.message;
}
