import { expect, it } from 'vitest';
import { nameWithNeeds, needsIn, skipTable } from './needs';

it('reads what a group needs from its name', () => {
  expect(needsIn(nameWithNeeds('items', ['PostgreSQL', 'Redis']))).toEqual(['PostgreSQL', 'Redis']);
  expect(needsIn('items [needs a rest]')).toEqual([]);
  expect(needsIn('items')).toEqual([]);
});

it('counts what was skipped by its reason, each with what ends it', () => {
  const inGroup = (...needs: Parameters<typeof nameWithNeeds>[1]) => ({
    names: ['a test', nameWithNeeds('group', needs)],
  });
  const table = skipTable([inGroup('Redis'), inGroup('Redis', 'PostgreSQL'), { names: ['alone'] }, inGroup('Redis')]);
  expect(table.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['2 tests', 'Redis', 'apt-get install redis-server'],
    ['1 test', 'PostgreSQL and Redis', 'apt-get install postgresql redis-server'],
    ['1 test', 'marked as skipped in the code', 'unskip them'],
  ]);
});
