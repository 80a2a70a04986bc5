import type { Verdict } from './judge';
import type { Mutant } from './mutants/mutant';

/** A mutant with what became of it. */
export interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** Why no test can notice it. */
  readonly equivalent?: string;
}

/** How many mutants of a folder tests noticed. */
export interface Score {
  readonly folder: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  readonly notCovered: number;
  readonly equivalent: number;
  /** Percent of those that are not equivalent. */
  readonly percent: number;
}

/** Whether tests noticed a mutant: one failed, or the code did not come to its end. */
export function isKilled({ outcome }: Verdict): boolean {
  return outcome === 'killed' || outcome === 'endless' || outcome === 'crashed';
}

export function scoreOf(folder: string, results: readonly Result[]): Score {
  const judged = results.filter(({ equivalent }) => equivalent === undefined);
  const killed = judged.filter(({ verdict }) => isKilled(verdict)).length;
  const notCovered = judged.filter(({ verdict }) => verdict.outcome === 'not covered').length;
  return {
    folder,
    mutants: results.length,
    killed,
    survived: judged.length - killed - notCovered,
    notCovered,
    equivalent: results.length - judged.length,
    percent: judged.length === 0 ? 100 : (100 * killed) / judged.length,
  };
}

/** One run in so many of a folder that is just at its bound would fail by chance. */
const CHANCE = 1000;

/**
 * The fewest mutants of a sample that may be noticed. Fewer are drawn from a folder at its bound once in a thousand samples: so the
 * folder is below it, as good as certainly. A small sample shows a large loss only.
 */
export function leastKilled(sample: number, percent: number): number {
  const p = percent / 100;
  let atMost = 0;
  for (let killed = 0; killed <= sample; killed++) {
    atMost += probability(killed, sample, p);
    if (atMost > 1 / CHANCE) return killed;
  }
  return sample;
}

/** Of so many killed of a sample, when each is with probability `p`. */
function probability(killed: number, sample: number, p: number): number {
  let logarithm = killed * Math.log(p) + (sample - killed) * Math.log(1 - p);
  for (let each = 1; each <= killed; each++) logarithm += Math.log((sample - killed + each) / each);
  return Math.exp(logarithm);
}

/** The scores as a table. @param least the fewest that must be killed, by folder; undefined where the percentage counts */
export function scoreTable(scores: readonly Score[]): string {
  const head = ['folder', 'mutants', 'killed', 'survived', 'not covered', 'equivalent', 'score'];
  const rows = scores.map((each) => [
    each.folder,
    ...[each.mutants, each.killed, each.survived, each.notCovered, each.equivalent].map(String),
    `${each.percent.toFixed(1)}%`,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}
