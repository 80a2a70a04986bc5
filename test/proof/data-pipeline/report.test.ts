import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataPipelineReport } from './report';

it('the report is what `npm run report` writes today', () => {
  const file = join(__dirname, '../../../patterns/data-pipeline/GOTCHAS.md');
  expect(readFileSync(file, 'utf8')).toBe(dataPipelineReport());
});
