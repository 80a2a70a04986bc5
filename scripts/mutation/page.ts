import { type Mutant, nameOf } from './mutants/mutant';
import { isKilled, type Result, type Score, scoreTable } from './score';

const INTRODUCTION = `# What the tests do not notice

Written by \`npm run mutation\` (or that with the folder behind it), which makes one small change of the code at a time, and runs the tests that reach it. Here is
what no test noticed, by file: the kind of change, the code, and what it became. Texts for people (findings, messages, logs)
are not changed; a word is, where it is compared, matched, looked up or listed.
`;

/** The page of scores and survivors. */
export function survivorsPage(scores: readonly Score[], results: readonly Result[]): string {
  const survivors = results.filter(({ verdict, equivalent }) => !isKilled(verdict) && equivalent === undefined);
  const equivalents = results.filter(({ equivalent }) => equivalent !== undefined);
  const sections = [...byFile(survivors)].map(([file, own]) => `### ${file}\n\n${own.map(line).join('\n')}\n`);
  return [
    INTRODUCTION,
    `\`\`\`\n${scoreTable(scores)}\n\`\`\`\n`,
    '## Equivalent\n',
    equivalents.length === 0 ? 'None.\n' : `${equivalents.map(equivalentLine).join('\n')}\n`,
    '## Survivors\n',
    sections.length === 0 ? 'None.\n' : sections.join('\n'),
  ].join('\n');
}

function byFile(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const files = new Map<string, Result[]>();
  for (const result of results) files.set(result.mutant.file, [...(files.get(result.mutant.file) ?? []), result]);
  return files;
}

function line({ mutant, verdict }: Result): string {
  return `- ${shown(mutant)}${verdict.outcome === 'not covered' ? ' (not reached)' : ''}`;
}

function equivalentLine({ mutant, equivalent }: Result): string {
  return `- ${mutant.file}: ${shown(mutant)}: ${equivalent}`;
}

/** Without the file, in backquotes that the code itself does not end. */
function shown(mutant: Mutant): string {
  const text = nameOf(mutant).slice(mutant.file.length + 3);
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
