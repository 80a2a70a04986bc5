// @project memory
// @node24

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';

beforeEach(() => {
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const event = { event_id: 'e', event_type: 'click', occurred_at: '2026-11-24T10:00:00Z', session_id: 's', page: '/' };
const transformed = async (...texts: string[]) => {
  const { handler } = await import('../../../../patterns/data-pipeline/handlers/transform-events.js');
  const records = texts.map((text, index) => ({
    recordId: String(index),
    approximateArrivalTimestamp: 1,
    data: Buffer.from(text).toString('base64'),
  }));
  const answer = await handler({ records, invocationId: 'i', deliveryStreamArn: 'arn', region: 'eu-west-1' });
  return answer.records.map(({ recordId, result }) => [recordId, result]);
};

it('answers each record, and tells how many are no events', async () => {
  const good = JSON.stringify(event);
  expect(await transformed(good, 'x', good, 'y')).toEqual([
    ['0', 'Ok'],
    ['1', 'ProcessingFailed'],
    ['2', 'Ok'],
    ['3', 'ProcessingFailed'],
  ]);
  expect(logger.warn).toHaveBeenCalledWith(expect.any(String), { failed: 2, of: 4 });
});

it('has nothing to tell when all are', async () => {
  expect(await transformed(JSON.stringify(event))).toEqual([['0', 'Ok']]);
  expect(logger.warn).not.toHaveBeenCalled();
});
