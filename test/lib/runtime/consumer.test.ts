import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consume, type Decision } from '../../../lib/runtime/consumer';
import { documents } from '../../../lib/runtime/document-client';
import { logger, metrics } from '../../../lib/runtime/observability';

const DAY_SECONDS = 24 * 60 * 60;
/** A fraction of a second: an expiry is of whole ones. */
const NOW = Date.parse('2026-11-24T10:00:00.999Z');
const SECONDS = Math.floor(NOW / 1000);

let written: TransactWriteCommandInput[];
/** What the table says to each transaction, in turn; then it takes them. */
let refusals: unknown[];
let pauses: unknown[];

beforeEach(() => {
  [written, refusals, pauses] = [[], [], []];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.stubEnv('SERVICE_TABLE', 'service');
  vi.stubEnv('OUTBOX_TABLE', 'outbox');
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(metrics, 'addMetric').mockReturnValue(metrics);
  vi.spyOn(Math, 'random').mockReturnValue(0.25);
  vi.spyOn(documents, 'send').mockImplementation((async (command: TransactWriteCommand) => {
    expect(command).toBeInstanceOf(TransactWriteCommand);
    written.push(command.input);
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
  }) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Pauses take no time, and are noted. */
function pauseAtOnce(): void {
  const original = setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    pauses.push(ms);
    return original(run, 0);
  }) as never);
}

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const QUEUE = 'arn:aws:sqs:eu-west-1:111111111111:work';
interface Sent {
  readonly id: string;
  readonly occurredAt?: string;
  readonly group?: string;
}
const record = ({ id, occurredAt = '2026-11-24T09:59:59.499Z', group = 'g' }: Sent, queue = QUEUE): SQSRecord =>
  ({
    messageId: `message-${id}`,
    body: JSON.stringify({ id, occurredAt }),
    eventSource: 'aws:sqs',
    eventSourceARN: queue,
    attributes: { MessageGroupId: group },
  }) as unknown as SQSRecord;

const parse = (body: unknown) => {
  const event = body as { id: string; occurredAt: string };
  if (event.id.startsWith('bad')) throw new Error('no event');
  return event;
};
const consumer = (decision: Decision = {}) => consume({ parse, decide: () => decision });
const run = (event: SQSEvent, decision?: Decision) => consumer(decision)(event, context);
const failuresOf = async (event: SQSEvent) =>
  (await run(event)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const metric = (name: string, unit: string, value: number) =>
  expect(metrics.addMetric).toHaveBeenCalledWith(name, unit, value);

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('what a service decides', () => {
  it('is written at once, with a marker for 30 days and facts for 7', async () => {
    const detail = { id: 'paid:1', occurredAt: '2026-11-24T10:00:00Z', cents: 5 };
    const decision = { effects: [{ pk: 'payment#1', cents: 5 }], facts: [{ type: 'payment.captured', detail }] };
    expect(await run({ Records: [record({ id: '1' })] }, decision)).toEqual({ batchItemFailures: [] });
    expect(written).toEqual([
      {
        TransactItems: [
          {
            Put: {
              TableName: 'service',
              Item: { pk: 'event#1', expiresAt: SECONDS + 30 * DAY_SECONDS },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          { Put: { TableName: 'service', Item: { pk: 'payment#1', cents: 5 } } },
          {
            Put: {
              TableName: 'outbox',
              Item: {
                pk: 'paid:1',
                expiresAt: SECONDS + 7 * DAY_SECONDS,
                type: 'payment.captured',
                occurredAt: '2026-11-24T10:00:00Z',
                detail,
              },
            },
          },
        ],
      },
    ]);
    metric('EventsHandled', MetricUnit.Count, 1);
    metric('OutboxLag', MetricUnit.Milliseconds, 1500);
  });

  it('may be nothing, and then needs no outbox', async () => {
    vi.stubEnv('OUTBOX_TABLE', undefined);
    expect(await failuresOf({ Records: [record({ id: '1' })] })).toEqual([]);
    expect(written.map(({ TransactItems = [] }) => TransactItems.length)).toEqual([1]);
  });

  it('does nothing for an event that was handled before', async () => {
    refusals = [cancelled('ConditionalCheckFailed')];
    expect(await failuresOf({ Records: [record({ id: '1' })] })).toEqual([]);
    expect(written).toHaveLength(1);
    metric('DuplicatesAbsorbed', MetricUnit.Count, 1);
  });

  it('has no lag below nothing, whatever the clocks say', async () => {
    await run({ Records: [record({ id: '1', occurredAt: '2026-11-24T11:00:00.000Z' })] });
    metric('OutboxLag', MetricUnit.Milliseconds, 0);
  });
});

describe('a transaction that meets another', () => {
  const conflict = () => cancelled('None', 'TransactionConflict');

  it('is tried four times, and waits longer each time', async () => {
    pauseAtOnce();
    refusals = [conflict(), conflict(), conflict()];
    expect(await failuresOf({ Records: [record({ id: '1' })] })).toEqual([]);
    expect(written).toHaveLength(4);
    // 25 ms doubled at each try, by half to one and a half times, here by three quarters.
    expect(pauses.filter((ms) => ms !== 0)).toEqual([37.5, 75, 150]);
    metric('EventsHandled', MetricUnit.Count, 1);
  });

  it('is left to the queue after four tries', async () => {
    pauseAtOnce();
    refusals = [conflict(), conflict(), conflict(), conflict()];
    expect(await failuresOf({ Records: [record({ id: '1' })] })).toEqual(['message-1']);
    expect(written).toHaveLength(4);
  });

  it('is not tried again for what another try does not cure', async () => {
    refusals = [cancelled('ValidationError')];
    expect(await failuresOf({ Records: [record({ id: '1' })] })).toEqual(['message-1']);
    expect(written).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('reports alone what failed, and goes on, in a standard queue', async () => {
    const Records = ['bad', '2', 'bad3', '4'].map((id) => record({ id }));
    expect(await failuresOf({ Records })).toEqual(['message-bad', 'message-bad3']);
    expect(written).toHaveLength(2);
  });

  it('that fails whole is reported message by message', async () => {
    expect(await failuresOf({ Records: [record({ id: 'bad' })] })).toEqual(['message-bad']);
    expect(await failuresOf({ Records: [record({ id: 'bad' }, `${QUEUE}.fifo`)] })).toEqual(['message-bad']);
  });

  it('holds back what comes behind a failure in its own group, and no other, in a FIFO queue', async () => {
    const sent = [
      ['bad', 'one'],
      ['2', 'one'],
      ['3', 'two'],
    ] as const;
    const Records = sent.map(([id, group]) => record({ id, group }, `${QUEUE}.fifo`));
    expect(await failuresOf({ Records })).toEqual(['message-bad', 'message-2']);
    expect(written).toHaveLength(1);
  });

  it('of nothing is handled', async () => {
    expect(await failuresOf({ Records: [] })).toEqual([]);
  });

  it.each([
    ['aws:sns', 'aws:sns'],
    ['aws:sqs', 'aws:sns'],
    ['aws:sns', 'aws:sqs'],
  ])('comes from a queue, and from nowhere else: %s and %s', async (...sources) => {
    const Records = sources.map((eventSource, index) => ({ ...record({ id: String(index) }), eventSource }));
    await expect(run({ Records })).rejects.toThrow('messages of an SQS queue');
    expect(written).toEqual([]);
  });

  it.each([true, false])('sends its metrics if it has some (%s)', async (has) => {
    vi.spyOn(metrics, 'hasStoredMetrics').mockReturnValue(has);
    const publish = vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
    await run({ Records: [record({ id: '1' })] });
    expect(publish).toHaveBeenCalledTimes(has ? 1 : 0);
  });

  it('needs a table', () => {
    vi.stubEnv('SERVICE_TABLE', '');
    expect(() => consumer()).toThrow('Environment variable SERVICE_TABLE is not set');
  });
});
