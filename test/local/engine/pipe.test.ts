import { describe, expect, it } from 'vitest';
import { SNS_LIMITS } from '../../../local/limits/sns';
import { PipeFixture } from './pipe-fixture';

const FACT = { type: 'order.placed', value: { id: 1 } };

describe('a pipe to a bus', () => {
  const details = ({ bus }: PipeFixture) => bus.archive.map(({ detail }) => detail);

  it('tries again what the bus refused of a batch, and what came after it', async () => {
    const fixture = new PipeFixture({ toBus: true, stream: { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' } });
    await fixture.put(FACT, { ...FACT, value: [2] }, { ...FACT, value: { id: 3 } });
    // The second detail is no object. The third is put with it, with it again, and alone; the first once.
    expect(details(fixture)).toEqual([{ id: 1 }, { id: 3 }, { id: 3 }, { id: 3 }]);
    const counts = ['ExecutionPartiallyFailed', 'ExecutionFailed'].map((name) => fixture.metrics.total(name));
    expect(counts).toEqual([1, 2]);
    expect(fixture.kept).toEqual([
      {
        context: {
          partnerResourceArn: 'arn:aws:pipes:eu-west-1:111111111111:pipe/pipe',
          condition: 'RetryAttemptsExhausted',
        },
        version: '1.0',
        timestamp: '2026-01-01T00:00:00.000Z',
        DDBStreamBatchInfo: expect.objectContaining({ startSequenceNumber: '1', batchSize: 1 }),
      },
    ]);
  });

  it.each([
    ['no type', { value: {} }],
    ['a type that is no text', { type: 1, value: {} }],
    ['a type that is too long', { type: 'x'.repeat(129), value: {} }],
    ['no value', { type: 'a' }],
  ])('does not take a record with %s', async (_, record) => {
    const fixture = new PipeFixture({ toBus: true });
    await fixture.put(record);
    expect([details(fixture), fixture.kept.length]).toEqual([[], 1]);
  });

  it('fails a batch that is too large as a whole, and sends it in halves', async () => {
    const fixture = new PipeFixture({ toBus: true, stream: { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' } });
    const large = { type: 'a', value: { text: 'x'.repeat(140_000) } };
    await fixture.put(large, large);
    expect([details(fixture).length, fixture.kept.length]).toEqual([2, 0]);
    expect(fixture.metrics.total('ExecutionFailed')).toBe(1);
  });
});

describe('a pipe to a topic', () => {
  it('fails a batch that is too large as a whole, and sends it in halves', async () => {
    const fixture = new PipeFixture({ stream: { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' } });
    const half = { value: 'x'.repeat(SNS_LIMITS.rows.batchSize.max / 2 - 2) };
    await fixture.put(half, half);
    expect([fixture.published.length, fixture.metrics.total('ExecutionFailed')]).toEqual([2, 0]);
    await fixture.put(half, { value: `${half.value}x` });
    expect([fixture.published.length, fixture.metrics.total('ExecutionFailed')]).toEqual([4, 1]);
    expect(fixture.kept).toEqual([]);
  });

  it('publishes nothing of a batch of which a template cannot be filled', async () => {
    const fixture = new PipeFixture();
    await fixture.put({ value: 1 }, { other: 2 });
    expect([fixture.published, fixture.kept.length]).toEqual([[], 1]);
  });

  it('has nothing to send when its enrichment returns nothing', async () => {
    const fixture = new PipeFixture({ enrich: () => [] });
    await fixture.put({ value: 1 });
    expect([fixture.published, fixture.kept]).toEqual([[], []]);
  });
});
