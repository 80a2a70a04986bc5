import { crc32 } from 'node:zlib';

/** Media type of what {@link encodeMessage} makes, one message after the other. */
export const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Type of a header's value that is text (AWS: event stream encoding, header wire format). */
const TEXT = 7;

/**
 * A message of an event stream: lengths, their checksum, headers, payload, checksum of it all
 * (docs.aws.amazon.com/lexv2: event stream encoding; the same for Bedrock).
 */
function encodeMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(payload);
  const message = Buffer.alloc(head.length + body.length + 16);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  body.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}

/** An event of the model, by the name of its member in the output's union. */
export function encodeEvent(type: string, content: unknown): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return encodeMessage(headers, JSON.stringify(content));
}

/** An error in the middle of a stream, by the name of its member in the output's union. */
export function encodeException(type: string, message: string): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return encodeMessage(headers, JSON.stringify({ message }));
}

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([TEXT]), length, text]);
}
