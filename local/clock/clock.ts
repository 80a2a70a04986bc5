/** Takes a timer back. Harmless when it has fired. */
export type Cancel = () => void;

/** How a timer counts. */
export interface TimerOptions {
  /** Whether it does not keep {@link Clock.settle} from ending. @default false */
  readonly idle?: boolean;
}

/** The engine's time. Everything that waits here waits on it, so that tests need not wait at all. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something later. */
  after(ms: number, run: () => void, options?: TimerOptions): Cancel;
  /** Works until nothing is left to do: no work under way and no timer to wait for. */
  settle(): Promise<void>;
  /** Lets time pass until some work of the engine's own is done. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Counts work that time has to wait for, such as a thread that runs a handler. */
  track<T>(work: Promise<T>): Promise<T>;
}

/** Waits on a clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((done) => {
    clock.after(ms, done);
  });
}

/** Lets everything run that is able to: promises, ticks, answers that have arrived. */
export function drained(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}

/** Work that runs outside of the engine's own thread of promises. */
export class WorkInProgress {
  private count = 0;
  private readonly waiting: (() => void)[] = [];

  get busy(): boolean {
    return this.count > 0;
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work;
    } finally {
      this.count -= 1;
      for (const wake of this.waiting.splice(0)) wake();
    }
  }

  /** Resolves when any of it ends, or something else does: a part of an answer that is still being made. */
  next(end?: Promise<unknown>): Promise<void> {
    return new Promise((done) => {
      this.waiting.push(done);
      end?.then(
        () => done(),
        () => done(),
      );
    });
  }
}
