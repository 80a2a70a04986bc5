import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from '../../../lib/runtime/problem';
import { InvalidEvent, parseClickstreamEvent } from '../clickstream-schema';

/** A record for the stream. */
export interface EventRecord {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** Bytes of a record with its key: what a stream takes unless it is configured for more (AWS: Kinesis Data Streams quotas). */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** Characters of a partition key (docs.aws.amazon.com/kinesis: API_PutRecord). */
const MAX_KEY_CHARACTERS = 256;
/** Together with a length in fours. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads the record in a request to post an event: the event itself, by its session, or `{ key, data }` with the event in base64,
 * by a key of the sender's, as earlier versions took it. It goes into the stream as it was sent.
 *
 * @param now milliseconds since 1970
 * @throws Problem with a code, and the member at fault
 */
export function readEventRequest(
  { body = '', isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>,
  now: number,
): EventRecord {
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const wrapped = wrappedIn(sent);
  const Data = wrapped?.Data ?? sent;
  let PartitionKey = wrapped?.PartitionKey;
  try {
    PartitionKey ??= parseClickstreamEvent(Data, now).session_id;
    if (wrapped !== undefined) parseClickstreamEvent(Data, now);
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    throw new Problem(400, error.code.toLowerCase(), 'The event is not valid.', error.field);
  }
  if (Data.length + Buffer.byteLength(PartitionKey) > MAX_RECORD_BYTES) {
    throw new Problem(413, 'too_large', `An event may have at most ${MAX_RECORD_BYTES} bytes, including its key.`);
  }
  return { Data, PartitionKey };
}

/** The record of a request that has it in base64; undefined for one that is the event itself, or nothing at all. */
function wrappedIn(sent: Buffer): EventRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(sent.toString());
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'data')) return undefined;
  const { key, data, event_id } = value as Readonly<Record<string, unknown>>;
  // An event may have columns of its sender's own.
  if (event_id !== undefined) return undefined;
  if (typeof key !== 'string' || key.length < 1 || key.length > MAX_KEY_CHARACTERS) {
    throw new Problem(400, 'out_of_range', `A key must have 1 to ${MAX_KEY_CHARACTERS} characters.`, 'key');
  }
  if (typeof data !== 'string' || data.length % 4 !== 0 || !BASE64.test(data)) {
    throw new Problem(400, 'not_base64', 'data must be base64.', 'data');
  }
  return { Data: Buffer.from(data, 'base64'), PartitionKey: key };
}
