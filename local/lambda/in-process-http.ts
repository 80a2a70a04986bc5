import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { answerWire, type OnCall, type Services } from '../aws/wire';

interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Node's `http.request` gives, as far as the SDK uses it; the stores answer it without a socket. */
class StoreRequest extends EventEmitter {
  private readonly chunks: Buffer[] = [];

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
    // An environment that was cut off calls nobody any more, and nobody answers it.
    if (!this.isAlive()) return;
    const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const request = { method, url: path, headers: lowered, body: Buffer.concat(this.chunks) };
    const { status, headers: answered, body } = await answerWire(request, this.services, this.onCall);
    if (!this.isAlive()) return;
    const response = new Readable({ read: () => undefined });
    Object.assign(response, { statusCode: status, statusMessage: '', headers: answered });
    this.onResponse(response);
    if (body.length > 0) response.push(body);
    response.push(null);
  }
}

/** Stands in for `node:http`: its requests go straight to the stores. */
export function inProcessHttp(services: Services, onCall: OnCall, isAlive: () => boolean): Record<string, unknown> {
  return {
    Agent: class {
      destroy(): void {}
    },
    request: (options: RequestOptions, onResponse: (response: Readable) => void) =>
      new StoreRequest(options, services, onCall, isAlive, onResponse),
  };
}
