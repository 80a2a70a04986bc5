import { type Cancel, type Clock, drained, type TimerOptions, WorkInProgress } from './clock';
import { Timers } from './timers';

/** Time that moves only when nothing else can, from timer to timer: a day passes as fast as what happens in it. */
export class VirtualClock implements Clock {
  private readonly timers = new Timers();
  private readonly work = new WorkInProgress();

  constructor(private time = Date.parse('2026-01-01T00:00:00Z')) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void, options?: TimerOptions): Cancel {
    return this.timers.add(this.time + Math.max(0, ms), run, options);
  }

  track<T>(work: Promise<T>): Promise<T> {
    return this.work.track(work);
  }

  async settle(): Promise<void> {
    await this.until(() => false);
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = () => {
      over = true;
    };
    work.then(done, done);
    await this.until(() => over, work);
    if (!over) throw new Error('The work waits for something that never comes');
    return work;
  }

  /** Works until something is true, or nothing is left to do. @param end work that tracked work need not end before */
  private async until(reached: () => boolean, end?: Promise<unknown>): Promise<void> {
    for (;;) {
      await drained();
      if (reached()) return;
      if (this.work.busy) {
        await this.work.next(end);
        continue;
      }
      const next = this.timers.nextAt();
      if (next === undefined || !this.timers.waitedFor) return;
      this.time = Math.max(this.time, next);
      this.timers.fire(this.time);
    }
  }
}
