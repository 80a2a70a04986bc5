import type { Cancel, Timing } from '../../../../patterns/genai-rag/runtime/timing';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that stands still until a test lets it pass; waits of no length end by themselves, and all chance is the lowest. */
export class StandTiming implements Timing {
  private timers: Timer[] = [];

  constructor(private time = Date.parse('2026-11-24T10:15:00.000Z')) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return 0;
  }

  after(ms: number, run: () => void): Cancel {
    if (ms === 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Timers that are set. */
  get waiting(): number {
    return this.timers.length;
  }

  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = next.at;
      next.run();
    }
    this.time = until;
  }
}
