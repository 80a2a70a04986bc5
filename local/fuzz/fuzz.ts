import fc from 'fast-check';
import { Run, type Step, stepsOf, type Tally, Violation } from './run';
import type { FuzzPlace, FuzzTarget } from './target';
import { Watch } from './watch';

/** How much to send, and where chance starts. */
export interface FuzzOptions {
  /** 1 to 4294967295. The same seed draws the same requests. */
  readonly seed: number;
  /** Requests to send at least, 1 or more; what reads back comes on top. */
  readonly requests: number;
  /** Tries to make a run that goes wrong smaller, 0 or more. @default - 300, or 50 where each needs a new engine */
  readonly shrinks?: number;
  /** Hears how many were sent. @default - not called */
  readonly onProgress?: (requests: number) => void;
  /** Hears how many smaller runs were tried once one went wrong. @default - not called */
  readonly onShrink?: (tries: number) => void;
}

/** What came of it. */
export interface FuzzResult extends Readonly<Tally> {
  /** The smallest run that was found to go wrong. @default - none did */
  readonly failure?: Pick<Violation, 'faults' | 'requests'>;
}

/** Runs that are drawn from one seed. */
const CHUNK = 20;
/** Runs that an engine sees: alarms look at all that it ever measured. */
const RUNS_OF_AN_ENGINE = 250;
/** Tries to find a smaller run that goes wrong as well: where answers show it, and where a new engine has to. */
const SHRINKS = { early: 300, late: 50 } as const;

/**
 * Sends drawn requests until there are enough, or one shows a fault; that one is then made as small as it can be.
 *
 * @throws Error for what is wrong with the stage itself, as a template that does not start
 */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, requests, onProgress, onShrink } = options;
  const tally: Tally = { requests: 0, reads: 0, statuses: new Map() };
  const stage = new Stage(target, options);
  try {
    for (let chunk = 0; tally.requests < requests; chunk += 1) {
      const property = fc.asyncProperty(stepsOf(target), async (steps) => {
        if (tally.requests >= requests && stage.failure === undefined) return;
        if (stage.failure === undefined) onProgress?.(tally.requests);
        else onShrink?.(stage.shrinks);
        await stage.run(steps, tally);
      });
      const drawn = { seed: (seed + chunk * 0x9e3779b1) | 0, numRuns: CHUNK };
      const { failed } = await fc.check(property, drawn);
      if (failed) return { ...tally, ...(stage.failure !== undefined && { failure: stage.failure }) };
    }
    return tally;
  } finally {
    await stage.end();
  }
}

/**
 * Where runs take place, one after the other in one engine. What shows in an answer does so again in the same engine; what shows
 * at the end may be there from before, so that each smaller run gets an engine of its own.
 */
class Stage {
  failure?: Violation;
  private place?: FuzzPlace;
  private watch = new Watch();
  private runs = 0;
  /** Runs that were tried since one went wrong. */
  shrinks = 0;

  constructor(
    private readonly target: FuzzTarget,
    private readonly options: FuzzOptions,
  ) {}

  /** @throws Violation for a run that goes wrong */
  async run(steps: readonly Step[], tally: Tally): Promise<void> {
    const { failure } = this;
    const isLate = failure?.isLate === true;
    if (failure !== undefined) {
      this.shrinks += 1;
      if (this.shrinks > (this.options.shrinks ?? SHRINKS[isLate ? 'late' : 'early'])) return;
      if (isLate) await this.end();
    } else if (this.runs % RUNS_OF_AN_ENGINE === 0) {
      await this.end();
    }
    const place = await this.opened();
    this.runs += 1;
    const counted = failure === undefined ? tally : { requests: 0, reads: 0, statuses: new Map() };
    const run = new Run(place, this.target, this.watch, counted, String(this.runs));
    try {
      await run.send(steps);
      if (failure === undefined || isLate) await run.end();
    } catch (error) {
      this.failure =
        error instanceof Violation
          ? error
          : new Violation([`breaks the engine: ${String(error)}`], run.sent, { isLate: true });
      throw this.failure;
    }
  }

  async end(): Promise<void> {
    await this.place?.stop();
    delete this.place;
  }

  private async opened(): Promise<FuzzPlace> {
    if (this.place !== undefined) return this.place;
    this.watch = new Watch();
    const place = await this.target.open(this.options.seed, this.watch.onLog);
    this.watch.begin(place.engine);
    this.place = place;
    return place;
  }
}
