import { wrapped } from '../../lifecycle/wording';
import type { Verdict } from './question';

const WORD: Readonly<Record<Verdict['is'], string>> = {
  'will-fail': 'WILL FAIL',
  'cannot-tell': 'CANNOT TELL',
  ok: 'ok',
};
/** Resources that an answer shows; of the others it says how many. */
const SHOWN = 3;

/** The answers for a person: worst first; those that ask for something with what needs it, why, and the command. */
export function verdictsAsText(verdicts: readonly Verdict[]): string {
  const count = (is: Verdict['is']) => verdicts.filter((each) => each.is === is).length;
  const headline = `${count('will-fail') || 'Nothing'} will fail, ${count('cannot-tell')} cannot be told, ${count('ok')} ok.`;
  const told = verdicts.filter(({ is }) => is !== 'ok').map(asText);
  const fine = verdicts.filter(({ is }) => is === 'ok');
  return [headline, ...told, ...(fine.length > 0 ? [asTable(fine)] : [])].join('\n\n');
}

function asText({ is, check, subject, account, region, stacks, resources, reason, commands = [] }: Verdict): string {
  const shown = resources.length === SHOWN + 1 ? resources : resources.slice(0, SHOWN);
  const more = resources.length - shown.length;
  return [
    `${WORD[is]}  ${check}: ${subject} (${account}, ${region})`,
    ...(shown.length === 0 && stacks.length > 0 ? wrapped('  Stacks: ', stacks.join(', ')) : []),
    ...shown.map(({ stack, path, type }) => `  ${path.startsWith(`${stack}/`) ? path : `${stack}: ${path}`} (${type})`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...wrapped('  ', `${reason}.`),
    // A command stays on its line, to be copied.
    ...commands.map((command) => `  Run: ${command}`),
  ].join('\n');
}

/** Columns: what and where in as many characters as the longest needs. */
function asTable(verdicts: readonly Verdict[]): string {
  const width = (of: (verdict: Verdict) => string) => Math.max(0, ...verdicts.map((each) => of(each).length));
  const [checks, regions] = [width(({ check }) => check), width(({ region }) => region)];
  return verdicts
    .map(
      ({ check, subject, region, reason }) =>
        `ok  ${check.padEnd(checks)}  ${region.padEnd(regions)}  ${subject}: ${reason}`,
    )
    .join('\n');
}

/** The same for a program. */
export function verdictsAsJson(verdicts: readonly Verdict[]): string {
  return JSON.stringify(
    verdicts.map(({ resources, ...verdict }) => ({
      ...verdict,
      resources: resources.map(({ stack, logicalId, path, type }) => ({ stack, logicalId, path, type })),
    })),
    undefined,
    2,
  );
}
