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
   * @throws SignedOut when nobody is signed in any more
   */
  async send<Answer>(path: string, request: ApiRequest = {}): Promise<Answer> {
    const reads = (request.method ?? 'GET') === 'GET';
    try {
      const token = await this.signIn.accessToken();
      let response = await this.fetch(path, request, token);
      // Expired by another clock than ours, or revoked: renew once, then believe it.
      if (response.status === 401) response = await this.fetch(path, request, await this.signIn.accessToken(token));
      if (!response.ok) throw await problemOf(response);
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    } catch (error) {
      throw error instanceof TypeError ? unreachable() : error;
    } finally {
      // Also after an error: a write whose answer was lost may have happened.
      if (!reads) this.lastWrite = performance.now();
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
  const detail = said['detail'] ?? `The service answered ${status}. Try again in a moment.`;
  return new ApiProblem(status, said['code'] ?? `http_${status}`, detail, said['field'], requestId);
}

function unreachable(): ApiProblem {
  return new ApiProblem(0, 'unreachable', 'The service cannot be reached. Check your connection and try again.');
}
