/** Takes a timer back. Harmless when it has fired. */
export type Cancel = () => void;

/** The time and the chance that an answer runs on; tests have their own. */
export interface Timing {
  /** Milliseconds since 1970. */
  now(): number;
  after(ms: number, run: () => void): Cancel;
  /** 0 to below 1. */
  random(): number;
}

export const WALL_TIME: Timing = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** An answer took longer than it may. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

/** The moment at which an answer has to be there. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #cancel: Cancel;
  readonly #passed: Promise<never>;

  constructor(
    private readonly timing: Timing,
    private readonly at: number,
  ) {
    this.#passed = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(new DeadlinePassed()), { once: true });
    });
    // No one may be waiting.
    this.#passed.catch(() => {});
    this.#cancel = timing.after(Math.max(0, at - timing.now()), () => this.#controller.abort());
  }

  /** Ends the calls of the SDK. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds. */
  left(): number {
    return Math.max(0, this.at - this.timing.now());
  }

  /** @throws DeadlinePassed */
  race<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    return Promise.race([work, this.#passed]);
  }

  /** @throws DeadlinePassed */
  async sleep(ms: number): Promise<void> {
    let cancel: Cancel = () => {};
    const slept = new Promise<void>((resolve) => {
      cancel = this.timing.after(ms, resolve);
    });
    await this.race(slept).finally(() => cancel());
  }

  /** Forgets the moment; the timer must not keep anything waiting. */
  end(): void {
    this.#cancel();
  }
}

/** A wait before a try again, with full jitter (AWS Architecture Blog, Exponential Backoff And Jitter). */
export function fullJitter(
  { random }: Pick<Timing, 'random'>,
  attempt: number,
  firstMs: number,
  mostMs: number,
): number {
  return Math.floor(random() * Math.min(mostMs, firstMs * 2 ** (attempt - 1)));
}
