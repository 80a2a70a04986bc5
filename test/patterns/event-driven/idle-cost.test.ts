import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { eventDrivenTemplate, resourcesOf } from '../../synthesize';
import { firewallCost, idleCost } from './idle-cost-fixture';

const costs = STAGE_NAMES.map((stage) => idleCost(resourcesOf(eventDrivenTemplate(stage))));
const readme = (file: string) => readFileSync(join(__dirname, '../../..', file), 'utf8');
const dollars = (line: string) => costs.map((cost) => (cost[line] ?? Number.NaN).toFixed(2));

it('dev idles under $5 a month', () => {
  expect(costs[0]?.['**sum**']).toBeLessThan(5);
});

it.each(Object.keys(costs[0] ?? {}))("the README's line %s is what the templates come to", (line) => {
  const row = readme('patterns/event-driven/README.md')
    .split('\n')
    .find((each) => each.startsWith(`| ${line} |`));
  const cells = row
    ?.split('|')
    .slice(3, 6)
    .map((cell) => cell.replaceAll('*', '').trim());
  expect(cells).toEqual(dollars(line));
});

it.each(STAGE_NAMES)(
  'an edge adds to %s the firewall that the README names, and nothing else that is billed while idle',
  (stage) => {
    const resources = resourcesOf(eventDrivenTemplate(stage, { edge: true }));
    expect(readme('patterns/event-driven/README.md')).toContain(
      `\`edge\` adds **$${firewallCost(resources).toFixed(2)}** a month`,
    );
    expect(idleCost(resources)).toEqual(costs[STAGE_NAMES.indexOf(stage)]);
  },
);

it('the front page says the same', () => {
  const expected = `| idle cost a month: EventDriven | ${dollars('**sum**')
    .map((sum) => `$${sum}`)
    .join(' | ')} |`;
  expect(readme('README.md')).toContain(expected);
});
