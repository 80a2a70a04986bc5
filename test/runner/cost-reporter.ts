import { relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { cpuSeconds } from './cpu-time';

const DEAREST = 10;

/** At the end of a run: its wall and CPU time, and the files that cost most. */
export default class CostReporter implements Reporter {
  private begun = 0;
  private cpuBegun = 0;
  private root = '';

  onInit({ config }: Vitest): void {
    this.root = config.root;
  }

  onTestRunStart(): void {
    this.begun = performance.now();
    this.cpuBegun = cpuSeconds();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules
      .map((module) => ({ path: relative(this.root, module.moduleId), seconds: module.meta().cpuSeconds ?? 0 }))
      .sort((a, b) => b.seconds - a.seconds);
    const wall = (performance.now() - this.begun) / 1000;
    // Workers have ended, or most of them: their CPU time is in that of this process.
    const cpu = cpuSeconds() - this.cpuBegun;
    console.log(`\n ${files.length} files: ${wall.toFixed(0)} s, ${cpu.toFixed(0)} CPU s. The dearest:`);
    for (const { path, seconds } of files.slice(0, Number(process.env['GROUNDPLAN_DEAREST'] ?? DEAREST))) {
      console.log(` ${seconds.toFixed(1).padStart(7)} CPU s  ${path}`);
    }
  }
}
