import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../../../../lib/checks/rules';

it('each rule has a test of its own in which it objects', () => {
  const without = RULES.filter(({ id }) => {
    const file = join(__dirname, `${id}.test.ts`);
    return !existsSync(file) || !/'violation'|bounds\(|mustBe\(/.test(readFileSync(file, 'utf8'));
  });
  expect(without.map(({ id }) => id)).toEqual([]);
});

it('each rule has an id of its own', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});
