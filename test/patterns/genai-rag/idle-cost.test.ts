import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { idleCost } from './idle-cost-fixture';

const ROOT = join(__dirname, '../../..');
const readme = readFileSync(join(ROOT, 'patterns/genai-rag/README.md'), 'utf8').split('\n');
const front = readFileSync(join(ROOT, 'README.md'), 'utf8');
const s3 = STAGE_NAMES.map((stage) => idleCost(stage, 's3-vectors'));
const openSearch = STAGE_NAMES.map((stage) => idleCost(stage, 'opensearch'));

/** A line's three sums, of one store or the other. */
function cellsOf(line: string, first: number): string[] | undefined {
  return readme
    .find((each) => each.startsWith(`| ${line} |`))
    ?.split('|')
    .slice(first, first + 3)
    .map((cell) => cell.replaceAll('*', '').trim());
}

describe.each(Object.keys(s3[0] ?? {}))("the README's line %s", (line) => {
  it.each([
    ['S3 Vectors', 3, s3],
    ['OpenSearch Serverless', 6, openSearch],
  ] as const)('is what the templates with %s come to', (_, first, costs) => {
    expect(cellsOf(line, first)).toEqual(costs.map((cost) => (cost[line] ?? Number.NaN).toFixed(2)));
  });
});

it('dev idles under $5 a month', () => {
  expect(s3[0]?.['**sum**']).toBeLessThan(5);
});

it.each(STAGE_NAMES)('the next generation of OpenSearch idles for what S3 Vectors does, in %s', (stage) => {
  expect(idleCost(stage, 'opensearch-nextgen')).toEqual(idleCost(stage, 's3-vectors'));
});

it('the front page says the same', () => {
  const sums = s3.map((cost) => `$${cost['**sum**']?.toFixed(2)}`).join(' | ');
  expect(front).toContain(`| idle cost a month: GenAiRag | ${sums} |`);
});
