import type { ApiAnswer } from './api-integrations';

/** An answer whose body comes in parts. */
export interface StreamedAnswer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each part as it is sent. Ends with {@link BrokenAnswer} when the connection is closed before the end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a client sees of an answer that breaks off: the status was sent long ago. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}

/** Parts of an answer on their way from who makes them to who reads them. Can be read once. */
export class Chunks implements AsyncIterable<Uint8Array> {
  private readonly parts: Uint8Array[] = [];
  private end?: { readonly error?: Error };
  private wake: () => void = () => undefined;

  push(part: Uint8Array): void {
    if (this.end !== undefined) return;
    this.parts.push(part);
    this.wake();
  }

  /** @param error why there is no more to come. @default - it is whole */
  close(error?: Error): void {
    this.end ??= { ...(error !== undefined && { error }) };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const part = this.parts.shift();
      if (part !== undefined) {
        yield part;
      } else if (this.end !== undefined) {
        if (this.end.error !== undefined) throw this.end.error;
        return;
      } else {
        await new Promise<void>((wake) => {
          this.wake = wake;
        });
      }
    }
  }
}

/** An answer that comes in one part. */
export function inOnePart({ statusCode, headers = {}, body }: ApiAnswer): StreamedAnswer {
  const chunks = new Chunks();
  if (body !== undefined && body !== '') chunks.push(Buffer.from(body));
  chunks.close();
  return { statusCode, headers, body: chunks };
}

/** An answer once it is whole. @throws BrokenAnswer for one that never is */
export async function whole({ statusCode, headers, body }: StreamedAnswer): Promise<ApiAnswer> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return { statusCode, headers, ...(parts.length > 0 && { body: Buffer.concat(parts).toString('utf8') }) };
}

/** Parts as they come, with time passing while they are waited for. */
export async function* inTime(
  body: AsyncIterable<Uint8Array>,
  during: <T>(work: Promise<T>) => Promise<T>,
): AsyncGenerator<Uint8Array> {
  const parts = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await during(parts.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await parts.return?.();
  }
}
