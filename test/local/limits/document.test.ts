import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIMIT_TABLES } from '../../../local/limits';
import { limitsDocument } from '../../../local/limits/document';

it('is the document that the tables make; otherwise run: npm run report', () => {
  expect(readFileSync('local/LIMITS.md', 'utf8')).toBe(limitsDocument());
});

it('has for each row a page of AWS, and either an error or an effect', () => {
  for (const { service, rows } of LIMIT_TABLES) {
    for (const [name, { error, effect, source }] of Object.entries(rows)) {
      const where = `${service} ${name}`;
      expect(source, where).toMatch(/^docs\.aws\.amazon\.com\/\S+$/);
      expect(
        [error, effect].filter((each) => each !== undefined),
        where,
      ).toHaveLength(1);
    }
  }
});
