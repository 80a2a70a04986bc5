import type { ResolvedResource } from '../assembly/resolved-template';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { Entry } from '../aws/stream';
import type { EventPattern } from '../matching/event-pattern';
import type { EngineContext } from './context';
import type { Destinations } from './destinations';
import { Failure } from './failure';
import { fillTemplate, valueAt } from './input-template';
import { QueuePoller } from './queue-poller';
import { type StreamHandling, StreamReader, type StreamSource } from './stream-reader';

/** AWS: Lambda, what an event source mapping of a queue can have at most. */
const MAXIMUM_CONCURRENCY = 1250;

/** An event source mapping of a queue. */
export function queuePoller(engine: EngineContext, { logicalId, properties }: ResolvedResource): QueuePoller {
  const { world, clock, hops, deployment } = engine;
  const queue = world.queue(String(properties['EventSourceArn']));
  const consumer = consumerOf(engine, properties);
  // Lambda refuses such a mapping (docs.aws.amazon.com/lambda: services-sqs-configure).
  if (queue.visibilityTimeout < consumer.definition.timeout) {
    throw new Error(
      `${logicalId}: AWS refuses a queue whose visibility timeout (${queue.visibilityTimeout} s) is less than the timeout ` +
        `of its function (${consumer.definition.timeout} s)`,
    );
  }
  const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
  const mapping = {
    batchSize: Number(properties['BatchSize'] ?? 10),
    batchingWindow: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
    maximumConcurrency: scaling?.MaximumConcurrency ?? MAXIMUM_CONCURRENCY,
    partialResponses: reportsItems(properties),
    filters: filtersOf(properties['FilterCriteria']),
  };
  return new QueuePoller(queue, consumer, mapping, {
    clock,
    hops,
    region: deployment.region,
  });
}

/** An event source mapping of a table's stream. */
export function streamMapping(
  engine: EngineContext,
  { logicalId, properties }: ResolvedResource,
  { keep }: Destinations,
): StreamReader<StreamRecord> {
  const consumer = consumerOf(engine, properties);
  const { OnFailure } = (properties['DestinationConfig'] ?? {}) as { OnFailure?: { Destination?: string } };
  const source: StreamSource = {
    batchSize: Number(properties['BatchSize'] ?? 100),
    batchingWindow: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
    filters: filtersOf(properties['FilterCriteria']),
    retryAttempts: Number(properties['MaximumRetryAttempts'] ?? -1),
    maximumRecordAge: Number(properties['MaximumRecordAgeInSeconds'] ?? -1),
    bisects: properties['BisectBatchOnFunctionError'] === true,
  };
  if (Number(properties['ParallelizationFactor'] ?? 1) > 1 || properties['TumblingWindowInSeconds'] !== undefined) {
    throw new Error(`${logicalId}: ParallelizationFactor and TumblingWindowInSeconds are not known here`);
  }
  const handle = async (entries: readonly Entry<StreamRecord>[]) => {
    const records = entries.map(({ record }) => record);
    const answer = (await consumer.invoke({ Records: records })) as
      | { batchItemFailures?: { itemIdentifier: string }[] }
      | undefined;
    observeAge(engine, `stream to ${consumer.definition.service}`, entries);
    const [first] = reportsItems(properties) ? (answer?.batchItemFailures ?? []) : [];
    if (first === undefined) return records.length;
    return records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === first.itemIdentifier);
  };
  return reader(engine, String(properties['EventSourceArn']), source, handle, (streamArn, records, why) =>
    keepPosition(keep, OnFailure?.Destination, streamArn, records, why),
  );
}

/** A pipe from a table's stream to a bus or a topic (docs.aws.amazon.com/eventbridge: eb-pipes). */
export function pipe(
  engine: EngineContext,
  { logicalId, name, properties }: ResolvedResource,
  { keep }: Destinations,
): StreamReader<StreamRecord> {
  const { DynamoDBStreamParameters: stream, FilterCriteria } = (properties['SourceParameters'] ?? {}) as {
    DynamoDBStreamParameters?: Record<string, unknown>;
    FilterCriteria?: unknown;
  };
  if (stream === undefined) throw new Error(`${logicalId}: the source ${properties['Source']} is not known here`);
  const { EventBridgeEventBusParameters: bus, InputTemplate = '' } = (properties['TargetParameters'] ?? {}) as {
    EventBridgeEventBusParameters?: { Source: string; DetailType: string };
    InputTemplate?: string;
  };
  const target = String(properties['Target']);
  if (bus === undefined && !target.includes(':sns:'))
    throw new Error(`${logicalId}: the target ${target} is not known here`);
  const enrichment =
    properties['Enrichment'] === undefined ? undefined : engine.functionOf(String(properties['Enrichment']));
  const source: StreamSource = {
    batchSize: Number(stream['BatchSize'] ?? 100),
    batchingWindow: Number(stream['MaximumBatchingWindowInSeconds'] ?? 0),
    filters: filtersOf(FilterCriteria),
    retryAttempts: Number(stream['MaximumRetryAttempts'] ?? -1),
    maximumRecordAge: Number(stream['MaximumRecordAgeInSeconds'] ?? -1),
    bisects: stream['OnPartialBatchItemFailure'] === 'AUTOMATIC_BISECT',
  };
  const restarts = engine.random(`restarts of ${logicalId}`);
  const measure = (metric: string) => engine.metrics.put('AWS/EventBridge/Pipes', metric, { PipeName: name }, 1);
  const handle = async (entries: readonly Entry<StreamRecord>[]) => {
    const records = entries.map(({ record }) => record);
    try {
      const events = enrichment === undefined ? records : ((await enrichment.invoke(records)) as unknown[]);
      for (const event of events) {
        const input = fillTemplate(InputTemplate, event);
        if (bus !== undefined) engine.bus?.put(bus.Source, String(valueAt(event, bus.DetailType)), input);
        else await engine.world.publish(target, { message: JSON.stringify(input) });
      }
      if (restarts() < (engine.faults.pipeRestarts ?? 0)) throw new Failure('The pipe restarts before its checkpoint');
      observeAge(engine, bus === undefined ? 'table to topic' : 'outbox to bus', entries);
      measure('Invocations');
      return records.length;
    } catch (error) {
      measure('ExecutionFailed');
      throw error;
    }
  };
  const deadLetters = (stream['DeadLetterConfig'] as { Arn?: string } | undefined)?.Arn;
  return reader(engine, String(properties['Source']), source, handle, (streamArn, records, why) =>
    keepPosition(keep, deadLetters, streamArn, records, why),
  );
}

function reader(
  engine: EngineContext,
  streamArn: string,
  source: StreamSource,
  handle: StreamHandling<StreamRecord>['handle'],
  giveUp: (
    streamArn: string,
    records: readonly StreamRecord[],
    why: Parameters<StreamHandling<StreamRecord>['giveUp']>[1],
  ) => Promise<void>,
): StreamReader<StreamRecord> {
  const handling: StreamHandling<StreamRecord> = {
    handle,
    giveUp: (records, why) => giveUp(streamArn, records, why),
  };
  return new StreamReader(engine.world.stream(streamArn), source, handling, engine.clock);
}

/** Keeps where records are to be found, not the records (docs.aws.amazon.com/lambda: services-ddb-errors). */
async function keepPosition(
  keep: Destinations['keep'],
  destination: string | undefined,
  streamArn: string,
  records: readonly StreamRecord[],
  condition: string,
): Promise<void> {
  if (destination === undefined) return;
  const DDBStreamBatchInfo = {
    startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
    endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
    batchSize: records.length,
    streamArn,
  };
  await keep(destination, { requestContext: { condition }, DDBStreamBatchInfo });
}

function observeAge({ hops, clock }: EngineContext, hop: string, entries: readonly Entry<StreamRecord>[]): void {
  for (const { at } of entries) hops.observe(hop, clock.now() - at);
}

function reportsItems(properties: ResolvedResource['properties']): boolean {
  return ((properties['FunctionResponseTypes'] ?? []) as string[]).includes('ReportBatchItemFailures');
}

function consumerOf(engine: EngineContext, properties: ResolvedResource['properties']) {
  const reference = String(properties['FunctionName']);
  // Mappings may name a function by its name.
  const named = engine.template.ofType('AWS::Lambda::Function').find(({ name }) => name === reference);
  return engine.functionOf(named?.arn ?? reference);
}

function filtersOf(criteria: unknown): EventPattern[] {
  const { Filters = [] } = (criteria ?? {}) as { Filters?: { Pattern: string }[] };
  return Filters.map(({ Pattern }) => JSON.parse(Pattern) as EventPattern);
}
