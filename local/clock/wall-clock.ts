import { type Cancel, type Clock, drained, type TimerOptions, WorkInProgress } from './clock';
import { Timers } from './timers';

/** The machine's time. While {@link settle} or {@link during} is awaited, waits that no one works in are skipped. */
export class WallClock implements Clock {
  private readonly timers = new Timers();
  private readonly work = new WorkInProgress();
  private skipped = 0;
  private alarm?: NodeJS.Timeout;

  /** Milliseconds that were skipped so far. */
  get ahead(): number {
    return this.skipped;
  }

  /** Whether anything is under way, or a timer is waited for. */
  get waitedFor(): boolean {
    return this.work.busy || this.timers.waitedFor;
  }

  now(): number {
    return Date.now() + this.skipped;
  }

  after(ms: number, run: () => void, options?: TimerOptions): Cancel {
    const cancel = this.timers.add(this.now() + Math.max(0, ms), run, options);
    this.wind();
    return cancel;
  }

  track<T>(work: Promise<T>): Promise<T> {
    return this.work.track(work);
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = () => {
      over = true;
    };
    work.then(done, done);
    while (!over) {
      if (await this.advance(work)) continue;
      // Something outside may still be on its way.
      await new Promise((later) => {
        setTimeout(later, 1);
      });
    }
    return work;
  }

  async settle(): Promise<void> {
    while (await this.advance()) {
      // Goes on for as long as there is something to wait for.
    }
  }

  /** Waits for work that is under way, or for its end, or skips to the next timer. @returns whether there was any */
  private async advance(end?: Promise<unknown>): Promise<boolean> {
    await drained();
    this.timers.fire(this.now());
    // Answers of other threads may be on their way.
    await drained();
    if (this.work.busy) {
      await this.work.next(end);
      return true;
    }
    const next = this.timers.nextAt();
    if (next === undefined || !this.timers.waitedFor) return false;
    this.skipped += Math.max(0, next - this.now());
    return true;
  }

  /** Sets no further timer, so that the process can end. */
  stop(): void {
    clearTimeout(this.alarm);
    this.alarm = undefined;
  }

  private wind(): void {
    clearTimeout(this.alarm);
    const next = this.timers.nextAt();
    if (next === undefined) return;
    this.alarm = setTimeout(
      () => {
        this.timers.fire(this.now());
        this.wind();
      },
      Math.max(0, Math.min(next - this.now(), 2 ** 31 - 1)),
    );
  }
}
