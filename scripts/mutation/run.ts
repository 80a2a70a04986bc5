import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../local/cli/usage-error';
import { seededRandom } from '../../local/engine/random';
import { EQUIVALENTS } from './equivalent-mutants';
import { fileOf, wrongEquivalents } from './equivalents';
import { type Answers, Judge, mutantsOf, type Question, type Verdict } from './judge';
import { Judges } from './judges';
import { changeOf, nameOf, type PlacedMutant } from './mutants/mutant';
import type { Options } from './options';
import { survivorsPage } from './page';
import { Results } from './results';
import { sampleOf, shares } from './sample';
import { filesBelow } from './sandbox';
import { isKilled, leastKilled, type Result, type Score, scoreOf, scoreTable } from './score';
import { BOUND, folderOf, TARGETS, type Target, targetOf } from './targets';

/** Pages of scores and survivors, one for each target. */
const PAGES = 'scripts/mutation/survivors';
const REACH = 'scripts/mutation/reach.json';
/** So many files of tests of each source judge a sample. */
const MAX_FILES = 3;

/** A mutation run. */
export class MutationRun {
  private readonly files: readonly string[];
  private readonly results: Results;
  private readonly judge: Judge;
  private readonly judges: Judges;
  private readonly tests = new Map<string, readonly string[]>();
  private readonly verdicts = new Map<string, Verdict>();

  constructor(
    private readonly root: string,
    private readonly options: Options,
    private readonly say: (line: string) => void,
  ) {
    this.files = filesBelow(root);
    this.results = new Results(root, join(root, '.cache', 'mutation', 'results.json'));
    this.judges = new Judges(root, this.files);
    this.judge = new Judge(root, options.workers, say);
  }

  /** @returns whether each folder has its score */
  async run(): Promise<boolean> {
    const sources = this.sources();
    const all = mutantsOf(this.root, sources);
    const chosen = this.options.sample === undefined ? all : this.sampled(all, this.options.sample);
    this.say(`${chosen.length} mutants of ${new Set(chosen.map(({ file }) => file)).size} files`);
    // A folder after the other, so that what is known is kept when the run is ended; a sample is judged at one go.
    const groups = this.options.sample === undefined ? byTarget(chosen) : [chosen];
    for (const group of groups) await this.judgeAll(group);
    const reasons = new Map(EQUIVALENTS.map(({ mutant, reason }) => [mutant, reason]));
    const results = chosen.map((mutant): Result => {
      const name = nameOf(mutant);
      const [verdict, equivalent] = [this.verdicts.get(name), reasons.get(name)];
      if (verdict === undefined) throw new Error(`${name} was not judged`);
      return { mutant, verdict, ...(equivalent !== undefined && !isKilled(verdict) && { equivalent }) };
    });
    return this.report(results, all);
  }

  private sources(): readonly string[] {
    const { paths } = this.options;
    const sources = this.files.filter((file) => targetOf(file) !== undefined);
    if (paths.length === 0) return sources;
    const below = (path: string) => sources.filter((file) => file === path || file.startsWith(`${path}/`));
    const empty = paths.find((path) => below(path).length === 0);
    if (empty !== undefined) throw new UsageError(`${empty} has nothing to be mutated: see npm run mutation -- --help`);
    const chosen = new Set(paths.flatMap(below));
    return sources.filter((file) => chosen.has(file));
  }

  private sampled(all: readonly PlacedMutant[], size: number): readonly PlacedMutant[] {
    const groups = byTarget(all);
    const sizes = shares(
      groups.map(({ length }) => length),
      size,
    );
    return groups.flatMap((group, index) =>
      sampleOf(group, sizes[index] ?? 0, seededRandom(this.options.seed, targetOf(group[0]?.file ?? '')?.name)),
    );
  }

  /** Judges what is not known: first by tests that are new, then what an earlier test noticed and does no more by all others. */
  private async judgeAll(mutants: readonly PlacedMutant[]): Promise<void> {
    const isSample = this.options.sample !== undefined;
    const reach = isSample ? this.reach() : {};
    const later: Question[] = [];
    const known = new Set<string>();
    const now = mutants.flatMap((mutant): Question[] => {
      const nearest = isSample ? (reach[mutant.file] ?? this.judges.nearest(mutant.file, MAX_FILES)) : undefined;
      const tests = nearest ?? this.testsOf(mutant.file);
      const due = this.options.again ? { tryOn: tests } : this.results.due(mutant.file, nameOf(mutant), tests);
      if ('verdict' in due) {
        this.verdicts.set(nameOf(mutant), due.verdict);
        known.add(nameOf(mutant));
      }
      if (!('tryOn' in due)) return [];
      if (due.before !== undefined) this.verdicts.set(nameOf(mutant), due.before);
      if (due.others !== undefined) later.push({ mutant, tests: new Set(due.others) });
      return [{ mutant, tests: new Set(due.tryOn) }];
    });
    const folder = targetOf(mutants[0]?.file ?? '')?.name ?? '';
    const what = this.options.sample === undefined ? folder : 'the sample';
    this.say(`${what}: ${mutants.length - now.length} of ${mutants.length} are known from earlier runs`);
    const waiting = new Set(later.map(({ mutant }) => nameOf(mutant)));
    this.take(
      await this.judge.judge(now, (verdicts) => {
        this.take({ verdicts });
        for (const [name, verdict] of verdicts) if (!waiting.has(name) || isKilled(verdict)) known.add(name);
        this.keep(mutants.filter((mutant) => known.has(nameOf(mutant))));
      }),
    );
    this.take(await this.judge.judge(later.filter(({ mutant }) => !this.isKilled(mutant))));
    this.keep(mutants);
  }

  /** Keeps what has become of mutants for the next run. */
  private keep(mutants: readonly PlacedMutant[]): void {
    if (this.options.sample !== undefined || this.options.tests !== undefined) return;
    for (const source of new Set(mutants.map(({ file }) => file))) {
      const own = mutants.filter(({ file }) => file === source).map(nameOf);
      const verdicts = own.flatMap((name) => [...pairOf(name, this.verdicts)]);
      this.results.keep(source, this.testsOf(source), new Map(verdicts));
    }
    this.results.write();
  }

  private take({ verdicts }: Pick<Answers, 'verdicts'>): void {
    for (const [name, verdict] of verdicts) {
      const before = this.verdicts.get(name);
      const reachedBy = [...new Set([...verdict.reachedBy, ...(before?.reachedBy ?? [])])];
      const outcome =
        before?.outcome === 'survived' && verdict.outcome === 'not covered' ? 'survived' : verdict.outcome;
      this.verdicts.set(name, { ...verdict, outcome, reachedBy });
    }
  }

  private isKilled(mutant: PlacedMutant): boolean {
    const verdict = this.verdicts.get(nameOf(mutant));
    return verdict !== undefined && isKilled(verdict);
  }

  private testsOf(source: string): readonly string[] {
    const { tests = '' } = this.options;
    const known = this.tests.get(source) ?? this.judges.of(source).filter((file) => file.includes(tests));
    this.tests.set(source, known);
    return known;
  }

  private report(results: readonly Result[], all: readonly PlacedMutant[]): boolean {
    const { paths, sample } = this.options;
    const folders = [...new Set(results.map(({ mutant }) => folderOf(mutant.file)))];
    const of = (folder: string) => results.filter(({ mutant }) => folderOf(mutant.file) === folder);
    const scores = folders.map((folder) => scoreOf(folder, of(folder)));
    if (paths.length > 0) this.sayTable(results);
    this.say(`\n${scoreTable(scores)}\n`);
    const files = new Set(all.map(({ file }) => file));
    const list = EQUIVALENTS.filter(({ mutant }) => paths.length === 0 || files.has(fileOf(mutant)));
    const wrong = wrongEquivalents(list, all, results);
    for (const each of wrong) this.say(each);
    const low = scores.flatMap((score) => this.tooLow(score));
    for (const each of low) this.say(each);
    if (sample === undefined && this.options.tests === undefined) this.writePages(scores, results);
    return low.length === 0 && wrong.length === 0;
  }

  private tooLow({ folder, killed, mutants, equivalent, percent }: Score): readonly string[] {
    if (this.options.sample === undefined)
      return percent >= BOUND ? [] : [`${folder}: ${percent.toFixed(1)}% noticed; at least ${BOUND}%`];
    const size = mutants - equivalent;
    const least = leastKilled(size, BOUND);
    const why = `a folder at ${BOUND}% has fewer than ${least} of ${size} once in a thousand samples`;
    return killed >= least ? [] : [`${folder}: ${killed} of ${size} noticed; at least ${least}: ${why}`];
  }

  private sayTable(results: readonly Result[]): void {
    for (const { mutant, verdict, equivalent } of results) {
      if (isKilled(verdict) || equivalent !== undefined) continue;
      const { file, line, operator, original, replacement } = mutant;
      const by = verdict.reachedBy.slice(0, MAX_FILES).join(', ');
      const what = verdict.outcome === 'unclear' ? 'unclear: fails without it, too:' : 'reached by';
      const where = by === '' ? 'not reached' : `${what} ${by}`;
      this.say(`${file}:${line}  ${operator}: ${changeOf(original, replacement)}  (${where})`);
    }
  }

  /** A page for each target that was judged as a whole, and the tests that a sample tries first. */
  private writePages(scores: readonly Score[], results: readonly Result[]): void {
    const judged = new Set(this.sources());
    const whole = TARGETS.filter((target) => {
      const sources = this.files.filter((file) => targetOf(file) === target);
      return sources.length > 0 && sources.every((file) => judged.has(file));
    });
    mkdirSync(join(this.root, PAGES), { recursive: true });
    for (const target of whole) {
      const own = results.filter(({ mutant }) => targetOf(mutant.file) === target);
      const page = join(PAGES, pageOf(target));
      const itsScores = scores.filter(({ folder }) => target.folders.includes(folder));
      writeFileSync(join(this.root, page), survivorsPage(itsScores, own));
      this.say(`${page} is written`);
    }
    if (whole.length === 0) return;
    const reach = { ...this.reach(), ...reachOf(results) };
    const sorted = Object.entries(reach).sort(([one], [other]) => (one < other ? -1 : 1));
    writeFileSync(join(this.root, REACH), `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
  }

  /** Files of tests that noticed most, by source; what is not there any more is left out. */
  private reach(): Readonly<Record<string, readonly string[]>> {
    const path = join(this.root, REACH);
    if (!existsSync(path)) return {};
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly string[]>;
    const files = new Set(this.files);
    const isThere = (file: string) => files.has(file);
    return Object.fromEntries(
      Object.entries(stored).filter(([source, tests]) => isThere(source) && tests.length > 0 && tests.every(isThere)),
    );
  }
}

/** `patterns/web-app` as `patterns-web-app.md`. */
function pageOf({ name }: Target): string {
  return `${name.replace(/[<>]/g, '').replaceAll('/', '-')}.md`;
}

function byTarget(mutants: readonly PlacedMutant[]): readonly (readonly PlacedMutant[])[] {
  const groups = TARGETS.map((target) => mutants.filter(({ file }) => targetOf(file) === target));
  return groups.filter(({ length }) => length > 0);
}

function pairOf(name: string, verdicts: ReadonlyMap<string, Verdict>): readonly (readonly [string, Verdict])[] {
  const verdict = verdicts.get(name);
  return verdict === undefined ? [] : [[name, verdict]];
}

/** Files of tests that noticed most mutants of each source. */
function reachOf(results: readonly Result[]): Readonly<Record<string, readonly string[]>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { mutant, verdict } of results) {
    const [test] = verdict.by?.split(': ') ?? [];
    const own = counts.get(mutant.file) ?? new Map<string, number>();
    if (test !== undefined) own.set(test, (own.get(test) ?? 0) + 1);
    counts.set(mutant.file, own);
  }
  return Object.fromEntries(
    [...counts].map(([source, own]) => {
      const sorted = [...own].sort(([, a], [, b]) => b - a).slice(0, MAX_FILES);
      return [source, sorted.map(([test]) => test)];
    }),
  );
}
