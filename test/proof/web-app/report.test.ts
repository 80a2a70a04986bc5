import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { webAppReport } from './report';

it('the report is what `npm run report` writes today', () => {
  const file = join(__dirname, '../../../patterns/web-app/GOTCHAS.md');
  expect(readFileSync(file, 'utf8')).toBe(webAppReport());
});
