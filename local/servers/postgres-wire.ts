/** What a client says first, by its code (PostgreSQL: message formats). */
const ENCRYPTION_REQUESTS = [80877103, 80877104];
const CANCEL_REQUEST = 80877102;

/** What came of a connection: messages, without the first one, each with its type. */
export interface ClientMessage {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** How a connection begins. */
export type Opening = 'encryption' | 'cancel' | { readonly user: string };

/** Cuts what a client sends into messages (PostgreSQL: message flow, message formats). */
export class ClientMessages {
  private buffer = Buffer.alloc(0);

  push(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
  }

  /** The next message before a session; undefined until all of it has come. */
  opening(): Opening | undefined {
    const bytes = this.take(0);
    if (bytes === undefined) return undefined;
    const code = bytes.readInt32BE(4);
    if (ENCRYPTION_REQUESTS.includes(code)) return 'encryption';
    if (code === CANCEL_REQUEST) return 'cancel';
    const words = bytes.toString('utf8', 8).split('\0');
    const at = words.findIndex((word, index) => index % 2 === 0 && word === 'user');
    return { user: words[at + 1] ?? '' };
  }

  /** The next message; undefined until all of it has come. */
  next(): ClientMessage | undefined {
    const bytes = this.take(1);
    return bytes && { type: String.fromCharCode(bytes[0] ?? 0), bytes: new Uint8Array(bytes) };
  }

  /** A message is as long as it says, and its length stands behind its type. */
  private take(typeBytes: number): Buffer | undefined {
    if (this.buffer.length < typeBytes + 4) return undefined;
    const length = typeBytes + this.buffer.readInt32BE(typeBytes);
    if (this.buffer.length < length) return undefined;
    const bytes = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    return bytes;
  }
}

/** Lets a client in, whoever it is. */
export function welcome(serverVersion: string): Buffer {
  const parameters = {
    server_version: serverVersion,
    server_encoding: 'UTF8',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    TimeZone: 'UTC',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
  };
  return Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    message('K', Buffer.concat([int32(1), int32(1)])),
    message('Z', Buffer.from('I')),
  ]);
}

/** Turns a client away. */
export function refusal(reason: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C28000\0M${reason}\0\0`));
}

/** Whether an answer ends with the server ready for more, outside of a transaction; undefined when it is not ready. */
export function isIdleAfter(answer: Uint8Array): boolean | undefined {
  const end = Buffer.from(answer.subarray(-6)).toString('latin1');
  return end.startsWith('Z\0\0\0\x05') ? end.endsWith('I') : undefined;
}

function message(type: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(content.length + 4), content]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
