import type { Terminal } from './terminal';

/** What one can be asked to do. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /** Does it. @returns the exit code */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
