import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { genAiRagReport } from './report';

it('the report is what `npm run report` writes today', () => {
  const file = join(__dirname, '../../../patterns/genai-rag/GOTCHAS.md');
  expect(readFileSync(file, 'utf8')).toBe(genAiRagReport());
});
