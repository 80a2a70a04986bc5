import type { Cancel, TimerOptions } from './clock';
import { MinHeap } from './min-heap';

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly idle: boolean;
  run?: () => void;
}

/** Timers in the order in which they fire: by time, then by when they were set. */
export class Timers {
  private readonly heap = new MinHeap<Timer>((a, b) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence));
  private sequence = 0;
  private holding = 0;

  /** Whether a timer is left that someone waits for. */
  get waitedFor(): boolean {
    return this.holding > 0;
  }

  add(at: number, run: () => void, { idle = false }: TimerOptions = {}): Cancel {
    this.sequence += 1;
    const timer: Timer = { at, sequence: this.sequence, idle, run };
    if (!idle) this.holding += 1;
    this.heap.push(timer);
    return () => this.take(timer);
  }

  /** When the next timer fires. */
  nextAt(): number | undefined {
    for (let first = this.heap.peek(); first !== undefined; first = this.heap.peek()) {
      if (first.run !== undefined) return first.at;
      this.heap.pop();
    }
    return undefined;
  }

  /** Fires what is due, one after the other. */
  fire(now: number): void {
    for (let at = this.nextAt(); at !== undefined && at <= now; at = this.nextAt()) {
      const timer = this.heap.pop();
      const run = timer?.run;
      if (timer !== undefined) this.take(timer);
      run?.();
    }
  }

  private take(timer: Timer): void {
    if (timer.run === undefined) return;
    timer.run = undefined;
    if (!timer.idle) this.holding -= 1;
  }
}
