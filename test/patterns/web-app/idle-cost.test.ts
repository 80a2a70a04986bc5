import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { idleCost } from './idle-cost-fixture';

const ROOT = join(__dirname, '../../..');
const readme = readFileSync(join(ROOT, 'patterns/web-app/README.md'), 'utf8').split('\n');
const front = readFileSync(join(ROOT, 'README.md'), 'utf8');
const lambda = STAGE_NAMES.map((stage) => idleCost(stage, 'lambda'));
const fargate = STAGE_NAMES.map((stage) => idleCost(stage, 'fargate'));

/** A line's three sums, of Lambda or of Fargate. */
function cellsOf(line: string, first: number): string[] | undefined {
  return readme
    .find((each) => each.startsWith(`| ${line} |`))
    ?.split('|')
    .slice(first, first + 3)
    .map((cell) => cell.replaceAll('*', '').trim());
}

describe.each(Object.keys(lambda[0] ?? {}))("the README's line %s", (line) => {
  it.each([
    ['Lambda', 3, lambda],
    ['Fargate', 6, fargate],
  ] as const)('is what the templates with %s come to', (_, first, costs) => {
    expect(cellsOf(line, first)).toEqual(costs.map((cost) => (cost[line] ?? Number.NaN).toFixed(2)));
  });
});

it('dev idles under $20 a month', () => {
  expect(lambda[0]?.['**sum**']).toBeLessThan(20);
});

it('the front page says the same', () => {
  const sums = lambda.map((cost) => `$${cost['**sum**']?.toFixed(2)}`).join(' | ');
  expect(front).toContain(`| idle cost a month: WebApp | ${sums} |`);
});
