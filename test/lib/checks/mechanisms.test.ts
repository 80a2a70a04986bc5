import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../lib/catalogue/catalogue';
import { mechanismsOf } from '../../../lib/checks/mechanisms';
import { RULES } from '../../../lib/checks/rules';

it('names a rule where there is one, and nowhere else', () => {
  expect(mechanismsOf('sqs-dlq-required')).toEqual(['refused at synth', 'construct default', 'rule']);
  const named = CATALOGUE.filter(({ id }) => mechanismsOf(id).includes('rule')).map(({ id }) => id);
  expect([...named].sort()).toEqual(RULES.map(({ id }) => id).sort());
});

it('is at least one for each gotcha of tier 1 and 2', () => {
  const open = CATALOGUE.filter(({ id, tier }) => tier < 3 && mechanismsOf(id).length === 0);
  expect(open.map(({ id }) => id)).toEqual([]);
});
