import { optionalText, records, text, unsupported, validation } from '../input';
import { AwsError, type LocalInput, type LocalService, type Location } from '../service';
import { HASHES, LocalKinesisStream, type StreamDefinition } from './stream';

/** What happens around streams. */
export interface KinesisSurroundings {
  /** Whether a shard's write throughput is said to be exceeded for a record. @default - never */
  readonly throttled?: () => boolean;
  /** Hears of every record that a stream took. */
  readonly onRecord?: (stream: LocalKinesisStream) => void;
  /** A metric of namespace `AWS/Kinesis`, by the stream's name. */
  readonly measure?: (name: string, streamName: string, value: number) => void;
}

/** One record of a request, read and checked. */
interface Incoming {
  readonly partitionKey: string;
  readonly data: string;
  readonly bytes: number;
  readonly explicitHashKey?: string;
}

/** AWS: Kinesis API, PutRecords: records of a request, and bytes of it with partition keys. */
const MAX_RECORDS = 500;
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
/** AWS: Kinesis API, PutRecord: characters of a partition key. */
const MAX_KEY_CHARACTERS = 256;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const THROTTLED = 'ProvisionedThroughputExceededException';

/**
 * Kinesis Data Streams in memory: PutRecord and PutRecords (docs.aws.amazon.com/kinesis: API_PutRecord, API_PutRecords). What
 * else there is it refuses by name; event source mappings read its shards without the API.
 *
 * Handlers talk to it with `@aws-sdk/client-kinesis`, whose handler of requests is HTTP/2 by default: our server speaks it, but
 * handlers that run in this process have no sockets and must set `requestHandler: new NodeHttpHandler()`.
 */
export class LocalKinesis implements LocalService {
  private readonly streams = new Map<string, LocalKinesisStream>();
  /** ARNs of streams by the ARNs of their registered consumers. */
  private readonly consumers = new Map<string, string>();

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
    private readonly surroundings: KinesisSurroundings = {},
  ) {}

  createStream(definition: StreamDefinition): LocalKinesisStream {
    const { account, region } = this.location;
    const stream = new LocalKinesisStream(definition, `arn:aws:kinesis:${region}:${account}:stream/${definition.name}`);
    this.streams.set(definition.name, stream);
    return stream;
  }

  /** Registers a consumer with enhanced fan-out. */
  registerConsumer(consumerArn: string, streamArn: string): void {
    this.consumers.set(consumerArn, this.stream(streamArn).arn);
  }

  /** A stream by its name, its ARN, or the ARN of a registered consumer. */
  stream(reference: string): LocalKinesisStream {
    const { account } = this.location;
    const arn = reference.includes('/consumer/') ? this.consumers.get(reference) : reference;
    const stream = this.streams.get((arn ?? '').split('/').pop() ?? '');
    if (stream === undefined) {
      const name = reference.split(':stream/').pop();
      throw new AwsError('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);
    }
    return stream;
  }

  /** Every stream. */
  all(): LocalKinesisStream[] {
    return [...this.streams.values()];
  }

  call(action: string, input: LocalInput): LocalInput {
    switch (action) {
      case 'PutRecord':
        return this.putRecord(input);
      case 'PutRecords':
        return this.putRecords(input);
      default:
        throw unsupported(action);
    }
  }

  private putRecord(input: LocalInput): LocalInput {
    const incoming = read(input, '');
    const stream = this.named(input);
    check([incoming], stream);
    const answer = this.put(stream, incoming);
    this.measure('PutRecord.Success', stream, 'SequenceNumber' in answer ? 1 : 0);
    this.measure('PutRecord.Bytes', stream, incoming.bytes);
    const { ErrorCode, ErrorMessage } = answer;
    if (ErrorCode !== undefined) throw new AwsError(String(ErrorCode), String(ErrorMessage));
    return { ...answer, ...encryption(stream) };
  }

  /** Answers 200 although records may have failed: each has its own outcome, in the request's order. */
  private putRecords(input: LocalInput): LocalInput {
    const entries = records(input, 'Records');
    if (entries.length < 1 || entries.length > MAX_RECORDS) {
      const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_RECORDS}`;
      throw constraint('records', `Member must have length ${bound}`);
    }
    const incoming = entries.map((entry, index) => read(entry, `records.${index + 1}.member.`));
    const stream = this.named(input);
    check(incoming, stream);
    const Records = incoming.map((entry) => this.put(stream, entry));
    const FailedRecordCount = Records.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    // A call is a success when one record is (docs.aws.amazon.com/streams: monitoring-with-cloudwatch).
    this.measure('PutRecords.Success', stream, FailedRecordCount < Records.length ? 1 : 0);
    this.measure('PutRecords.TotalRecords', stream, Records.length);
    this.measure('PutRecords.SuccessfulRecords', stream, Records.length - FailedRecordCount);
    this.measure('PutRecords.ThrottledRecords', stream, FailedRecordCount);
    return { FailedRecordCount, Records, ...encryption(stream) };
  }

  private put(stream: LocalKinesisStream, { partitionKey, data, bytes, explicitHashKey }: Incoming): LocalInput {
    const { throttled, onRecord } = this.surroundings;
    const shard = stream.shardOf(partitionKey, explicitHashKey);
    const { name } = stream.definition;
    const exceeded = throttled?.() === true;
    this.measure('WriteProvisionedThroughputExceeded', stream, exceeded ? 1 : 0);
    if (exceeded) {
      const where = `shard ${shard.id} in stream ${name} under account ${this.location.account}`;
      return { ErrorCode: THROTTLED, ErrorMessage: `Rate exceeded for ${where}.` };
    }
    const { sequenceNumber, shardId } = stream.put(shard, partitionKey, data, this.now());
    this.measure('IncomingRecords', stream, 1);
    this.measure('IncomingBytes', stream, bytes);
    onRecord?.(stream);
    return { SequenceNumber: sequenceNumber, ShardId: shardId };
  }

  private named(input: LocalInput): LocalKinesisStream {
    const [arn, name] = [optionalText(input, 'StreamARN'), optionalText(input, 'StreamName')];
    const reference = arn ?? name;
    if (reference === undefined) throw validation('StreamARN or StreamName must be given');
    const stream = this.stream(reference);
    if (name !== undefined && name !== stream.definition.name) {
      throw validation(`StreamARN ${arn} is not the ARN of StreamName ${name}`);
    }
    return stream;
  }

  private measure(metric: string, { definition: { name } }: LocalKinesisStream, value: number): void {
    this.surroundings.measure?.(metric, name, value);
  }
}

/** Reads what a request says of a record. @param path of the record in the request, for errors */
function read(input: LocalInput, path: string): Incoming {
  const partitionKey = text(input, 'PartitionKey');
  const data = text(input, 'Data');
  const explicitHashKey = optionalText(input, 'ExplicitHashKey');
  const characters = [...partitionKey].length;
  if (characters < 1 || characters > MAX_KEY_CHARACTERS) {
    throw constraint(`${path}partitionKey`, `Member must have length between 1 and ${MAX_KEY_CHARACTERS}`);
  }
  if (!BASE64.test(data)) throw new AwsError('SerializationException', `${path}data is not base64`);
  if (explicitHashKey !== undefined) {
    if (!/^(0|[1-9]\d{0,38})$/.test(explicitHashKey)) {
      throw constraint(`${path}explicitHashKey`, 'Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})');
    }
    if (BigInt(explicitHashKey) >= HASHES) {
      const range = 'ExplicitHashKey must be in the range: [0, 2^128-1]';
      throw new AwsError('InvalidArgumentException', `Invalid ExplicitHashKey. ${range}. Value: ${explicitHashKey}`);
    }
  }
  // The key counts, too (API_PutRecords).
  const bytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  return { partitionKey, data, bytes, explicitHashKey };
}

/** Nothing of a request is taken when any of it is too large. */
function check(incoming: readonly Incoming[], { definition: { name, maxRecordBytes } }: LocalKinesisStream): void {
  if (incoming.some(({ bytes }) => bytes > maxRecordBytes)) {
    throw validation(`A record with its key is larger than the ${maxRecordBytes} bytes that the stream ${name} takes`);
  }
  if (incoming.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_REQUEST_BYTES) {
    throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
  }
}

function encryption({ definition }: LocalKinesisStream): LocalInput {
  return definition.encrypted ? { EncryptionType: 'KMS' } : {};
}

function constraint(place: string, what: string): AwsError {
  return validation(`1 validation error detected: Value at '${place}' failed to satisfy constraint: ${what}`);
}
