import type { ResolvedResource } from '../assembly/resolved-template';
import { type StreamRecord, streamRecordBytes } from '../aws/dynamodb/stream-record';
import type { Entry } from '../aws/stream';
import type { EngineContext } from './context';
import type { Destinations } from './destinations';
import { Failure } from './failure';
import { fillTemplate, valueAt } from './input-template';
import { checkQueueMapping } from './mapping-limits';
import { consumerOf, filtersOf, observeAge, reportsItems, TABLE_STREAM_SECONDS, tablePosition } from './mappings';
import { QueuePoller } from './queue-poller';
import { StreamReader, type StreamSource, startingPosition } from './stream-reader';

/** AWS: Lambda, what an event source mapping of a queue can have at most. */
const MAXIMUM_CONCURRENCY = 1250;

/** An event source mapping of a queue. */
export function queuePoller(engine: EngineContext, { properties }: ResolvedResource): QueuePoller {
  const { world, clock, hops, deployment } = engine;
  const queue = world.queue(String(properties['EventSourceArn']));
  const consumer = consumerOf(engine, properties);
  const { name, visibilityTimeout } = queue;
  checkQueueMapping(properties, { name, visibilityTimeout, functionTimeout: consumer.definition.timeout });
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

/** A pipe from a table's stream to a bus or a topic (docs.aws.amazon.com/eventbridge: eb-pipes). */
export function pipe(
  engine: EngineContext,
  { logicalId, name, arn, properties }: ResolvedResource,
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
    retention: TABLE_STREAM_SECONDS,
    bisects: stream['OnPartialBatchItemFailure'] === 'AUTOMATIC_BISECT',
    from: startingPosition(logicalId, stream['StartingPosition']),
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
  const streamArn = String(properties['Source']);
  const giveUp = async (records: readonly StreamRecord[], condition: string) => {
    if (deadLetters === undefined) return;
    // As Pipes words it (docs.aws.amazon.com/eventbridge: eb-pipes-error-troubleshooting, sample of a dead letter).
    await keep(deadLetters, {
      context: { partnerResourceArn: arn, condition },
      version: '1.0',
      timestamp: new Date(engine.clock.now()).toISOString(),
      DDBStreamBatchInfo: tablePosition(engine.world.stream(streamArn), streamArn, records),
    });
  };
  return new StreamReader(
    engine.world.stream(streamArn),
    source,
    { handle, giveUp, bytesOf: streamRecordBytes },
    engine.clock,
  );
}
