import type { Report, Reported } from './report';
import { notJudgedLines, summary, whereOf } from './text';

/** Resources that a row names; of the others it says how many. */
const SHOWN = 5;

/** A report as Markdown, for a comment on a pull request. */
export function reportAsMarkdown(report: Report): string {
  const { findings, problems, acknowledged, untold } = report;
  const left = notJudgedLines(report);
  return [
    `**groundplan check**: ${summary(report)}`,
    ...(problems.length === 0 ? [] : [list('Not read', problems)]),
    ...(findings.length === 0
      ? []
      : [['| | rule | what is wrong | where |', '|---|---|---|---|', ...findings.map(row)].join('\n')]),
    ...(untold.length === 0
      ? []
      : [
          folded(
            'Cannot tell',
            untold.map(({ rule, why, places }) => `${rule}: ${places.map(({ path }) => path).join(', ')}: ${why}`),
          ),
        ]),
    ...(acknowledged.length === 0
      ? []
      : [
          folded(
            'Acknowledged',
            acknowledged.map(({ rule, reason, place }) => `${rule} at ${place.path}: ${reason}`),
          ),
        ]),
    ...(left.length === 0 ? [] : [folded('Not judged', left)]),
  ].join('\n\n');
}

function row({ severity, rule, address, title, cause, when, fix, places }: Reported): string {
  const name = address === undefined ? `\`${rule}\`` : `[\`${rule}\`](${address})`;
  const where = places.slice(0, SHOWN).map((place) => `\`${whereOf(place).replaceAll('`', "'")}\``);
  const more = places.length > SHOWN ? [`and ${places.length - SHOWN} more`] : [];
  const condition = when.length === 0 ? '' : `, when ${when.join(', or ')}`;
  const what = `${title}. Here: ${cause}${condition}. Fix: ${fix}`;
  return `| ${severity} | ${name} | ${cell(what)} | ${[...where, ...more].map(plain).join('<br>')} |`;
}

function folded(title: string, lines: readonly string[]): string {
  return `<details><summary>${title} (${lines.length})</summary>\n\n${lines.map((line) => `- ${cell(line)}`).join('\n')}\n\n</details>`;
}

function list(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => `- ${cell(line)}`)].join('\n');
}

/** Text that a template has a part in: it makes no cell, no link and no tag of its own. */
function cell(text: string): string {
  return plain(text).replace(/[<>[\]*_`]/g, (character) => `\\${character}`);
}

function plain(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}
