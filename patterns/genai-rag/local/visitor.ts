import { answerWire } from '../../../local/aws/wire';
import { sleep } from '../../../local/clock/clock';
import { seededRandom } from '../../../local/engine/random';
import { type Answer, API_PREFIX, type NewDocument, type TokenUsage } from '../contract';
import { EventReader, type Heard, type Told, tokensOf } from './answer';
import type { RagPlace } from './place';

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** How often someone asks again, and the milliseconds in between at least and at most. */
const PATIENCE = { tries: 12, firstMs: 500, mostMs: 20_000 };
/** Milliseconds from a browser to the edge and on. */
const NETWORK_MS = 25;
/** Milliseconds before its end that a token is renewed. */
const RENEWED_BEFORE_MS = 60_000;
const TOKEN_MS = 3_600_000;

/** Someone who uses the application as its pages do, in the engine's time. */
export class RagVisitor {
  /** What documents of theirs are of: the tenant of their group, or they themselves. */
  readonly tenant: string;
  private token?: { readonly value: string; readonly until: number };
  private readonly random: () => number;
  private made = 0;

  /** @param group of the user pool; it makes them of a tenant. @default - a tenant of their own */
  constructor(
    private readonly place: RagPlace,
    readonly email: string,
    group?: string,
  ) {
    this.tenant = group?.replace(/^tenant-/, '') ?? email;
    if (group !== undefined) place.pool.setGroups(email, [group]);
    this.random = seededRandom(1, email);
  }

  /** A header with a token that is good. */
  get authorization(): { readonly authorization: string } {
    const { pool, clientId, scopes, engine } = this.place;
    const now = engine.clock.now();
    if (this.token === undefined || this.token.until < now) {
      const { accessToken: value } = pool.signIn({ user: this.email, clientId, scope: scopes.join(' ') });
      this.token = { value, until: now + TOKEN_MS - RENEWED_BEFORE_MS };
    }
    return { authorization: `Bearer ${this.token.value}` };
  }

  /** Sends one request through the distribution. @param onPart hears each part of the answer as it comes */
  async send(
    method: string,
    path: string,
    { headers, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } = {},
    onPart: (text: string) => void = () => undefined,
  ): Promise<Answered> {
    const { edge, engine } = this.place;
    await sleep(engine.clock, NETWORK_MS);
    const answer = await edge.request({
      method,
      url: path,
      headers: {
        host: 'localhost',
        ...this.authorization,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
    });
    let text = answer.body.toString('utf8');
    const decoder = new TextDecoder();
    for await (const part of answer.stream ?? []) {
      const more = decoder.decode(part as Uint8Array, { stream: true });
      text += more;
      onPart(more);
    }
    return { status: answer.status, headers: answer.headers, text };
  }

  /** Asks the API for something that is no answer of a model, and comes back while it is busy or broken. */
  async call<T>(method: string, path: string, question: Parameters<RagVisitor['send']>[2] = {}): Promise<T & object> {
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.send(method, `${API_PREFIX}${path}`, question).catch(() => undefined);
      if (answer !== undefined && answer.status < 400)
        return (answer.text === '' ? {} : JSON.parse(answer.text)) as T & object;
      if (repeats === PATIENCE.tries || (answer !== undefined && !isPassing(answer.status))) {
        throw new Error(`${method} ${path}: ${answer?.status ?? 'no answer'} ${answer?.text.slice(0, 200) ?? ''}`);
      }
      await this.pause(repeats);
    }
  }

  /** Announces a document and sends its file to S3 by the form that is granted, as a browser does. @returns its id */
  async upload(name: string, contentType: string, content: Buffer): Promise<string> {
    const { document, upload } = await this.call<NewDocument>('POST', '/documents', {
      headers: { 'idempotency-key': this.newKey() },
      body: { name, contentType, size: content.length },
    });
    const form = new FormData();
    for (const [field, value] of Object.entries(upload.fields)) form.append(field, value);
    form.append('file', new Blob([Uint8Array.from(content)]), name);
    const status = await this.sendForm(upload.url, form);
    if (status !== 204) throw new Error(`S3 answered the form of ${name} with ${status}`);
    return document.id;
  }

  /**
   * Asks a question, and asks it again by the same key while that may help.
   *
   * @param onWord hears the answer as it comes
   */
  async ask(
    question: string,
    {
      conversation = this.newConversation(),
      key = this.newKey(),
      streams = true,
      tries = PATIENCE.tries,
      onWord,
    }: {
      readonly conversation?: string;
      readonly key?: string;
      /** Whether the answer comes as events. @default true */
      readonly streams?: boolean;
      readonly tries?: number;
      readonly onWord?: (text: string) => void;
    } = {},
  ): Promise<Told> {
    let [letIn, charged, unheard] = [false, 0, 0];
    for (let repeats = 0; ; repeats += 1) {
      const { retryAfter, ...heard } = await this.once(question, conversation, key, streams, onWord);
      letIn ||= heard.status < 400 || heard.status >= 500;
      charged += heard.charged ?? 0;
      if (heard.unheard === true) unheard += 1;
      const told = { ...heard, question, conversation, key, repeats, letIn, charged, unheard };
      if (told.answer !== undefined || told.retryable !== true || repeats >= tries) return told;
      await this.pause(repeats, retryAfter);
    }
  }

  /** A UUID of version 7, of the engine's time. */
  newConversation(): string {
    const time = Math.floor(this.place.engine.clock.now()).toString(16).padStart(12, '0');
    const digits = (count: number) =>
      Array.from({ length: count }, () => Math.floor(this.random() * 16).toString(16)).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-8${digits(3)}-${digits(12)}`;
  }

  newKey(): string {
    this.made += 1;
    return `${this.email.replace(/\W/g, '-')}-${this.made}`;
  }

  private async once(
    question: string,
    conversation: string,
    key: string,
    streams: boolean,
    onWord: (text: string) => void = () => undefined,
  ): Promise<Heard & { readonly status: number; readonly retryAfter?: number }> {
    const { clock } = this.place.engine;
    const begun = clock.now();
    const events = new EventReader(
      (text) => onWord(text),
      () => clock.now() - begun,
    );
    const request = {
      headers: { 'idempotency-key': key, accept: streams ? 'text/event-stream' : 'application/json' },
      body: { question },
    };
    let status = 0;
    try {
      const path = `${API_PREFIX}/conversations/${conversation}/messages`;
      const answered = await this.send('POST', path, request, (text) => events.take(text));
      status = answered.status;
      if (status === 200 && answered.headers['content-type']?.startsWith('application/json') === true)
        return { status, answer: JSON.parse(answered.text) as Answer };
      if (status !== 200) {
        const retryAfter = Number(answered.headers['retry-after'] ?? 0) * 1000;
        const { code = 'unknown', usage } = problemOf(answered.text);
        // What is not of the application itself says nothing of what it did.
        const [unheard, charged] = [code === 'unknown', tokensOf(usage)];
        // A day that is used up is over at midnight, which no client waits for.
        const retryable = isPassing(status) && !code.endsWith('daily_budget');
        return { status, problem: code, retryable, charged, unheard, retryAfter };
      }
    } catch {
      // An answer that breaks off; what came of it is in the events.
    }
    if (status === 0 && events.begun) status = 200;
    return { status, ...events.end() };
  }

  private async sendForm(url: string, form: FormData): Promise<number> {
    const { engine } = this.place;
    await sleep(engine.clock, NETWORK_MS);
    const request = new Request(url, { method: 'POST', body: form });
    const body = Buffer.from(await request.arrayBuffer());
    const { host, pathname, search } = new URL(url);
    const headers = { host, 'content-type': request.headers.get('content-type') ?? '' };
    const wire = { method: 'POST', url: `${pathname}${search}`, headers, body };
    return (await answerWire(wire, { s3: engine.stores.s3 }, engine.onCall)).status;
  }

  private pause(repeats: number, leastMs = 0): Promise<void> {
    const { clock } = this.place.engine;
    const most = Math.min(PATIENCE.firstMs * 2 ** repeats, PATIENCE.mostMs);
    return sleep(clock, leastMs + most * (0.5 + this.random() / 2));
  }
}

function problemOf(text: string): { readonly code?: string; readonly usage?: TokenUsage } {
  try {
    return JSON.parse(text) as { code?: string; usage?: TokenUsage };
  } catch {
    return {};
  }
}

/** Busy, or broken on the way; 409 while it is answered. */
function isPassing(status: number): boolean {
  return [429, 500, 502, 503, 504].includes(status);
}
