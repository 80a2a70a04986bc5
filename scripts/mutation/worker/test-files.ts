import { readFileSync } from 'node:fs';
import type {
  RunnerTestFile as File,
  RunnerTaskEventPack,
  RunnerTaskResultPack,
  RunnerTestSuite as Suite,
  RunnerTask as Task,
  RunnerTestCase as Test,
} from 'vitest';
import { TestRunner, vi } from 'vitest';
import { startTests } from 'vitest/internal/browser';

/** A module as vitest has loaded it. */
interface LoadedModule {
  readonly id: string;
  readonly importers: Set<string>;
}

interface LoadedModules {
  readonly fileToModulesMap: Map<string, Set<LoadedModule>>;
  readonly idToModuleMap: Map<string, LoadedModule>;
  getModuleById(id: string): LoadedModule | undefined;
  invalidateModule(module: LoadedModule): void;
}

/** What one run of a file's tests gave. */
export interface FileResult {
  /** The first test that failed. */
  readonly failed?: string;
  readonly failing: readonly string[];
  readonly timedOut: boolean;
  /** Of its tests, or of what came before them. */
  readonly longestMs: number;
}

/** What to do around tests. */
export interface Around {
  /** Which tests to run. @default - all */
  readonly names?: ReadonlySet<string>;
  /** Whether the first failure is enough. @default false */
  readonly bail?: boolean;
  /** When all tests are known, before the first. */
  collected?(): void;
  before?(): void;
  after?(name: string): void;
}

/** The name of a test with those of what it is in. */
export function fullName(task: Task): string {
  const parts: string[] = [];
  for (let at: Task | undefined = task; at !== undefined && at.type !== undefined; at = at.suite)
    parts.unshift(at.name);
  return parts.join(' > ');
}

function testsIn(suite: Suite | File): readonly Test[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]));
}

/** Runs files of tests over and over in one process, in which what they import stays loaded. It tells vitest nothing. */
export class TestFiles extends TestRunner {
  /** Where vitest would be told of each test. */
  onTaskUpdate?: (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>;
  private around: Around = {};
  private failed = false;
  /** Called when modules are forgotten. */
  onReset: () => void = () => undefined;

  /** Runs a file's tests. */
  async run(filepath: string, around: Around = {}): Promise<FileResult> {
    this.around = around;
    this.failed = false;
    const environment = { ...process.env };
    // What replaces modules must come before anything has loaded them.
    const replaces = /\bvi\.(do)?[mM]ock\(/.test(readFileSync(filepath, 'utf8'));
    if (replaces) this.reset();
    for (const module of this.modules.fileToModulesMap.get(filepath) ?? []) this.modules.invalidateModule(module);
    try {
      const [file] = await startTests([{ filepath, testLocations: undefined }], this);
      if (file === undefined) throw new Error(`${filepath} has no tests`);
      return resultOf(file);
    } finally {
      for (const key of Object.keys(process.env)) if (!(key in environment)) delete process.env[key];
      Object.assign(process.env, environment);
      if (vi.isFakeTimers()) vi.useRealTimers();
      vi.resetConfig();
      vi.restoreAllMocks();
      if (replaces) this.dropMocks();
    }
  }

  /** How long a test may take from now on, and each hook. */
  limit(ms: number): void {
    Object.assign(this.config, { testTimeout: ms, hookTimeout: ms });
  }

  /** Forgets all modules of the project: the next run loads them again. */
  reset(): void {
    vi.resetModules();
    this.onReset();
  }

  /** To vitest all files are one here: a module that a file replaces would be replaced for the others, too. */
  private dropMocks(): void {
    const { moduleRunner } = this as unknown as { moduleRunner: { readonly mocker: { reset(): void } } };
    moduleRunner.mocker.reset();
    this.reset();
  }

  /** Forgets a module and all that import it, however far. */
  forget(filepath: string): void {
    const waiting = [...(this.modules.fileToModulesMap.get(filepath) ?? [])];
    const found = new Set(waiting);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const id of next.importers) {
        const importer = this.modules.getModuleById(id);
        if (importer === undefined || found.has(importer)) continue;
        found.add(importer);
        waiting.push(importer);
      }
    }
    for (const module of found) this.modules.invalidateModule(module);
  }

  private get modules(): LoadedModules {
    const { workerState } = this as unknown as { workerState: { evaluatedModules: LoadedModules } };
    return workerState.evaluatedModules;
  }

  onCollected(files: File[]): void {
    const { names } = this.around;
    for (const file of files) if (names !== undefined) skipOthers(file, names);
    this.around.collected?.();
  }

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (this.failed && this.around.bail === true) test.mode = 'skip';
    await super.onBeforeRunTask(test);
    this.around.before?.();
  }

  override onAfterRunTask(test: Test): void {
    super.onAfterRunTask(test);
    if (test.result?.state === 'fail') this.failed = true;
    if (test.mode === 'run') this.around.after?.(fullName(test));
  }
}

function skipOthers(suite: Suite | File, names: ReadonlySet<string>): boolean {
  let any = false;
  for (const task of suite.tasks) {
    const wanted = task.type === 'suite' ? skipOthers(task, names) : names.has(fullName(task));
    if (!wanted && task.mode === 'run') task.mode = 'skip';
    any ||= wanted;
  }
  return any;
}

const durationOf = ({ result }: Task): number => result?.duration ?? 0;

/** What of a file's time is in none of its tests. */
function hooksMs(file: File, tests: readonly Test[]): number {
  return durationOf(file) - tests.reduce((sum, test) => sum + durationOf(test), 0);
}

function resultOf(file: File): FileResult {
  const tests = testsIn(file);
  const failing = tests.filter(({ result }) => result?.state === 'fail');
  const errors = [file, ...failing].flatMap(({ result }) => result?.errors ?? []);
  const broken = failing.length === 0 && file.result?.state === 'fail' ? ['(the file)'] : [];
  const names = [...failing.map(fullName), ...broken];
  return {
    ...(names[0] !== undefined && { failed: names[0] }),
    failing: names,
    timedOut: errors.some(({ message }) => /timed out/.test(message)),
    longestMs: Math.round(Math.max(file.collectDuration ?? 0, hooksMs(file, tests), ...tests.map(durationOf))),
  };
}
