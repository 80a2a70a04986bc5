import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Covered, type Judged, type Line, type Plan, temporaryFolder } from './worker/task';

/** A worker that has begun no file of tests for so long hangs in code that asks nothing. */
const SILENT_MS = 120_000;

const PROGRESS_MS = 20_000;

/** What came of a plan. */
export interface Results {
  readonly covered: readonly Covered[];
  readonly judged: readonly Judged[];
}

/**
 * Runs a plan in processes of vitest. One that ends, because a mutant ended it, is begun again with what is left; what it had
 * begun is what ended it.
 */
export class Workers {
  constructor(
    private readonly folder: string,
    private readonly count: number,
    /** Told every few seconds of all that is known by then. */
    private readonly onProgress: (results: Results) => void,
  ) {}

  async run(plan: Omit<Plan, 'claims'>): Promise<Results> {
    rmSync(this.folder, { recursive: true, force: true });
    const claims = join(this.folder, 'claims');
    mkdirSync(claims, { recursive: true });
    const file = join(this.folder, 'plan.json');
    writeFileSync(file, JSON.stringify({ ...plan, claims } satisfies Plan));
    const outputs = Array.from({ length: this.count }, (_, index) => join(this.folder, `worker-${index}.jsonl`));
    const progress = setInterval(() => this.onProgress(resultsOf(outputs)), PROGRESS_MS);
    try {
      await Promise.all(outputs.map((output) => this.untilDone(plan, file, output)));
    } finally {
      clearInterval(progress);
    }
    return resultsOf(outputs);
  }

  private async untilDone(plan: Omit<Plan, 'claims'>, file: string, output: string): Promise<void> {
    for (let before = 0; ; ) {
      const log = await this.runOnce(plan.root, file, output);
      const lines = linesOf(output);
      const last = lines.at(-1);
      if (last?.kind === 'claimed') {
        if (typeof last.task === 'string') throw new Error(`The tests of ${last.task} ended their process\n${log}`);
        const crashed: Judged = { kind: 'judged', id: last.task, outcome: 'crashed', ms: 0 };
        appendFileSync(output, `${JSON.stringify(crashed)}\n`);
      } else if (last?.kind === 'end') {
        return;
      } else if (lines.length === before) {
        throw new Error(`vitest did not run:\n${log}`);
      }
      before = lines.length;
    }
  }

  private runOnce(root: string, plan: string, output: string): Promise<string> {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const config = join(root, 'scripts', 'mutation', 'worker', 'vitest.config.mts');
    const temporary = temporaryFolder(output);
    mkdirSync(temporary, { recursive: true });
    const child = spawn(process.execPath, [vitest, 'run', '--config', config, '--root', root], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: {
        ...process.env,
        CI: '',
        NO_COLOR: '1',
        TMPDIR: temporary,
        GROUNDPLAN_MUTATION_PLAN: plan,
        GROUNDPLAN_MUTATION_OUTPUT: output,
      },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (log += data.toString()));
    let size = -1;
    const watch = setInterval(() => {
      const now = linesOf(output).length;
      if (now === size) end(child);
      size = now;
    }, SILENT_MS);
    return new Promise((resolve, reject) => {
      const stop = () => end(child);
      process.once('exit', stop);
      child.on('error', reject);
      child.on('close', () => {
        clearInterval(watch);
        process.off('exit', stop);
        rmSync(temporary, { recursive: true, force: true });
        resolve(log);
      });
    });
  }
}

/** Ends a process and those that it began. */
function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function resultsOf(outputs: readonly string[]): Results {
  const lines = outputs.flatMap(linesOf);
  return {
    covered: lines.filter((line) => line.kind === 'covered'),
    judged: lines.filter((line) => line.kind === 'judged'),
  };
}

function linesOf(output: string): readonly Line[] {
  if (!existsSync(output)) return [];
  const text = readFileSync(output, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
