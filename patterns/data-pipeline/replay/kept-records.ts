/** A record of a failure store. */
export interface KeptRecord {
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  /** Where it was in its stream, as far as the store tells. */
  readonly shard?: string;
  readonly sequenceNumber?: string;
  /** When it came to the stream, milliseconds since 1970. */
  readonly arrival?: number;
  /** Why it is kept. */
  readonly reason: string;
}

/** An object that holds no records, or none that can be sent. */
export class Unreadable extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Characters of a partition key at most (AWS: Kinesis API, PutRecordsRequestEntry). */
const MAX_KEY_CHARACTERS = 256;
/** Together with a length in fours. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads the records of an object: of a batch that failed, as Lambda keeps it (AWS Lambda: kinesis-on-failure-destination), or
 * of JSON lines, as the aggregator keeps what is not a valid event and as a replay keeps what it could not send.
 *
 * @throws Unreadable when any of it is neither
 */
export function readKept(text: string): readonly KeptRecord[] {
  if (text.trim() === '') throw new Unreadable('it is empty');
  const document = fieldsOf(text);
  const records = document !== undefined && 'payload' in document ? batch(document) : lines(text);
  if (records.length === 0) throw new Unreadable('it has no records');
  return records;
}

function batch(document: Fields): KeptRecord[] {
  const { payload, requestContext } = document;
  const event = typeof payload === 'string' ? fieldsOf(payload) : undefined;
  if (event === undefined) throw new Unreadable('its payload is not a JSON document in a string');
  const { Records } = event;
  if (!Array.isArray(Records)) throw new Unreadable('its payload has no Records');
  const reason = reasonOfBatch(isFields(requestContext) ? requestContext : {});
  return Records.map((record: unknown, index) => {
    const { kinesis, eventID } = isFields(record) ? record : {};
    if (!isFields(kinesis)) throw new Unreadable(`record ${index + 1} of its payload is not of a Kinesis stream`);
    const { approximateArrivalTimestamp: seconds } = kinesis;
    return recordOf(`record ${index + 1} of its payload`, {
      ...kinesis,
      shard: typeof eventID === 'string' ? eventID.split(':')[0] : undefined,
      arrival: typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined,
      reason,
    });
  });
}

function reasonOfBatch({ condition, functionArn }: Fields): string {
  const [, , , , , , name] = String(functionArn ?? '').split(':');
  return `${condition ?? 'no reason recorded'}${name === undefined ? '' : ` in ${name}`}`;
}

function lines(text: string): KeptRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fields = fieldsOf(line);
    if (fields === undefined) throw new Unreadable(`it is not a failed batch, and line ${index + 1} is not JSON`);
    const { code, field } = fields;
    const reason = [code ?? 'not sent before', field].filter((each) => each !== undefined).join(' ');
    return [recordOf(`line ${index + 1}`, { ...fields, reason })];
  });
}

function recordOf(where: string, fields: Fields): KeptRecord {
  const { data, shard, sequenceNumber, arrival, reason } = fields;
  // A stream that spreads records by itself may keep no key of theirs, and asks for none (AWS: Kinesis, service-managed record
  // distribution); any other value does.
  const partitionKey = fields['partitionKey'] ?? sequenceNumber;
  const characters = typeof partitionKey === 'string' ? [...partitionKey].length : 0;
  if (typeof partitionKey !== 'string' || characters < 1 || characters > MAX_KEY_CHARACTERS) {
    throw new Unreadable(`${where} has no valid partition key`);
  }
  if (typeof data !== 'string' || data.length % 4 !== 0 || !BASE64.test(data)) {
    throw new Unreadable(`${where} has no data in base64`);
  }
  return {
    partitionKey,
    data,
    ...(typeof shard === 'string' && { shard }),
    ...(typeof sequenceNumber === 'string' && { sequenceNumber }),
    ...(typeof arrival === 'number' && { arrival }),
    reason: String(reason),
  };
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
