import { expect } from 'vitest';
import { mappingFilters } from '../../../local/engine/mappings';
import { EVENT_FILTER_LIMITS } from '../../../local/limits/event-filters';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const filters = (...patterns: readonly string[]) =>
  mappingFilters({
    logicalId: 'Mapping',
    type: 'AWS::Lambda::EventSourceMapping',
    name: 'm',
    attributes: {},
    properties: { FilterCriteria: { Filters: patterns.map((Pattern) => ({ Pattern })) } },
  });
const pattern = (...alternatives: readonly unknown[]) => JSON.stringify({ body: { a: alternatives } });
const sized = (length: number) => (length < 10 ? '' : `{"a":["${'x'.repeat(length - 10)}"]}`);

testEachLimit(EVENT_FILTER_LIMITS, {
  filters: (limit) =>
    onBothSides(limit, (count) => filters(...Array.from({ length: Math.max(0, count) }, () => pattern('x')))),
  filterPattern: async (limit) => {
    expect(await outcome(() => filters(''))).toBe(limit.error);
    for (const length of [10, limit.max - 1, limit.max]) expect(filters(sized(length))).toHaveLength(1);
    for (const length of [limit.max + 1, limit.max * 2])
      expect(await outcome(() => filters(sized(length)))).toBe(limit.error);
  },
  filterOperator: async ({ error }) => {
    const not = [
      'x',
      '[]',
      '{"a":"x"}',
      pattern({ wildcard: 'a*' }),
      pattern({ cidr: '10.0.0.0/8' }),
      pattern({ 'anything-but': { prefix: 'a' } }),
      pattern({ prefix: { 'equals-ignore-case': 'a' } }),
      pattern({ numeric: ['>', 5_000_000_001] }),
    ];
    for (const each of not) expect([each, await outcome(() => filters(each))]).toEqual([each, error]);
    const fine = [
      { prefix: 'a' },
      { suffix: 'a' },
      { 'equals-ignore-case': 'a' },
      { exists: true },
      { 'anything-but': ['a'] },
    ];
    for (const each of [...fine, { numeric: ['>', 0, '<=', 9] }, null, '', 1])
      expect(filters(pattern(each))).toHaveLength(1);
  },
});
