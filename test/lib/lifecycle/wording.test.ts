import { expect, it } from 'vitest';
import { byCount, listed } from '../../../lib/lifecycle/wording';

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b, c'],
  [['a', 'b', 'c', 'd'], 'a, b, c, d'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('%j is listed as "%s"', (names, text) => {
  expect(listed(names)).toBe(text);
});

it('says one thing of one, and another of none or several', () => {
  expect([[], [1], [1, 2]].map((things) => byCount(things, 'is', 'are'))).toEqual(['are', 'is', 'are']);
});
