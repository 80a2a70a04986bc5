import { appendFileSync } from 'node:fs';

/** Keeps what could not be sent, as JSON lines. The file is made with the first. */
export class UnsentFile {
  /** Lines in it that came from here. */
  kept = 0;
  /** Lines that it could not take, and the first reason. */
  lost = 0;
  reason?: unknown;

  constructor(readonly path: string) {}

  keep(unsent: readonly object[]): void {
    if (unsent.length === 0) return;
    try {
      // At once, so that nothing is lost should the process be killed.
      appendFileSync(this.path, unsent.map((each) => `${JSON.stringify(each)}\n`).join(''));
      this.kept += unsent.length;
    } catch (error) {
      this.lost += unsent.length;
      this.reason ??= error;
    }
  }
}
