import { afterAll } from 'vitest';
import { cpuSeconds } from './cpu-time';

// Before a test file is imported, and after its last test: what it cost, for the reporter.
const begun = cpuSeconds();
declare module 'vitest' {
  interface TaskMeta {
    /** CPU seconds of a test file: its imports, its tests, and the processes that they started and ended. */
    cpuSeconds?: number;
  }
}
// biome-ignore lint/correctness/noEmptyPattern: Vitest takes nothing else for a hook that uses no fixture.
afterAll(({}, { file }) => {
  file.meta.cpuSeconds = cpuSeconds() - begun;
});
