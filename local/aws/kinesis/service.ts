import { optionalInteger, optionalText, records, text, unsupported, validation } from '../input';
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
/** AWS: Kinesis API, PutRecord: characters of a partition key, and what a hash in its place looks like. */
const MAX_KEY_CHARACTERS = 256;
const HASH_KEY = /^(0|[1-9]\d{0,38})$/;
/** AWS: Kinesis API, PutRecord: what the name and the ARN of a stream look like. */
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;
const STREAM_ARN = /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/;
/** AWS: Kinesis API, ListStreams: streams of an answer, and what may be asked for. */
const LISTED_STREAMS = { most: 100, mayAsk: 10_000 } as const;
/** Together with a length in fours. A group for every four characters would take a stack as deep as a record is long. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const THROTTLED = 'ProvisionedThroughputExceededException';
const NOT_NULL = 'Member must not be null';

/**
 * Kinesis Data Streams in memory: PutRecord, PutRecords and ListStreams (docs.aws.amazon.com/kinesis: API_PutRecord,
 * API_PutRecords, API_ListStreams). What else there is it refuses by name; event source mappings read its shards without the
 * API.
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
    const arn = `arn:aws:kinesis:${region}:${account}:stream/${definition.name}`;
    const stream = new LocalKinesisStream(definition, arn, this.now);
    this.streams.set(definition.name, stream);
    return stream;
  }

  /** Registers a consumer with enhanced fan-out. */
  registerConsumer(consumerArn: string, streamArn: string): void {
    this.consumers.set(consumerArn, this.stream(streamArn).arn);
  }

  /** A stream by its name, its ARN, or the ARN of a registered consumer. */
  stream(reference: string): LocalKinesisStream {
    const arn = reference.includes('/consumer/') ? this.consumers.get(reference) : reference;
    const stream = this.streams.get((arn ?? '').split('/').pop() ?? '');
    if (stream === undefined) throw this.notFound(reference);
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
      case 'ListStreams':
        return this.listStreams(input);
      default:
        throw unsupported(action);
    }
  }

  private putRecord(input: LocalInput): LocalInput {
    const incoming = read(input, '');
    const stream = this.named(input);
    check([incoming], stream);
    const [answer = {}] = this.put(stream, [incoming]);
    const { ErrorCode, ErrorMessage } = answer;
    this.measure('PutRecord.Success', stream, ErrorCode === undefined ? 1 : 0);
    this.measure('PutRecord.Bytes', stream, incoming.bytes);
    if (ErrorCode !== undefined) throw new AwsError(String(ErrorCode), String(ErrorMessage));
    return { ...answer, ...encryption(stream) };
  }

  /** Answers 200 although records may have failed: each has its own outcome, in the request's order. */
  private putRecords(input: LocalInput): LocalInput {
    if (absent(input, 'Records')) throw constraint('records', NOT_NULL);
    const entries = records(input, 'Records');
    if (entries.length < 1 || entries.length > MAX_RECORDS) {
      const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_RECORDS}`;
      throw constraint('records', `Member must have length ${bound}`);
    }
    const incoming = entries.map((entry, index) => read(entry, `records.${index + 1}.member.`));
    const stream = this.named(input);
    check(incoming, stream);
    const Records = this.put(stream, incoming);
    const FailedRecordCount = Records.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    // A call is a success when one record is (docs.aws.amazon.com/streams: monitoring-with-cloudwatch).
    this.measure('PutRecords.Success', stream, FailedRecordCount < Records.length ? 1 : 0);
    this.measure('PutRecords.TotalRecords', stream, Records.length);
    this.measure('PutRecords.SuccessfulRecords', stream, Records.length - FailedRecordCount);
    this.measure('PutRecords.ThrottledRecords', stream, FailedRecordCount);
    return { FailedRecordCount, Records, ...encryption(stream) };
  }

  private listStreams(input: LocalInput): LocalInput {
    const limit = optionalInteger(input, 'Limit') ?? LISTED_STREAMS.most;
    if (limit < 1 || limit > LISTED_STREAMS.mayAsk) {
      throw constraint('limit', `Member must have value between 1 and ${LISTED_STREAMS.mayAsk}`);
    }
    // A token of ours is the name that the page before ended with.
    const [token, start] = [optionalText(input, 'NextToken'), optionalText(input, 'ExclusiveStartStreamName')];
    if (token !== undefined && start !== undefined) throw unsupported('NextToken beside ExclusiveStartStreamName');
    const after = token ?? start ?? '';
    const names = [...this.streams.keys()].filter((name) => name > after).sort();
    const StreamNames = names.slice(0, Math.min(limit, LISTED_STREAMS.most));
    const HasMoreStreams = StreamNames.length < names.length;
    const StreamSummaries = StreamNames.map((name) => ({
      StreamName: name,
      StreamARN: this.stream(name).arn,
      StreamStatus: 'ACTIVE',
    }));
    return { StreamNames, StreamSummaries, HasMoreStreams, ...(HasMoreStreams && { NextToken: StreamNames.at(-1) }) };
  }

  /** Puts records into their shards, each with its own outcome, and measures the request as a whole. */
  private put(stream: LocalKinesisStream, incoming: readonly Incoming[]): LocalInput[] {
    let [taken, bytes] = [0, 0];
    const answers = incoming.map((record) => {
      const answer = this.putOne(stream, record);
      if (answer['ErrorCode'] === undefined) [taken, bytes] = [taken + 1, bytes + record.bytes];
      return answer;
    });
    this.measure('WriteProvisionedThroughputExceeded', stream, incoming.length - taken);
    if (taken > 0) {
      this.measure('IncomingRecords', stream, taken);
      this.measure('IncomingBytes', stream, bytes);
    }
    return answers;
  }

  private putOne(stream: LocalKinesisStream, record: Incoming): LocalInput {
    const { throttled, onRecord } = this.surroundings;
    const { partitionKey, data, bytes, explicitHashKey } = record;
    const shard = stream.shardOf(partitionKey, explicitHashKey);
    if (throttled?.() === true || !stream.capacityOf(shard).write(bytes)) {
      const where = `shard ${shard.id} in stream ${stream.definition.name} under account ${this.location.account}`;
      return { ErrorCode: THROTTLED, ErrorMessage: `Rate exceeded for ${where}.` };
    }
    const { sequenceNumber, shardId } = stream.put(shard, partitionKey, data, this.now());
    onRecord?.(stream);
    return { SequenceNumber: sequenceNumber, ShardId: shardId };
  }

  private named(input: LocalInput): LocalKinesisStream {
    const [arn, name] = [optionalText(input, 'StreamARN'), optionalText(input, 'StreamName')];
    if (name !== undefined && !STREAM_NAME.test(name)) throw constraint('streamName', pattern(STREAM_NAME));
    if (arn !== undefined && !STREAM_ARN.test(arn)) throw constraint('streamARN', pattern(STREAM_ARN));
    const reference = arn ?? name;
    if (reference === undefined) throw validation('StreamARN or StreamName must be given');
    const stream = this.stream(reference);
    // A stream of another account or region, or a consumer, may end in the same name.
    if (arn !== undefined && arn !== stream.arn) throw this.notFound(arn);
    if (name !== undefined && name !== stream.definition.name) {
      throw validation(`StreamARN ${arn} is not the ARN of StreamName ${name}`);
    }
    return stream;
  }

  private notFound(reference: string): AwsError {
    const name = reference.split(':stream/').pop();
    return new AwsError(
      'ResourceNotFoundException',
      `Stream ${name} under account ${this.location.account} not found.`,
    );
  }

  private measure(metric: string, { definition: { name } }: LocalKinesisStream, value: number): void {
    this.surroundings.measure?.(metric, name, value);
  }
}

/** Reads what a request says of a record. @param path of the record in the request, for errors */
function read(input: LocalInput, path: string): Incoming {
  if (absent(input, 'PartitionKey')) throw constraint(`${path}partitionKey`, NOT_NULL);
  if (absent(input, 'Data')) throw constraint(`${path}data`, NOT_NULL);
  const partitionKey = text(input, 'PartitionKey');
  const data = text(input, 'Data');
  const explicitHashKey = optionalText(input, 'ExplicitHashKey');
  const characters = [...partitionKey].length;
  if (characters < 1 || characters > MAX_KEY_CHARACTERS) {
    throw constraint(`${path}partitionKey`, `Member must have length between 1 and ${MAX_KEY_CHARACTERS}`);
  }
  if (data.length % 4 !== 0 || !BASE64.test(data))
    throw new AwsError('SerializationException', `${path}data is not base64`);
  if (explicitHashKey !== undefined && !HASH_KEY.test(explicitHashKey)) {
    throw constraint(`${path}explicitHashKey`, pattern(HASH_KEY));
  }
  // The key counts, too (API_PutRecords).
  const bytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  return { partitionKey, data, bytes, explicitHashKey };
}

/** Nothing of a request is taken when any of it is too large, or of a hash that is none. */
function check(incoming: readonly Incoming[], { definition: { name, maxRecordBytes } }: LocalKinesisStream): void {
  if (incoming.some(({ bytes }) => bytes > maxRecordBytes)) {
    throw validation(`A record with its key is larger than the ${maxRecordBytes} bytes that the stream ${name} takes`);
  }
  if (incoming.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_REQUEST_BYTES) {
    throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
  }
  for (const { explicitHashKey: hash = '0' } of incoming) {
    if (BigInt(hash) < HASHES) continue;
    const range = 'ExplicitHashKey must be in the range: [0, 2^128-1]';
    throw new AwsError('InvalidArgumentException', `Invalid ExplicitHashKey. ${range}. Value: ${hash}`);
  }
}

function encryption({ definition }: LocalKinesisStream): LocalInput {
  return definition.encrypted ? { EncryptionType: 'KMS' } : {};
}

function absent(input: LocalInput, name: string): boolean {
  return input[name] === undefined || input[name] === null;
}

function pattern({ source }: RegExp): string {
  return `Member must satisfy regular expression pattern: ${source}`;
}

function constraint(place: string, what: string): AwsError {
  return validation(`1 validation error detected: Value at '${place}' failed to satisfy constraint: ${what}`);
}
