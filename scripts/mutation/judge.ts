import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from './mutants/generate';
import { instrument } from './mutants/instrument';
import { nameOf, type PlacedMutant } from './mutants/mutant';
import { Sandbox } from './sandbox';
import { TestSelection } from './select-tests';
import { targetOf } from './targets';
import type { Covered, Judged, MutantTask, Outcome } from './worker/task';
import { Workers } from './workers';

/** What became of a mutant, with the tests that it was tried on. */
export interface Verdict {
  readonly outcome: Outcome | 'not covered';
  /** File and name of the test that noticed it. */
  readonly by?: string;
  /** Files of tests that reach it, those first that are most about it. */
  readonly reachedBy: readonly string[];
}

/** A mutant to be judged, and the files of tests to judge it by. */
export interface Question {
  readonly mutant: PlacedMutant;
  readonly tests: ReadonlySet<string>;
}

/** What a run gave, for each mutant by its name, and for each file of tests. */
export interface Answers {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly covered: readonly Covered[];
}

type OnVerdicts = (verdicts: ReadonlyMap<string, Verdict>) => void;

/** Sources that no handler has in it. */
const DEPLOY_TIME = /^lib\/(checks|validation)\//;

/** All mutants of sources. */
export function mutantsOf(root: string, sources: readonly string[]): readonly PlacedMutant[] {
  return sources.flatMap((file) => generate(file, readFileSync(join(root, file), 'utf8')).mutants);
}

/** Judges mutants: puts them into a copy of the project, learns which tests reach them, and runs those on each. */
export class Judge {
  private readonly sandbox: Sandbox;

  constructor(
    private readonly root: string,
    private readonly workers: number,
    private readonly say: (line: string) => void,
  ) {
    this.sandbox = new Sandbox(root, join(root, '.cache', 'mutation', 'sandbox'));
  }

  /** @param onVerdicts is told of verdicts while there are more to come */
  async judge(questions: readonly Question[], onVerdicts: OnVerdicts = () => undefined): Promise<Answers> {
    if (questions.length === 0) return { verdicts: new Map(), covered: [] };
    const mutants = questions.map(({ mutant }) => mutant);
    this.sandbox.write(this.instrumented(mutants));
    // What runs in Lambda is run as built.
    if (mutants.some(({ file }) => !DEPLOY_TIME.test(file))) this.sandbox.build();
    const files = [...new Set(questions.flatMap(({ tests }) => [...tests]))];
    const covered = await this.cover(files, mutants.length);
    const selection = new TestSelection(covered, mutants, (source) => targetOf(source)?.mostFiles ?? 1);
    const tasks = questions.map(({ tests }, id) => selection.task(id, tests));
    const reached = tasks.filter(({ runs }) => runs.length > 0);
    this.say(`${reached.length} of ${tasks.length} mutants are reached by tests`);
    const verdictsOf = (judged: readonly Judged[], some: readonly MutantTask[]) => {
      const outcomes = new Map(judged.map((each) => [each.id, each]));
      return new Map(some.map((task) => [nameOf(mutants[task.id] as PlacedMutant), verdictOf(task, outcomes)]));
    };
    const plan = { root: this.sandbox.root, most: mutants.length, cover: [], mutants: reached };
    const { judged } = await this.run(plan, reached.length, (some) => {
      const known = new Set(some.map(({ id }) => id));
      onVerdicts(
        verdictsOf(
          some,
          reached.filter(({ id }) => known.has(id)),
        ),
      );
    });
    return { verdicts: verdictsOf(judged, tasks), covered };
  }

  private async cover(files: readonly string[], most: number): Promise<readonly Covered[]> {
    const start = Date.now();
    const { covered } = await this.run({ root: this.sandbox.root, most, cover: files, mutants: [] }, files.length);
    this.say(`${files.length} files of tests run in ${Math.round((Date.now() - start) / 1000)} s`);
    for (const { file, failing } of covered) {
      for (const name of failing) this.say(`left out, since it fails without a mutant: ${file}: ${name}`);
    }
    return covered;
  }

  private run(plan: Parameters<Workers['run']>[0], total: number, onJudged?: (judged: readonly Judged[]) => void) {
    const folder = join(this.root, '.cache', 'mutation', 'work');
    let said = 0;
    const workers = new Workers(folder, Math.min(this.workers, total), ({ covered, judged }) => {
      const done = covered.length + judged.length;
      if (done > said) this.say(`  ${done} of ${total}`);
      said = done;
      onJudged?.(judged);
    });
    return workers.run(plan);
  }

  private instrumented(mutants: readonly PlacedMutant[]): ReadonlyMap<string, string> {
    const byFile = new Map<string, (readonly [number, PlacedMutant])[]>();
    mutants.forEach((mutant, id) => {
      byFile.set(mutant.file, [...(byFile.get(mutant.file) ?? []), [id, mutant]]);
    });
    return new Map(
      [...byFile].map(([file, numbered]) => {
        const source = readFileSync(join(this.root, file), 'utf8');
        return [file, instrument(source, numbered, generate(file, source).loops)];
      }),
    );
  }
}

function verdictOf({ id, runs }: MutantTask, judged: ReadonlyMap<number, Judged>): Verdict {
  const { outcome = 'not covered' as const, by } = judged.get(id) ?? {};
  return { outcome, reachedBy: runs.map(({ file }) => file), ...(by !== undefined && { by }) };
}
