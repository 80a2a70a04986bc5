import { appendFileSync, closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunnerTask, type RunnerTaskEventPack, type RunnerTaskResultPack, TestRunner } from 'vitest';
import { MutantSwitch } from './switch';
import { type Line, type MutantTask, type Outcome, type Plan, type TestRun, temporaryFolder } from './task';
import { TestFiles } from './test-files';

/** A mutated run may ask so many times more than one without mutant, and so many more at all events. */
const WORK = { times: 20, more: 200_000 };
/**
 * A mutated test may take so many times longer than the longest of its file without mutant, and so much longer at all events. This
 * ends what waits for something that never comes; what loops is ended by its work.
 */
const TIME = { times: 20, moreMs: 5000 };

/** What modules that were loaded over and over leave behind slows a process down: another one goes on from here. */
const MAX_HEAP_BYTES = 900 * 1024 ** 2;

/** Folders of synthesized applications, and of tests. Vitest has others in the same place, and needs them. */
const SYNTHESIZED = /^(cdk\.out|groundplan-)/;

type OnTaskUpdate = (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>;
type Traces = Parameters<TestRunner['__setTraces']>[0];

/**
 * The test runner of the mutation run. Vitest gives each of its processes one file, `driver.ts`, which has nothing to test; after
 * it, this runs the plan's tests in the same process, again and again, so that a mutant costs what its tests cost.
 */
export default class MutationRunner extends TestRunner {
  onTaskUpdate?: OnTaskUpdate;
  private traces: Traces | undefined;
  private hasRun = false;

  override __setTraces(traces: Traces): void {
    this.traces = traces;
    super.__setTraces(traces);
  }

  override async onAfterRunFiles(driver?: readonly RunnerTask[]): Promise<void> {
    super.onAfterRunFiles();
    const { GROUNDPLAN_MUTATION_PLAN: plan = '', GROUNDPLAN_MUTATION_OUTPUT: output = '' } = process.env;
    if (this.hasRun) return;
    this.hasRun = true;
    const config = { ...this.config };
    config.snapshotOptions = { ...config.snapshotOptions, updateSnapshot: 'none' };
    const files = new TestFiles(config);
    files.onTaskUpdate = this.onlyOf(driver ?? []);
    this.onTaskUpdate = files.onTaskUpdate;
    if (this.traces !== undefined) files.__setTraces(this.traces);
    const { moduleRunner } = this as unknown as { moduleRunner: unknown };
    Object.assign(files, { config, moduleRunner });
    await new Work(JSON.parse(readFileSync(plan, 'utf8')) as Plan, output, files).run();
  }

  /** Vitest is told of the driver alone: what is still to be told of it may come with what is run later. */
  private onlyOf(driver: readonly RunnerTask[]): OnTaskUpdate {
    const known = new Set(driver.flatMap((task) => [task, ...('tasks' in task ? task.tasks : [])]).map(({ id }) => id));
    const tell = this.onTaskUpdate?.bind(this);
    return async (packs, events) => {
      const [own, ownEvents] = [packs.filter(([id]) => known.has(id)), events.filter(([id]) => known.has(id))];
      if (own.length > 0 || ownEvents.length > 0) await tell?.(own, ownEvents);
    };
  }
}

/** What noticed a mutant. */
interface Noticed {
  readonly file: string;
  readonly test: string;
  readonly endless: boolean;
}

/** A worker's part of a plan. */
class Work {
  private readonly mutants: MutantSwitch;
  /** Files of tests that have run since modules were loaded anew: modules may keep what the first run made. */
  private readonly begun = new Set<string>();
  /** Temporary folders of the first runs. */
  private readonly kept = new Set<string>();
  /** How often the tests of the task reached its mutant. */
  private reached = 0;

  constructor(
    private readonly plan: Plan,
    private readonly output: string,
    private readonly files: TestFiles,
  ) {
    this.mutants = new MutantSwitch(plan.most);
    files.onReset = () => {
      this.begun.clear();
      this.kept.clear();
    };
  }

  async run(): Promise<void> {
    for (const file of this.plan.cover) if (this.claim(file)) await this.cover(file);
    for (const task of this.plan.mutants) {
      if (!this.claim(task.id)) continue;
      await this.judge(task);
      this.removeTemporary();
      if (process.memoryUsage().heapUsed > MAX_HEAP_BYTES) return;
    }
    this.write({ kind: 'end' });
  }

  private claim(task: string | number): boolean {
    try {
      closeSync(openSync(join(this.plan.claims, String(task).replaceAll('/', '~')), 'wx'));
    } catch {
      return false;
    }
    this.write({ kind: 'claimed', task });
    return true;
  }

  private write(line: Line): void {
    appendFileSync(this.output, `${JSON.stringify(line)}\n`);
  }

  private path(file: string): string {
    return join(this.plan.root, file);
  }

  /** Runs a file's tests as in a process of their own, and notes what each reaches. */
  private async cover(file: string): Promise<void> {
    this.files.reset();
    this.mutants.take();
    const load = new Set<number>();
    const tests: { name: string; ids: readonly number[] }[] = [];
    let work = 0;
    const note = () => {
      const taken = this.mutants.take();
      work += taken.work;
      return taken.ids;
    };
    const outside = () => {
      for (const id of note()) load.add(id);
    };
    const start = performance.now();
    const { failing, longestMs } = await this.files.run(this.path(file), {
      collected: outside,
      before: outside,
      after: (name) => tests.push({ name, ids: note() }),
    });
    outside();
    const ms = Math.round(performance.now() - start);
    this.write({ kind: 'covered', file, load: [...load], tests, failing, work, ms, longestMs });
  }

  private async judge(task: MutantTask): Promise<void> {
    const start = performance.now();
    const end = (outcome: Outcome, by?: string) => {
      const ms = Math.round(performance.now() - start);
      this.write({ kind: 'judged', id: task.id, outcome, ms, ...(by !== undefined && { by }) });
    };
    if (task.atLoad) this.files.forget(this.path(task.source));
    let noticed = await this.firstToNotice(task, end);
    // Nothing was reached: what it would have changed was kept from before. Or a test fails by itself from now on.
    const isStale = noticed === undefined ? this.reached === 0 : !(await this.passesWithout(task, noticed));
    if (isStale) {
      this.files.reset();
      noticed = await this.firstToNotice(task, end);
      this.files.reset();
      if (noticed !== undefined && !(await this.passesWithout(task, noticed))) return end('unclear', noticed.file);
    } else if (task.atLoad) this.files.forget(this.path(task.source));
    if (noticed === undefined) return end('survived');
    end(noticed.endless ? 'endless' : 'killed', `${noticed.file}: ${noticed.test}`);
  }

  /** Runs the tests that reach a mutant until one fails. */
  private async firstToNotice(task: MutantTask, end: (outcome: Outcome) => void): Promise<Noticed | undefined> {
    this.reached = 0;
    for (const run of task.runs) {
      this.write({ kind: 'claimed', task: task.id });
      const { failed = '', endless } = await this.attempt(task, run, end);
      if (endless || failed !== '') return { file: run.file, test: failed, endless };
    }
    return undefined;
  }

  private async passesWithout(task: MutantTask, { file, test }: Noticed): Promise<boolean> {
    if (task.atLoad) this.files.forget(this.path(task.source));
    const names = test === '(the file)' || test === '' ? undefined : new Set([test]);
    return (await this.files.run(this.path(file), { ...(names !== undefined && { names }) })).failed === undefined;
  }

  private async attempt(task: MutantTask, run: TestRun, end: (outcome: Outcome) => void) {
    // A run that waits for what never comes leaves work behind that would disturb the next: the process ends with it.
    const late = () => {
      end('endless');
      process.kill(process.pid, 'SIGKILL');
    };
    const mostMs = run.longestMs * TIME.times + TIME.moreMs;
    this.files.limit(mostMs);
    const timer = setTimeout(late, run.ms + 2 * mostMs);
    this.mutants.activate(task.id, run.work * WORK.times + WORK.more);
    const names = run.names === undefined ? undefined : new Set(run.names);
    const result = await this.files.run(this.path(run.file), { bail: true, ...(names !== undefined && { names }) });
    const endless = this.mutants.isEndless;
    this.reached += this.mutants.deactivate();
    clearTimeout(timer);
    if (result.timedOut) late();
    if (!this.begun.has(run.file)) for (const name of this.temporary()) this.kept.add(name);
    this.begun.add(run.file);
    return { ...result, endless };
  }

  /**
   * What is synthesized stays on the disk until its process ends: here that would be all of the disk. It is removed from the
   * folder beside the output alone, and only where that is this process's: others may use any other.
   */
  private removeTemporary(): void {
    for (const name of this.temporary()) {
      if (SYNTHESIZED.test(name) && !this.kept.has(name))
        rmSync(join(temporaryFolder(this.output), name), { recursive: true, force: true });
    }
  }

  private temporary(): readonly string[] {
    const own = temporaryFolder(this.output);
    return tmpdir() === own ? readdirSync(own) : [];
  }
}
