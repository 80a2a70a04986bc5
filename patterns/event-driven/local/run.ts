import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import type { RecordedCall } from '../../../local/aws/wire';
import type { Clock } from '../../../local/clock/clock';
import type { Faults } from '../../../local/engine/faults';
import type { Hop } from '../../../local/engine/hops';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { type RunReport, reportOf } from './report';
import { placeOrders, poison, publishNoise, type Sent } from './traffic';

/** What to send, and what goes wrong meanwhile. */
export interface EventDrivenRun {
  readonly orders: number;
  /** Messages that no service can handle, for each queue. */
  readonly poison: number;
  /** Events on the topic that no service asked for. @default 0 */
  readonly noise?: number;
  readonly rate?: number;
  readonly burst?: number;
  readonly seed: number;
  readonly faults: Faults;
  /** Seconds from the beginning in which other functions of the account take all that is not reserved. @default 0 */
  readonly crowdedSeconds?: number;
  readonly clock?: Clock;
  readonly handlers?: 'process' | 'threads';
  readonly code?: Readonly<Record<string, string>>;
  /** Stores of another engine. @default - our own */
  readonly place?: Pick<LocalEngineOptions, 'world' | 'services'>;
  readonly onStart?: (engine: LocalEngine) => void;
  readonly onProgress?: (engine: LocalEngine, sent: Sent) => void;
}

/** How a run went. */
export interface EventDrivenResult {
  readonly report: RunReport;
  readonly alarms: readonly string[];
  readonly hops: readonly Hop[];
  /** Calls of the functions, for each accepted order. */
  readonly callsPerOrder: number;
  /** Milliseconds that the run took as the stack sees it. */
  readonly took: number;
}

/** Runs the pattern under a day's traffic, to the end of all that follows from it. */
export async function runEventDriven(stack: SynthesizedStack, run: EventDrivenRun): Promise<EventDrivenResult> {
  let calls = 0;
  const onCall = (_: RecordedCall) => {
    calls += 1;
  };
  const { seed, faults, clock, handlers, code, crowdedSeconds = 0 } = run;
  const engine = await LocalEngine.start(stack, { seed, faults, clock, handlers, code, onCall, ...run.place });
  try {
    if (handlers === 'threads') await engine.loadHandlers();
    const begun = engine.clock.now();
    engine.concurrency.takenByOthers = () => engine.clock.now() < begun + crowdedSeconds * 1000;
    run.onStart?.(engine);
    const poisoned = await poison(engine, run.poison);
    await publishNoise(engine, run.noise ?? 0);
    let latest: Sent | undefined;
    const sent = await placeOrders(engine, {
      ...run,
      onProgress: (progress) => {
        latest = progress;
        run.onProgress?.(engine, progress);
      },
    });
    run.onProgress?.(engine, latest ?? sent);
    await engine.settle();
    run.onProgress?.(engine, sent);
    return {
      report: await reportOf(engine, sent, poisoned),
      alarms: engine.firedAlarms(),
      hops: engine.hops.summary(),
      callsPerOrder: calls / Math.max(1, sent.accepted.size),
      took: engine.clock.now() - begun,
    };
  } finally {
    await engine.stop();
  }
}
