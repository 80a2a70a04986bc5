import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CATALOGUE, CATALOGUE_SECTIONS } from '../../lib/catalogue/catalogue';
import { RULES } from '../../lib/checks/rules';
import { cataloguePage, catalogueTotals } from '../../scripts/catalogue-page';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

it('is the page that is committed', () => {
  expect(read('docs/catalogue.md')).toBe(cataloguePage());
});

it('has every gotcha once, and each rule with its severity and its page of AWS', () => {
  const page = cataloguePage();
  for (const { id } of CATALOGUE) expect(page.split(`| \`${id}\` |`)).toHaveLength(2);
  for (const { id, severity, profile, address } of RULES) {
    const line = page.split('\n').find((each) => each.startsWith(`| \`${id}\` |`));
    expect(line).toContain(`[${severity}, ${profile}](${address})`);
  }
  for (const { title } of CATALOGUE_SECTIONS) expect(page).toContain(`\n## ${title}\n`);
});

it('keeps the table of a row with a bar in its text', () => {
  const bars = (line: string) => [...line.matchAll(/(?<!\\)\|/g)].length;
  for (const line of cataloguePage().split('\n'))
    if (line.startsWith('|')) expect([line, bars(line)]).toEqual([line, 7]);
});

it('agrees with the totals that the README states', () => {
  expect(read('README.md').replace(/\s+/g, ' ')).toContain(catalogueTotals());
});
