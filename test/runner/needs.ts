/** What some tests need that npm does not install, and the one command that does (Debian and Ubuntu). */
export const INSTALLED_BY = {
  PostgreSQL: 'apt-get install postgresql',
  Redis: 'apt-get install redis-server',
  Chromium: 'apt-get install chromium',
} as const;

export type Need = keyof typeof INSTALLED_BY;

const MARK = /\[needs ([\w, ]+)\]$/;

/** The name of tests that are skipped for what the machine does not have: the report at the end reads it. */
export function nameWithNeeds(name: string, needs: readonly Need[]): string {
  return `${name} [needs ${needs.join(', ')}]`;
}

/** What tests of that name need, if they are skipped for it. */
export function needsIn(name: string): readonly Need[] {
  const named = MARK.exec(name)?.[1]?.split(', ') ?? [];
  return named.filter((need): need is Need => need in INSTALLED_BY);
}

/** Why tests were skipped, and how many each time. */
export function skipTable(skipped: readonly { readonly names: readonly string[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { names } of skipped) {
    const needs = names.flatMap(needsIn);
    const why = needs.length === 0 ? 'marked as skipped in the code' : [...new Set(needs)].sort().join(' and ');
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [...counts].map(([why, count]) => {
    const packages = why
      .split(' and ')
      .flatMap((need) => (need in INSTALLED_BY ? [INSTALLED_BY[need as Need].split(' ').at(-1)] : []));
    const mend = packages.length === 0 ? 'unskip them' : `apt-get install ${packages.join(' ')}`;
    return `${String(count).padStart(7)} ${count === 1 ? 'test ' : 'tests'}  ${why.padEnd(32)}  ${mend}`;
  });
}
