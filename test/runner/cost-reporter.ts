import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { skipTable } from './needs';

const DEAREST = 10;

/** At the end of a run: what was skipped, the run's wall and CPU time, and the files that cost most. */
export default class CostReporter implements Reporter {
  private begun = 0;
  private root = '';
  private filtered?: boolean;

  onInit({ config }: Vitest): void {
    this.root = config.root;
    this.filtered = config.testNamePattern !== undefined;
  }

  onTestRunStart(): void {
    this.begun = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // With a name asked for, the other tests are skipped on purpose.
    if (this.filtered !== true) tellOfSkipped(modules);
    const files = modules
      .map((module) => ({ path: relative(this.root, module.moduleId), seconds: module.meta().cpuSeconds ?? 0 }))
      .sort((a, b) => b.seconds - a.seconds);
    const wall = (performance.now() - this.begun) / 1000;
    const own = process.cpuUsage();
    const cpu = files.reduce((sum, { seconds }) => sum + seconds, (own.user + own.system) / 1e6);
    console.log(
      `\n ${files.length} files: ${wall.toFixed(0)} s, ${cpu.toFixed(0)} CPU s without the start of processes. The dearest:`,
    );
    for (const { path, seconds } of files.slice(0, Number(process.env['GROUNDPLAN_DEAREST'] ?? DEAREST))) {
      console.log(` ${seconds.toFixed(1).padStart(7)} CPU s  ${path}`);
    }
  }
}

/** In CI nothing may be skipped: the run fails. */
function tellOfSkipped(modules: readonly TestModule[]): void {
  const skipped = modules.flatMap((module) =>
    [...module.children.allTests('skipped')].map((test) => ({ names: namesOf(test) })),
  );
  if (skipped.length === 0) return;
  console.log(`\n SKIPPED, and so not known to work:\n${skipTable(skipped).join('\n')}`);
  if (process.env['CI'] === 'true') {
    console.error(' In CI nothing is skipped.');
    process.exitCode = 1;
  }
}

/** A test's own name, and those of the groups that it is in. */
function namesOf(test: TestCase): string[] {
  const names = [test.name];
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) names.push(parent.name);
  return names;
}
