import type { Writable } from 'node:stream';

/** What an answer over HTTP begins with. */
export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The part of Lambda's runtime that streams (AWS: Lambda, Response streaming for Node.js). */
export interface LambdaStreaming {
  streamifyResponse<Event, Context>(
    handler: (event: Event, stream: Writable, context: Context) => Promise<void>,
  ): (event: Event, context: Context) => Promise<unknown>;
  readonly HttpResponseStream: { from(stream: Writable, head: ResponseHead): Writable };
}

/** Lambda's runtime puts it there before it loads a handler. */
export function lambdaStreaming(): LambdaStreaming {
  const { awslambda } = globalThis as unknown as { readonly awslambda?: LambdaStreaming };
  if (awslambda === undefined) throw new Error('This handler streams: it needs the runtime of Lambda for Node.js');
  return awslambda;
}

/**
 * A response that may lose its reader. Whoever went away costs nothing more than what is written for no one: the answer goes on, so
 * that it is kept and can be had again with the same key.
 */
export class Response {
  #body: Writable | undefined;
  #isGone = false;

  constructor(
    private readonly stream: Writable,
    private readonly streaming: Pick<LambdaStreaming, 'HttpResponseStream'> = lambdaStreaming(),
  ) {
    this.#watch(stream);
  }

  /** Sends the head; only the first one counts. */
  begin(head: ResponseHead): void {
    if (this.#body !== undefined) return;
    this.#body = this.streaming.HttpResponseStream.from(this.stream, head);
    if (this.#body !== this.stream) this.#watch(this.#body);
  }

  get hasBegun(): boolean {
    return this.#body !== undefined;
  }

  write(text: string): void {
    if (this.#isGone || this.#body === undefined || this.#body.destroyed) return;
    this.#body.write(text);
  }

  /** Resolves when all was handed over, or no one is there to take it. */
  async end(): Promise<void> {
    const body = this.#body;
    if (this.#isGone || body === undefined || body.destroyed) return;
    await new Promise<void>((resolve) => {
      body.once('close', resolve);
      body.end(resolve);
    });
  }

  #watch(stream: Writable): void {
    const gone = () => {
      this.#isGone = true;
    };
    stream.on('error', gone);
    stream.on('close', gone);
  }
}
