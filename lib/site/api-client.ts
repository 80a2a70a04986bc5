import type { SignIn } from './sign-in';

/** What an API says went wrong (RFC 9457), or what went wrong on the way to it. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** For programs. */
    readonly code: string,
    /** For people. */
    detail: string,
    /** Member of the request that is wrong. */
    readonly field?: string,
    /** What to name when asking for help. */
    readonly requestId?: string,
  ) {
    super(detail);
  }
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** For so long after a write, reads ask for what is current: a database's reader may lag behind its writer. */
const READER_LAG_MS = 10_000;

/** Calls the API of this site's own origin as the person who is signed in. */
export class ApiClient {
  private lastWrite = Number.NEGATIVE_INFINITY;

  constructor(private readonly signIn: SignIn) {}

  /**
   * @returns the answer's JSON; undefined for an empty one
   * @throws ApiProblem for an answer that is an error, and for none
   * @throws SignedOut when no one is signed in any more
   */
  async send<Answer>(path: string, request: ApiRequest = {}): Promise<Answer> {
    return this.reached(request, async () => {
      const text = await (await this.answerOf(path, request)).text();
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    });
  }

  /**
   * Asks for server-sent events, as they come: see `readEvents`.
   *
   * @throws ApiProblem for an answer that is an error, for none, and for one that is no stream of events
   * @throws SignedOut when no one is signed in any more
   */
  async stream(path: string, request: ApiRequest): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream', ...request.headers };
    const response = await this.reached(request, () => this.answerOf(path, { ...request, headers }));
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!streams || response.body === null) throw unexpected(response);
    return response.body;
  }

  private async answerOf(path: string, request: ApiRequest): Promise<Response> {
    const token = await this.signIn.accessToken();
    let response = await this.fetch(path, request, token);
    // Expired by another clock than ours, or revoked: renew once, then believe it.
    if (response.status === 401) response = await this.fetch(path, request, await this.signIn.accessToken(token));
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  private async reached<Answer>({ method = 'GET' }: ApiRequest, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof TypeError ? unreachable() : error;
    } finally {
      // Also after an error: a write whose answer was lost may have happened.
      if (method !== 'GET') this.lastWrite = performance.now();
    }
  }

  private fetch(path: string, { method = 'GET', body, headers, signal }: ApiRequest, token: string): Promise<Response> {
    const lagging = method === 'GET' && performance.now() - this.lastWrite < READER_LAG_MS;
    return fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(lagging ? { 'cache-control': 'no-cache' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const { status } = response;
  const json = response.headers.get('content-type')?.includes('json') === true;
  const said = (json ? await response.json().catch(() => ({})) : {}) as Partial<Record<string, string>>;
  const requestId = said['requestId'] ?? response.headers.get('x-request-id') ?? undefined;
  const detail = said['detail'] ?? `The service responded with status ${status}. Try again in a moment.`;
  return new ApiProblem(status, said['code'] ?? `http_${status}`, detail, said['field'], requestId);
}

function unexpected({ status, headers }: Response): ApiProblem {
  const requestId = headers.get('x-request-id') ?? undefined;
  return new ApiProblem(
    status,
    'unexpected',
    'The service sent an unexpected response. Try again.',
    undefined,
    requestId,
  );
}

function unreachable(): ApiProblem {
  return new ApiProblem(0, 'unreachable', 'The service cannot be reached. Check your connection and try again.');
}
