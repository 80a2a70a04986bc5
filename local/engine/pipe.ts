import type { ResolvedResource } from '../assembly/resolved-template';
import { streamRecordBytes } from '../aws/dynamodb/stream-record';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { Entry } from '../aws/stream';
import { enforce, exceeds, refused } from '../limits/limit';
import { PIPES_LIMITS } from '../limits/pipes';
import { SNS_LIMITS } from '../limits/sns';
import { PIPE_FILTER } from '../matching/pattern-dialect';
import type { EngineContext } from './context';
import type { Destinations } from './destinations';
import { Failure } from './failure';
import { filledText, fillTemplate, valueAt } from './input-template';
import { filtersOf, observeAge, TABLE_STREAM_SECONDS, tablePosition } from './mappings';
import { StreamReader, type StreamSource, startingPosition } from './stream-reader';

const { rows: LIMITS } = PIPES_LIMITS;

/** A target takes a batch whole, or tells how many records from its beginning it has taken. */
type Send = (events: readonly unknown[]) => Promise<number>;

/**
 * A pipe from a table's stream to a bus or a topic (docs.aws.amazon.com/eventbridge: eb-pipes).
 *
 * @throws AwsError for what CreatePipe refuses
 * @throws Error naming the pipe, for what is not known here
 */
export function pipe(
  engine: EngineContext,
  resource: ResolvedResource,
  { keep }: Destinations,
): StreamReader<StreamRecord> {
  const { arn, logicalId, name, properties } = resource;
  const { source, deadLetters } = sourceOf(resource);
  const { send, hop } = targetOf(engine, resource);
  const enrichment =
    properties['Enrichment'] === undefined ? undefined : engine.functionOf(String(properties['Enrichment']));
  const enriched = async (records: readonly StreamRecord[]): Promise<readonly unknown[]> => {
    if (enrichment === undefined) return records;
    if (exceeds(LIMITS.enrichmentRequest, Buffer.byteLength(JSON.stringify(records)))) {
      throw new Failure(`${logicalId}: the batch is too large for its enrichment`);
    }
    return (await enrichment.invoke(records)) as unknown[];
  };
  const restarts = engine.random(`restarts of ${logicalId}`);
  const measure = (metric: string) => engine.metrics.put('AWS/EventBridge/Pipes', metric, { PipeName: name }, 1);
  const handle = async (entries: readonly Entry<StreamRecord>[]) => {
    try {
      const events = await enriched(entries.map(({ record }) => record));
      if (exceeds(LIMITS.enrichedBatch, events.length)) {
        throw new Failure(`${logicalId}: ${events.length} events are more than the target takes`);
      }
      // An enrichment that returns nothing leaves nothing to send (pipes-enrichment).
      const taken = events.length === 0 ? 0 : await send(events);
      if (restarts() < (engine.faults.pipeRestarts ?? 0)) throw new Failure('The pipe restarts before its checkpoint');
      // What the target did not take goes through the whole pipe again (eb-pipes-batching-concurrency, partial batch failure).
      const done = taken < events.length ? (enrichment === undefined ? taken : 0) : entries.length;
      observeAge(engine, hop, entries.slice(0, done));
      measure(metricOf(done, entries.length));
      return done;
    } catch (error) {
      measure('ExecutionFailed');
      throw error;
    }
  };
  const streamArn = String(properties['Source']);
  const giveUp = async (records: readonly StreamRecord[], condition: string) => {
    if (deadLetters === undefined) return;
    // Where the records are, and not what they are (docs.aws.amazon.com/eventbridge: eb-pipes-error-troubleshooting).
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

function metricOf(done: number, all: number): string {
  if (done === all) return 'Invocations';
  return done === 0 ? 'ExecutionFailed' : 'ExecutionPartiallyFailed';
}

function sourceOf({ logicalId, properties }: ResolvedResource): { source: StreamSource; deadLetters?: string } {
  const { DynamoDBStreamParameters: stream, FilterCriteria } = (properties['SourceParameters'] ?? {}) as {
    DynamoDBStreamParameters?: Record<string, unknown>;
    FilterCriteria?: unknown;
  };
  if (stream === undefined) throw new Error(`${logicalId}: the source ${properties['Source']} is not known here`);
  const setting = (name: string, fallback: number, limit: Parameters<typeof enforce>[0]) => {
    const value = Number(stream[name] ?? fallback);
    enforce(limit, value, `${logicalId}: ${name} is ${value}`);
    return value;
  };
  const source = {
    batchSize: setting('BatchSize', 100, LIMITS.batchSize),
    batchingWindow: setting('MaximumBatchingWindowInSeconds', 0, LIMITS.batchingWindow),
    filters: filtersOf(FilterCriteria, LIMITS, PIPE_FILTER, logicalId),
    retryAttempts: setting('MaximumRetryAttempts', -1, LIMITS.retryAttempts),
    maximumRecordAge: setting('MaximumRecordAgeInSeconds', -1, LIMITS.recordAge),
    retention: TABLE_STREAM_SECONDS,
    bisects: stream['OnPartialBatchItemFailure'] === 'AUTOMATIC_BISECT',
    from: startingPosition(logicalId, stream['StartingPosition']),
  };
  return { source, deadLetters: (stream['DeadLetterConfig'] as { Arn?: string } | undefined)?.Arn };
}

function targetOf(engine: EngineContext, { logicalId, properties }: ResolvedResource): { send: Send; hop: string } {
  const { EventBridgeEventBusParameters: bus, InputTemplate = '' } = (properties['TargetParameters'] ?? {}) as {
    EventBridgeEventBusParameters?: { Source: string; DetailType: string };
    InputTemplate?: string;
  };
  enforce(LIMITS.inputTemplate, InputTemplate.length, `${logicalId}: a template of ${InputTemplate.length} characters`);
  const target = String(properties['Target']);
  if (bus !== undefined) {
    const send: Send = async (events) => {
      const entries = events.map((event) => {
        const type = valueAt(event, bus.DetailType);
        if (typeof type !== 'string') throw new Failure(`${logicalId}: ${bus.DetailType} leads to no text`);
        return { source: bus.Source, detailType: type, detail: filledText(InputTemplate, event) };
      });
      if (engine.bus === undefined) throw new Error(`${logicalId}: there is no bus`);
      const failed = engine.bus.putEvents(entries).findIndex((code) => code !== undefined);
      return failed === -1 ? events.length : failed;
    };
    return { send, hop: 'outbox to bus' };
  }
  if (!target.includes(':sns:')) throw new Error(`${logicalId}: the target ${target} is not known here`);
  if (target.endsWith('.fifo')) throw refused(LIMITS.fifoTopic, `${logicalId}: ${target} is a FIFO topic`);
  const send: Send = async (events) => {
    const messages = events.map((event) => JSON.stringify(fillTemplate(InputTemplate, event)));
    // A batch for a topic is one PublishBatch; AWS does not say that Pipes would divide it.
    enforce(
      SNS_LIMITS.rows.batchSize,
      messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0),
    );
    for (const message of messages) await engine.world.publish(target, { message });
    return messages.length;
  };
  return { send, hop: 'table to topic' };
}
