import type { ResolvedResource } from '../assembly/resolved-template';
import { type StreamRecord, streamRecordBytes } from '../aws/dynamodb/stream-record';
import type { KinesisRecord } from '../aws/kinesis/stream';
import type { Entry, LocalStream } from '../aws/stream';
import type { EngineContext } from './context';
import type { Destinations } from './destinations';
import { checkStreamMapping } from './mapping-limits';
import { consumerOf, mappingFilters, observeAge, reportsItems, TABLE_STREAM_SECONDS, tablePosition } from './mappings';
import { type Fetch, ownReads, sharedReads } from './shard-reads';
import { type GivenUp, type StreamHandling, StreamReader, type StreamSource, startingPosition } from './stream-reader';

/** What differs between the streams that a mapping reads. */
interface StreamKind<R> extends Pick<StreamHandling<R>, 'filtered' | 'bytesOf' | 'keyOf'> {
  readonly stream: LocalStream<R>;
  /** How the mapping gets at its records. @default - as soon as they are there */
  readonly fetch?: Fetch<R>;
  /** Seconds for which the stream keeps a record. @default - forever */
  readonly retention?: number;
  /** A record as functions get it. */
  event(record: R): unknown;
  sequenceNumberOf(record: R): string;
  shardOf(record: R): string;
  /** Where records are, as destinations are told. */
  position(records: readonly R[]): Readonly<Record<string, unknown>>;
  /** Hears of the records of every batch, before the function does. */
  onBatch?(entries: readonly Entry<R>[]): void;
}

/**
 * An event source mapping of a table's stream or of a data stream
 * (docs.aws.amazon.com/lambda: services-ddb, services-kinesis-create).
 */
export function streamMapping(
  engine: EngineContext,
  mapping: ResolvedResource,
  destinations: Destinations,
): StreamReader<StreamRecord> | StreamReader<KinesisRecord> {
  const arn = String(mapping.properties['EventSourceArn']);
  return arn.includes(':kinesis:')
    ? reader(engine, mapping, destinations, dataStream(engine, arn, mapping))
    : reader(engine, mapping, destinations, tableStream(engine, arn));
}

function reader<R>(
  engine: EngineContext,
  mapping: ResolvedResource,
  destinations: Destinations,
  kind: StreamKind<R>,
): StreamReader<R> {
  const { logicalId, name, properties } = mapping;
  if (properties['TumblingWindowInSeconds'] !== undefined) {
    throw new Error(`${logicalId}: TumblingWindowInSeconds is not known here`);
  }
  checkStreamMapping(properties);
  const consumer = consumerOf(engine, properties);
  const source: StreamSource = {
    batchSize: Number(properties['BatchSize'] ?? 100),
    batchingWindow: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
    filters: mappingFilters(mapping),
    retryAttempts: Number(properties['MaximumRetryAttempts'] ?? -1),
    maximumRecordAge: Number(properties['MaximumRecordAgeInSeconds'] ?? -1),
    retention: kind.retention,
    bisects: properties['BisectBatchOnFunctionError'] === true,
    parallelization: Number(properties['ParallelizationFactor'] ?? 1),
    from: startingPosition(logicalId, properties['StartingPosition']),
  };
  const counted = (properties['MetricsConfig'] as { Metrics?: string[] } | undefined)?.Metrics?.includes('EventCount');
  const count = (metric: string, events: number) => {
    if (counted === true) engine.metrics.put('AWS/Lambda', metric, { EventSourceMappingUUID: name }, events);
  };
  const handle = async (entries: readonly Entry<R>[]) => {
    const records = entries.map(({ record }) => record);
    kind.onBatch?.(entries);
    count('InvokedEventCount', records.length);
    const answer = (await consumer.invoke({ Records: records.map((record) => kind.event(record)) })) as
      | { batchItemFailures?: { itemIdentifier: string }[] }
      | undefined;
    const failures = reportsItems(properties) ? (answer?.batchItemFailures ?? []) : [];
    const failed = failures.map(({ itemIdentifier }) =>
      records.findIndex((record) => kind.sequenceNumberOf(record) === itemIdentifier),
    );
    // The lowest of several counts; a number that is not of the batch fails all of it (services-kinesis-batchfailurereporting).
    const done = failed.length === 0 ? records.length : Math.max(0, Math.min(...failed));
    observeAge(engine, `stream to ${consumer.definition.service}`, entries.slice(0, done));
    return done;
  };
  const destination = (properties['DestinationConfig'] as { OnFailure?: { Destination?: string } } | undefined)
    ?.OnFailure?.Destination;
  const giveUp = async (records: readonly R[], condition: GivenUp) => {
    const [first] = records;
    if (first === undefined) return;
    if (destination === undefined) {
      count('DroppedEventCount', records.length);
      return;
    }
    const failure = {
      requestContext: { functionArn: consumer.definition.arn, condition },
      version: '1.0',
      timestamp: new Date(engine.clock.now()).toISOString(),
      ...kind.position(records),
    };
    const payload = { Records: records.map((record) => kind.event(record)) };
    await destinations.keepBatch(destination, failure, payload, { mapping: name, shard: kind.shardOf(first) });
    count('OnFailureDestinationDeliveredEventCount', records.length);
  };
  const { stream, filtered, bytesOf, keyOf, fetch } = kind;
  return new StreamReader(stream, source, { handle, giveUp, filtered, bytesOf, keyOf }, engine.clock, fetch);
}

function tableStream({ world }: EngineContext, streamArn: string): StreamKind<StreamRecord> {
  return {
    stream: world.stream(streamArn),
    retention: TABLE_STREAM_SECONDS,
    bytesOf: streamRecordBytes,
    event: (record) => record,
    sequenceNumberOf: ({ dynamodb }) => dynamodb.SequenceNumber,
    shardOf: ({ eventID }) => eventID,
    keyOf: ({ dynamodb }) => JSON.stringify(dynamodb.Keys),
    position: (records) => ({ DDBStreamBatchInfo: tablePosition(world.stream(streamArn), streamArn, records) }),
  };
}

function dataStream(
  engine: EngineContext,
  source: string,
  { properties }: ResolvedResource,
): StreamKind<KinesisRecord> {
  const { stores, metrics, clock, deployment } = engine;
  const stream = stores.kinesis.stream(source);
  const FunctionName = consumerOf(engine, properties).definition.name;
  const iso = (ms = 0) => new Date(ms).toISOString();
  const common = {
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventName: 'aws:kinesis:record',
    awsRegion: deployment.region,
    eventSourceARN: source,
  };
  const metadata = ({ partitionKey, sequenceNumber, arrival }: KinesisRecord) => ({
    kinesisSchemaVersion: '1.0',
    partitionKey,
    sequenceNumber,
    approximateArrivalTimestamp: arrival / 1000,
  });
  return {
    stream: stream.shards,
    retention: stream.definition.retention,
    fetch: source.includes('/consumer/') ? ownReads(engine, stream) : sharedReads(engine, stream),
    event: (record) => ({
      ...common,
      eventID: `${record.shardId}:${record.sequenceNumber}`,
      kinesis: { ...metadata(record), data: record.data },
    }),
    sequenceNumberOf: ({ sequenceNumber }) => sequenceNumber,
    shardOf: ({ shardId }) => shardId,
    keyOf: ({ partitionKey }) => partitionKey,
    // Base64, the key with each character escaped, and more than what stands around them.
    bytesOf: ({ data, partitionKey }) => data.length + 6 * partitionKey.length + 800,
    filtered: (record) => ({ ...metadata(record), data: parsed(record.data) }),
    position: (records) => ({
      KinesisBatchInfo: {
        shardId: records[0]?.shardId,
        startSequenceNumber: records[0]?.sequenceNumber,
        endSequenceNumber: records.at(-1)?.sequenceNumber,
        approximateArrivalOfFirstRecord: iso(records[0]?.arrival),
        approximateArrivalOfLastRecord: iso(records.at(-1)?.arrival),
        batchSize: records.length,
        streamArn: stream.arn,
      },
    }),
    onBatch: (entries) => {
      const age = clock.now() - (entries.at(-1)?.at ?? clock.now());
      metrics.put('AWS/Lambda', 'IteratorAge', { FunctionName }, age);
    },
  };
}

/** What a filter on `data` compares with: JSON where it is JSON (docs.aws.amazon.com/lambda: kinesis-filter). */
function parsed(data: string): unknown {
  const text = Buffer.from(data, 'base64').toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
