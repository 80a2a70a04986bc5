import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handleMessages } from '../../../lib/runtime/message-batch';
import { logger, metrics } from '../../../lib/runtime/observability';

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const record = (messageId: string, body: string, eventSource = 'aws:sqs') =>
  ({ messageId, body, eventSource, eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:work' }) as SQSRecord;
const batch = (...Records: SQSRecord[]): SQSEvent => ({ Records });
beforeEach(() => {
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a batch of messages', () => {
  it('reports what failed alone, and what is no JSON', async () => {
    const handled: unknown[] = [];
    const handler = handleMessages(async (body) => {
      if ((body as { n: number }).n === 2) throw new Error('not today');
      handled.push(body);
    });
    const event = batch(record('a', '{"n":1}'), record('b', '{"n":2}'), record('c', 'no JSON'), record('d', '{"n":4}'));
    const { batchItemFailures } = await handler(event, context);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['b', 'c']);
    expect(handled).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it('that fails whole is reported message by message', async () => {
    const handler = handleMessages(async () => {
      throw new Error('not today');
    });
    const { batchItemFailures } = await handler(batch(record('a', '{}'), record('b', '{}')), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }]);
  });

  it.each([
    ['aws:sns', 'aws:sns'],
    ['aws:sqs', 'aws:sns'],
    ['aws:sns', 'aws:sqs'],
  ])('comes from a queue, and from nowhere else: %s and %s', async (...sources) => {
    const handle = vi.fn(async () => undefined);
    const event = batch(...sources.map((source, index) => record(String(index), '{}', source)));
    await expect(handleMessages(handle)(event, context)).rejects.toThrow('messages of an SQS queue');
    expect(handle).not.toHaveBeenCalled();
  });

  it.each([true, false])('sends its metrics if it has some (%s), when it failed, too', async (has) => {
    vi.spyOn(metrics, 'hasStoredMetrics').mockReturnValue(has);
    const publish = vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
    await handleMessages(async () => undefined)(batch(record('a', '{}')), context);
    await handleMessages(async () => Promise.reject(new Error('no')))(batch(record('a', '{}')), context);
    expect(publish).toHaveBeenCalledTimes(has ? 2 : 0);
  });
});
