import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CALLBACK_PATH, LOGIN_SCOPES, type SiteConfig, type Upload } from '../contract';
import type { WebAppPlace } from './place';

/** What a visitor sends besides a path. */
export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** How often it was asked before. */
  readonly repeats: number;
}

/** How often a visitor comes back to something that is busy or broken, and the milliseconds in between. */
const PATIENCE = { tries: 60, firstMs: 50, mostMs: 1000 };
const PROBLEM = 'application/problem+json';

/** Someone who uses the site, by HTTP as its pages do. */
export class Visitor {
  private token?: string;

  constructor(
    private readonly place: Pick<WebAppPlace, 'url'>,
    readonly email: string,
  ) {}

  /** Signs in by a code with PKCE, as the site does. @throws Error naming the step that did not go as it should */
  async signIn(): Promise<void> {
    const { url } = this.place;
    const config = (await (await fetch(`${url}/config.json`)).json()) as SiteConfig;
    const [verifier, state] = [randomBytes(32).toString('base64url'), randomUUID()];
    const callback = `${url}${CALLBACK_PATH}`;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: config.clientId,
      redirect_uri: callback,
      scope: LOGIN_SCOPES.join(' '),
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = await (await fetch(`${config.loginUrl}/oauth2/authorize?${query}`)).text();
    const [, action = ''] = /action="([^"]+)"/.exec(page) ?? [];
    const form = { method: 'POST', body: new URLSearchParams({ username: this.email }), redirect: 'manual' } as const;
    const sent = await fetch(new URL(action.replaceAll('&amp;', '&'), config.loginUrl), form);
    const back = new URL(sent.headers.get('location') ?? '', config.loginUrl);
    if (`${back.origin}${back.pathname}` !== callback || back.searchParams.get('state') !== state) {
      throw new Error(`The login sent ${this.email} to ${back.href}`);
    }
    const tokens = await fetch(`${config.loginUrl}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: config.clientId,
        redirect_uri: callback,
        code: back.searchParams.get('code') ?? '',
        code_verifier: verifier,
      }),
    });
    const { access_token: token } = (await tokens.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`The login gave ${this.email} no token: ${tokens.status}`);
    this.token = token;
  }

  /** Asks the API, and comes back while it is busy or broken: what it answers to a repeat counts. */
  async ask(method: string, path: string, question: Question = {}): Promise<Answered> {
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.once(method, path, question).catch(() => undefined);
      if (answer !== undefined && (!isPassing(answer) || repeats === PATIENCE.tries)) return { ...answer, repeats };
      if (repeats === PATIENCE.tries) throw new Error(`${method} ${path} is not answered`);
      const pause = Math.min(PATIENCE.firstMs * 2 ** repeats, PATIENCE.mostMs);
      await wait(pause * (0.5 + Math.random() / 2));
    }
  }

  private async once(method: string, path: string, { headers, body }: Question): Promise<Omit<Answered, 'repeats'>> {
    const response = await fetch(`${this.place.url}${path}`, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** Sends a file by a form, as a browser does: the file last. @returns status of S3's answer */
export async function sendFile(upload: Upload, content: Uint8Array): Promise<number> {
  if (upload.kind !== 'form') throw new Error('A small file goes up by a form');
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(content)]), 'file');
  const response = await fetch(upload.url, { method: 'POST', body: form });
  await response.arrayBuffer();
  return response.status;
}

/** The text as JSON. */
export function jsonOf<T>({ text }: Pick<Answered, 'text'>): T {
  return JSON.parse(text) as T;
}

/** Busy, or broken on the way; what the application itself calls an error of its own counts as its answer. */
function isPassing({ status, headers }: Pick<Answered, 'status' | 'headers'>): boolean {
  const isOwn = headers.get('content-type')?.startsWith(PROBLEM) === true;
  return [429, 502, 503, 504].includes(status) || (status === 500 && !isOwn);
}
