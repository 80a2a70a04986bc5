import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { answerWire, type OnCall, type Services } from '../aws/wire';

interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const nothing = () => undefined;
const CONNECTED = {
  connecting: false,
  setKeepAlive: nothing,
  setTimeout: nothing,
  removeListener: nothing,
  destroy: nothing,
};

/** What Node's `http.request` gives, as far as the SDK uses it; the stores answer it without a socket. */
class StoreRequest extends EventEmitter {
  /** It is there at once: the SDK gives up on one that is connecting for long. */
  readonly socket = CONNECTED;
  private readonly chunks: Buffer[] = [];
  /** Whether no one waits for the answer any more. */
  private gone = false;
  private response?: Readable;

  constructor(
    private readonly options: RequestOptions,
    private readonly services: Services,
    private readonly onCall: OnCall,
    private readonly isAlive: () => boolean,
    private readonly onResponse: (response: Readable) => void,
  ) {
    super();
  }

  setTimeout(): this {
    return this;
  }

  destroy(): this {
    this.gone = true;
    this.response?.destroy(cut());
    return this;
  }

  write(chunk: string | Uint8Array): boolean {
    this.chunks.push(Buffer.from(chunk as Uint8Array));
    return true;
  }

  end(chunk?: string | Uint8Array): void {
    if (chunk !== undefined) this.write(chunk);
    void this.answer();
  }

  private async answer(): Promise<void> {
    const { method = 'GET', path = '/', headers = {} } = this.options;
    // An environment that was cut off calls no one any more, and no one answers it.
    if (!this.isAlive()) return;
    const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const request = { method, url: path, headers: lowered, body: Buffer.concat(this.chunks) };
    const { status, headers: answered, body } = await answerWire(request, this.services, this.onCall);
    if (this.gone || !this.isAlive()) return;
    const whole = typeof body === 'string' || Buffer.isBuffer(body);
    const response = whole ? new Readable({ read: () => undefined }) : this.streamed(body);
    this.response = response;
    // Like Node's own, it reports an error only to listeners.
    response.on('error', () => undefined);
    Object.assign(response, { statusCode: status, statusMessage: '', headers: answered });
    this.onResponse(response);
    if (!whole) return;
    if (body.length > 0) response.push(body);
    response.push(null);
  }

  /** Hands on each piece once the one before is read. A stream that throws is a connection that was cut. */
  private streamed(pieces: AsyncIterable<Buffer>): Readable {
    const iterator = pieces[Symbol.asyncIterator]();
    const next = async (response: Readable) => {
      try {
        const { done, value } = await iterator.next();
        if (this.isAlive()) response.push(done === true ? null : value);
      } catch {
        response.destroy(cut());
      }
    };
    return new Readable({
      // So that nothing is read ahead, which a cut would take with it.
      highWaterMark: 1,
      read() {
        void next(this);
      },
      destroy(error, done) {
        void iterator.return?.();
        done(error);
      },
    });
  }
}

/** What Node says of a connection that ended before the answer did. */
function cut(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}

/** Replaces `node:http`: its requests go straight to the stores. */
export function inProcessHttp(services: Services, onCall: OnCall, isAlive: () => boolean): Record<string, unknown> {
  return {
    Agent: class {
      destroy(): void {}
    },
    request: (options: RequestOptions, onResponse: (response: Readable) => void) =>
      new StoreRequest(options, services, onCall, isAlive, onResponse),
  };
}
