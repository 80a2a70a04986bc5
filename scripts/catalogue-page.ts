import { CATALOGUE, CATALOGUE_SECTIONS, type CatalogueId } from '../lib/catalogue/catalogue';
import type { CatalogueRow } from '../lib/catalogue/catalogue-row';
import { CORRECTIONS } from '../lib/catalogue/corrections';
import { RULES } from '../lib/checks/rules';

type Row = CatalogueRow & { readonly id: CatalogueId };

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** How many there are of what, for the page and for the README. */
export function catalogueTotals(): string {
  const count = (severity: string) => RULES.filter((rule) => rule.severity === severity).length;
  const corrected = Object.keys(CORRECTIONS).length;
  return (
    `${CATALOGUE.length} gotchas, ${RULES.length} of them rules that run on any template (${count('error')} errors, ${count('warning')} warnings, ` +
    `${count('advice')} advice), and ${corrected} corrections of what used to be true`
  );
}

/** `docs/catalogue.md`: every gotcha, as the guide groups them. */
export function cataloguePage(): string {
  return [
    '# The catalogue of gotchas',
    '',
    `Written by \`npm run report\`: ${catalogueTotals()}.`,
    '',
    'Tier 1 is outages, lost data, leaks and large bills; tier 2 is cheap to enforce; tier 3 is opt-in, or documentation. A row with a severity',
    'is a rule: `npx groundplan check` finds it in your templates, and `npx groundplan check --explain <id>` shows what is wrong and what is right.',
    'The last column says what the patterns of this package do about it; "-" means that none of them has such a thing.',
    ...CATALOGUE_SECTIONS.flatMap(({ title, rows }) => section(title, rows)),
    '',
  ].join('\n');
}

function section(title: string, rows: readonly Row[]): readonly string[] {
  return [
    '',
    `## ${title}`,
    '',
    '| id | tier | what to know | rule | patterns | what Groundplan does |',
    '|---|---|---|---|---|---|',
    ...rows.map(lineOf),
  ];
}

function handledBy(row: Row, hasRule: boolean): string {
  if (hasRule) return 'the rule alone';
  return row.patterns.length === 0 ? '-' : 'nothing';
}

function lineOf(row: Row): string {
  const rule = BY_ID.get(row.id);
  const correction = CORRECTIONS[row.id];
  const known =
    correction === undefined
      ? row.claim
      : `${row.claim} *No longer true:* ${correction.guide} *Today:* ${correction.today}`;
  const cells = [
    `\`${row.id}\``,
    String(row.tier),
    known,
    rule === undefined ? '-' : `[${rule.severity}, ${rule.profile}](${rule.address})`,
    row.patterns.join(', ') || '-',
    row.mechanisms.join(', ') || handledBy(row, rule !== undefined),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
