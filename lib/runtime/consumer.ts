import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { cancellationOf, isContention } from './cancelled-transaction';
import { Environment, HANDLED_EVENT_MEMORY_DAYS, OutboxKeys, TableKeys } from './contract';
import { documents } from './document-client';
import { requiredVariable } from './environment';
import { logger, metrics } from './observability';

/** What every event carries, whatever else it holds. */
export interface IdentifiedEvent {
  /** The same however often the event is delivered. */
  readonly id: string;
  /** ISO 8601. */
  readonly occurredAt: string;
}

/** A fact that a service publishes. */
export interface Fact {
  /** Its name on the bus, for example `payment.captured`. */
  readonly type: string;
  /** Its content; `id` must be the same however often the fact is told. */
  readonly detail: Readonly<Record<string, unknown>> & IdentifiedEvent;
}

/** What a service decides to do about an event: values, so that the frame can commit all or nothing. */
export interface Decision {
  /** Items to put into the service's own table; `pk` names each. At most 90. @default - none */
  readonly effects?: readonly (Readonly<Record<string, unknown>> & { readonly pk: string })[];
  /** Facts to publish. @default - none */
  readonly facts?: readonly Fact[];
}

/** A service's handler in two pure-looking parts; see {@link consume}. */
export interface Service<E extends IdentifiedEvent> {
  /** Reads a message's body. Throws for what is not an event: the message then goes to the dead-letter queue. */
  readonly parse: (body: unknown) => E;
  /** Decides. It may read, but must not write: what it returns is written once, however often it is asked. */
  readonly decide: (event: E) => Decision | Promise<Decision>;
}

const FACT_MEMORY_DAYS = 7;

/**
 * A transaction that meets another one at an item, such as that of a duplicate, or a throttled table is tried again here: under a
 * second in all. The SDK does not retry a cancelled transaction, and a failed message would wait for its visibility timeout.
 */
const MAX_COMMIT_ATTEMPTS = 4;
const COMMIT_PAUSE_MS = 25;

/**
 * Makes an SQS handler. For each message one transaction writes the marker that the event was handled, the effects and
 * the facts: a crash at any moment leaves all of it or none, and a duplicate finds the marker and does nothing. A message
 * that fails is reported alone, and its batch goes on.
 */
export function consume<E extends IdentifiedEvent>(
  service: Service<E>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const serviceTable = requiredVariable(Environment.serviceTable);
  const standard = new BatchProcessor(EventType.SQS);
  const fifo = new SqsFifoPartialProcessorAsync();

  const handle = async (record: SQSRecord): Promise<void> => {
    try {
      const event = service.parse(JSON.parse(record.body));
      const decision = await service.decide(event);
      const outcome = await commit(event, decision, serviceTable);
      metrics.addMetric(outcome === 'handled' ? 'EventsHandled' : 'DuplicatesAbsorbed', MetricUnit.Count, 1);
      metrics.addMetric('OutboxLag', MetricUnit.Milliseconds, Math.max(0, Date.now() - Date.parse(event.occurredAt)));
    } catch (error) {
      logger.error('Message failed', { messageId: record.messageId, error: error as Error });
      throw error;
    }
  };

  return async (event, context) => {
    // Anything else would be reported as handled: its records have no body to fail on and no id to report.
    if (!event.Records.every(({ eventSource }) => eventSource === 'aws:sqs')) {
      throw new Error('This function handles messages of an SQS queue; give it one, and an event source mapping');
    }
    const isFifo = event.Records[0]?.eventSourceARN.endsWith('.fifo') === true;
    try {
      // Reports every failure by id: an error of the whole invocation would return the good messages too. In a FIFO
      // queue the failed message holds back its own group, and no other.
      const options = { context, throwOnFullBatchFailure: false };
      return isFifo
        ? await processPartialResponse(event, handle, fifo, { ...options, skipGroupOnError: true })
        : await processPartialResponse(event, handle, standard, options);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

async function commit(
  event: IdentifiedEvent,
  decision: Decision,
  serviceTable: string,
): Promise<'handled' | 'duplicate'> {
  const marker = {
    Put: {
      TableName: serviceTable,
      Item: { [TableKeys.partition]: `event#${event.id}`, [TableKeys.expiresAt]: inDays(HANDLED_EVENT_MEMORY_DAYS) },
      ConditionExpression: `attribute_not_exists(${TableKeys.partition})`,
    },
  };
  const effects = (decision.effects ?? []).map((Item) => ({ Put: { TableName: serviceTable, Item: { ...Item } } }));
  const facts = (decision.facts ?? []).map((fact) => ({
    Put: {
      // Asked for here: a service that publishes nothing has no outbox.
      TableName: requiredVariable(Environment.outboxTable),
      Item: {
        [TableKeys.partition]: fact.detail.id,
        [TableKeys.expiresAt]: inDays(FACT_MEMORY_DAYS),
        [OutboxKeys.type]: fact.type,
        [OutboxKeys.occurredAt]: fact.detail.occurredAt,
        [OutboxKeys.detail]: fact.detail,
      },
    },
  }));
  const TransactItems: TransactWriteCommandInput['TransactItems'] = [marker, ...effects, ...facts];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems }));
      return 'handled';
    } catch (error) {
      // The marker is the one item with a condition.
      if (cancellationOf(error) === 'condition') return 'duplicate';
      if (attempt === MAX_COMMIT_ATTEMPTS || !isContention(error)) throw error;
      await pause(COMMIT_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function inDays(days: number): number {
  return Math.floor(Date.now() / 1000) + days * 86_400;
}
