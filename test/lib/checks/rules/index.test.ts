import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../../../../lib/checks/rules';

const tests = readdirSync(__dirname, { recursive: true }).map(String);

it('each rule has a test of its own in which it objects', () => {
  const without = RULES.filter(({ id }) => {
    const file = tests.find((each) => each.endsWith(`/${id}.test.ts`));
    return file === undefined || !/'violation'|bounds\(|mustBe\(/.test(readFileSync(join(__dirname, file), 'utf8'));
  });
  expect(without.map(({ id }) => id)).toEqual([]);
});

it('each rule has an id of its own', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});
