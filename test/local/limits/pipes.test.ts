import { expect } from 'vitest';
import { PIPES_LIMITS } from '../../../local/limits/pipes';
import { PipeFixture, TOPIC } from '../engine/pipe-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const setting = (name: string) => (value: number) => new PipeFixture({ stream: { [name]: value } });
const textOf = (length: number) => 'x'.repeat(Math.max(0, length));

testEachLimit(PIPES_LIMITS, {
  batchSize: (limit) => onBothSides(limit, setting('BatchSize')),
  batchingWindow: (limit) => onBothSides(limit, setting('MaximumBatchingWindowInSeconds')),
  retryAttempts: (limit) => onBothSides(limit, setting('MaximumRetryAttempts')),
  recordAge: (limit) => onBothSides(limit, setting('MaximumRecordAgeInSeconds')),
  inputTemplate: (limit) => onBothSides(limit, (length) => new PipeFixture({ template: textOf(length) })),
  filters: (limit) =>
    onBothSides(
      limit,
      (count) => new PipeFixture({ filters: Array.from({ length: Math.max(0, count) }, () => '{"a":["x"]}') }),
    ),
  filterPattern: async ({ max, error }) => {
    const filter = (length: number) => () =>
      new PipeFixture({ filters: [length === 0 ? '' : `{"a":["${textOf(length - 10)}"]}`] });
    for (const length of [11, max - 1, max]) expect(await outcome(filter(length))).toBeUndefined();
    for (const length of [0, max + 1, max + 100]) expect(await outcome(filter(length))).toBe(error);
  },
  filterOperator: async ({ error }) => {
    const filter = (alternative: unknown) => () => new PipeFixture({ filters: [JSON.stringify({ a: [alternative] })] });
    for (const not of [
      { wildcard: 'a*' },
      { cidr: '10.0.0.0/8' },
      { 'anything-but': { prefix: 'a' } },
      { like: 'a' },
    ]) {
      expect(await outcome(filter(not))).toBe(error);
    }
    for (const fine of [
      { suffix: 'a' },
      { prefix: { 'equals-ignore-case': 'a' } },
      { 'anything-but': ['a'] },
      'INSERT',
    ]) {
      expect(await outcome(filter(fine))).toBeUndefined();
    }
    expect(await outcome(() => new PipeFixture({ filters: ['{'] }))).toBe(error);
  },
  fifoTopic: async ({ error }) => {
    expect(await outcome(() => new PipeFixture({ target: `${TOPIC}.fifo` }))).toBe(error);
  },
  enrichedBatch: async ({ max }) => {
    const enriching = (count: number) =>
      new PipeFixture({ enrich: () => Array.from({ length: count }, (_, value) => ({ value })) });
    const [most, tooMany] = [enriching(max), enriching(max + 1)];
    await most.put({});
    await tooMany.put({});
    expect([most.published.length, most.kept.length]).toEqual([max, 0]);
    expect([tooMany.published.length, tooMany.kept.length]).toEqual([0, 1]);
  },
  enrichmentRequest: async ({ max }) => {
    const sizes: number[] = [];
    const fixture = new PipeFixture({
      enrich: (records) => {
        sizes.push(JSON.stringify(records).length);
        return [];
      },
    });
    await fixture.put({ value: '' });
    const around = sizes.pop() ?? 0;
    await fixture.put({ value: textOf(max - around) });
    expect([sizes, fixture.kept]).toEqual([[max], []]);
    await fixture.put({ value: textOf(max - around + 1) });
    expect([sizes, fixture.kept.length]).toEqual([[max], 1]);
  },
});
