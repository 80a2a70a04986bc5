import type { Mutant } from './mutants/mutant';
import { nameOf } from './mutants/mutant';
import { isKilled, type Result } from './score';

/** A mutant that no test can notice, since the code does the same with it. */
export interface Equivalent {
  /** As the pages in `survivors/` name it: file, kind of change, and the change. */
  readonly mutant: string;
  /** Why nothing that anybody can see is different. */
  readonly reason: string;
}

/** The file that a mutant's name begins with. */
export function fileOf(name: string): string {
  return name.split(' | ')[0] ?? '';
}

/** What is wrong with the list of equivalent mutants, one line each. @param results those that this run judged */
export function wrongEquivalents(
  list: readonly Equivalent[],
  all: readonly Mutant[],
  results: readonly Result[],
): readonly string[] {
  const names = new Set(all.map(nameOf));
  const killed = new Map(
    results.filter(({ verdict }) => isKilled(verdict)).map(({ mutant, verdict }) => [nameOf(mutant), verdict.by]),
  );
  const seen = new Set<string>();
  return list.flatMap(({ mutant, reason }) => {
    const isTwice = seen.has(mutant);
    seen.add(mutant);
    if (isTwice) return [`${mutant}: is listed twice`];
    if (reason.trim().length < 10) return [`${mutant}: has no reason`];
    if (!names.has(mutant)) return [`${mutant}: is no mutant, the code has changed`];
    return killed.has(mutant) ? [`${mutant}: is not equivalent, it is noticed by ${killed.get(mutant)}`] : [];
  });
}
