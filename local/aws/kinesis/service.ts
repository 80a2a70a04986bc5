import { KINESIS_LIMITS } from '../../limits/kinesis';
import { enforce, exceeds, type Limit, refused } from '../../limits/limit';
import { optionalInteger, optionalText, records, text, unsupported, validation } from '../input';
import { AwsError, type LocalInput, type LocalService, type Location } from '../service';
import { HASHES, LocalKinesisStream, type StreamDefinition } from './stream';

/** What happens around streams. */
export interface KinesisContext {
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

const LIMITS = KINESIS_LIMITS.rows;
/** AWS: Kinesis API, PutRecord: what a hash in the place of a partition key looks like. */
const HASH_KEY = /^(0|[1-9]\d{0,38})$/;
/** AWS: Kinesis API, PutRecord: what the name and the ARN of a stream look like. */
const STREAM_NAME = /^[a-zA-Z0-9_.-]+$/;
const STREAM_ARN = /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/;
/** Together with a length in fours. A group for every four characters would take a stack as deep as a record is long. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
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
    private readonly context: KinesisContext = {},
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
    if (absent(input, 'Records')) throw constraint(LIMITS.missing, 'records', NOT_NULL);
    const entries = records(input, 'Records');
    if (exceeds(LIMITS.records, entries.length)) throw constraint(LIMITS.records, 'records', within(LIMITS.records));
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
    const limit = optionalInteger(input, 'Limit') ?? LIMITS.listPage.max;
    if (exceeds(LIMITS.listed, limit)) throw constraint(LIMITS.listed, 'limit', within(LIMITS.listed, 'value'));
    // A token of ours is the name that the page before ended with.
    const [token, start] = [optionalText(input, 'NextToken'), optionalText(input, 'ExclusiveStartStreamName')];
    if (token !== undefined && start !== undefined) throw unsupported('NextToken beside ExclusiveStartStreamName');
    const after = token ?? start ?? '';
    const names = [...this.streams.keys()].filter((name) => name > after).sort();
    const StreamNames = names.slice(0, Math.min(limit, LIMITS.listPage.max));
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
    const { throttled, onRecord } = this.context;
    const { partitionKey, data, bytes, explicitHashKey } = record;
    const shard = stream.shardOf(partitionKey, explicitHashKey);
    if (throttled?.() === true || !stream.capacityOf(shard).write(bytes)) {
      const where = `shard ${shard.id} in stream ${stream.definition.name} under account ${this.location.account}`;
      return { ErrorCode: refused(LIMITS.recordsIn).code, ErrorMessage: `Rate exceeded for ${where}.` };
    }
    const { sequenceNumber, shardId } = stream.put(shard, partitionKey, data, this.now());
    onRecord?.(stream);
    return { SequenceNumber: sequenceNumber, ShardId: shardId };
  }

  private named(input: LocalInput): LocalKinesisStream {
    const [arn, name] = [optionalText(input, 'StreamARN'), optionalText(input, 'StreamName')];
    const { streamName } = LIMITS;
    if (name !== undefined && exceeds(streamName, name.length)) {
      throw constraint(streamName, 'streamName', within(streamName));
    }
    if (name !== undefined && !STREAM_NAME.test(name)) throw constraint(streamName, 'streamName', pattern(STREAM_NAME));
    if (arn !== undefined && !STREAM_ARN.test(arn)) throw constraint(streamName, 'streamARN', pattern(STREAM_ARN));
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
    return refused(LIMITS.unknownStream, `Stream ${name} under account ${this.location.account} not found.`);
  }

  private measure(metric: string, { definition: { name } }: LocalKinesisStream, value: number): void {
    this.context.measure?.(metric, name, value);
  }
}

/** Reads what a request says of a record. @param path of the record in the request, for errors */
function read(input: LocalInput, path: string): Incoming {
  const { missing, partitionKey: keyLimit, hashKeyPattern } = LIMITS;
  if (absent(input, 'PartitionKey')) throw constraint(missing, `${path}partitionKey`, NOT_NULL);
  if (absent(input, 'Data')) throw constraint(missing, `${path}data`, NOT_NULL);
  const partitionKey = text(input, 'PartitionKey');
  const data = text(input, 'Data');
  const explicitHashKey = optionalText(input, 'ExplicitHashKey');
  if (exceeds(keyLimit, [...partitionKey].length)) {
    throw constraint(keyLimit, `${path}partitionKey`, within(keyLimit));
  }
  if (data.length % 4 !== 0 || !BASE64.test(data)) throw refused(LIMITS.data, `${path}data is not base64`);
  if (explicitHashKey !== undefined && !HASH_KEY.test(explicitHashKey)) {
    throw constraint(hashKeyPattern, `${path}explicitHashKey`, pattern(HASH_KEY));
  }
  // The key counts, too (API_PutRecords).
  const bytes = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  return { partitionKey, data, bytes, explicitHashKey };
}

/** Nothing of a request is taken when any of it is too large, or of a hash that is none. */
function check(incoming: readonly Incoming[], { definition: { name, maxRecordBytes } }: LocalKinesisStream): void {
  const { recordBytes, requestBytes, hashKeyRange } = LIMITS;
  if (incoming.some(({ bytes }) => exceeds({ max: maxRecordBytes }, bytes))) {
    const most = `${maxRecordBytes} bytes that the stream ${name} takes`;
    throw refused(recordBytes, `A record with its key is larger than the ${most}`);
  }
  const sum = incoming.reduce((before, { bytes }) => before + bytes, 0);
  enforce(requestBytes, sum, 'Records size exceeds 10 MB limit');
  for (const { explicitHashKey: hash = '0' } of incoming) {
    if (BigInt(hash) < HASHES) continue;
    const range = 'ExplicitHashKey must be in the range: [0, 2^128-1]';
    throw refused(hashKeyRange, `Invalid ExplicitHashKey. ${range}. Value: ${hash}`);
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

function within({ min, max }: Pick<Limit, 'min' | 'max'>, what: 'length' | 'value' = 'length'): string {
  return `Member must have ${what} between ${min} and ${max}`;
}

function constraint(limit: Limit, place: string, what: string): AwsError {
  return refused(limit, `1 validation error detected: Value at '${place}' failed to satisfy constraint: ${what}`);
}
