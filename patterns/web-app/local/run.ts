import { setTimeout as wait } from 'node:timers/promises';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import type { Clock } from '../../../local/clock/clock';
import type { Faults } from '../../../local/engine/faults';
import { deadLetters } from '../../../local/scenarios/dead-letters';
import { letInCrowd } from './crowd';
import { startWebApp, type WebAppPlace } from './place';
import { reportOn, type WebAppReport } from './report';
import { type WalkStep, walkThrough } from './walk';

/** What is asked, and what goes wrong meanwhile. */
export interface WebAppRun {
  readonly requests: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly code?: Readonly<Record<string, string>>;
  readonly onStart: (place: WebAppPlace) => void;
  readonly onStep: (step: WalkStep) => void;
  readonly onProgress: (line: () => string) => void;
}

/** How a run went. */
export interface WebAppResult extends WebAppReport {
  readonly users: number;
  /** What went wrong on purpose, as one says it. */
  readonly troubles: readonly string[];
  /** Logical ids of the alarms that would have gone off. */
  readonly alarms: readonly string[];
  /** Milliseconds of the crowd. */
  readonly took: number;
}

/** People at once. */
const USERS = 24;
/** Of a hundred invocations, how many die: before they did anything, and when all is done but the answer. */
const CRASHES = { crashBeforeEffect: 0.01, crashAfterEffect: 0.02 };
/** Milliseconds that the database takes no connection for. */
const OUTAGE_MS = 400;

/** Runs the web app: one person first, whom nothing disturbs; then a crowd, on a bad day. */
export async function runWebApp(stack: SynthesizedStack, run: WebAppRun): Promise<WebAppResult> {
  const { requests, seed, clock, code } = run;
  // Faults begin with the crowd.
  const faults: { -readonly [Name in keyof Faults]: Faults[Name] } = {};
  const place = await startWebApp(stack, { clock, seed, code, faults });
  try {
    await place.engine.loadHandlers();
    run.onStart(place);
    const walk = await walkThrough(place, run.onStep);
    Object.assign(faults, CRASHES);
    const begun = Date.now();
    const users = Math.min(USERS, requests);
    const troubles = new Troubles(place, requests);
    let asked = 0;
    run.onProgress(() => [`${asked} of ${requests} asked by ${users} people`, ...troubles.told].join(' · '));
    const onRequest = (count: number) => {
      asked = count;
      troubles.at(count);
    };
    const told = await letInCrowd(place, { users, requests, seed, onRequest });
    await troubles.over();
    const took = Date.now() - begun;
    // Files whose inspection failed are inspected again later.
    await place.engine.settle();
    const alarms = place.engine.firedAlarms();
    const letters = [...deadLetters(place.engine).values()].flat();
    return { ...(await reportOn(place, walk, told, letters)), users, troubles: troubles.told, alarms, took };
  } finally {
    await place.stop();
  }
}

/** What happens to the servers while people are there: each at a share of their requests. */
class Troubles {
  readonly told: string[] = [];
  private last: Promise<void> = Promise.resolve();
  private readonly plan: [share: number, does: () => Promise<void>][];

  constructor(
    { postgres, redis }: Pick<WebAppPlace, 'postgres' | 'redis'>,
    private readonly requests: number,
  ) {
    const cut = async () => {
      await postgres.cut();
      await wait(OUTAGE_MS);
      await postgres.open();
      this.told.push('database away and back');
    };
    this.plan = [
      [0.25, cut],
      ...(redis === undefined
        ? []
        : ([
            [
              0.4,
              async () => {
                await redis.kill();
                this.told.push('cache killed');
              },
            ],
            [
              0.6,
              async () => {
                await redis.start();
                this.told.push('cache back, empty');
              },
            ],
          ] as typeof this.plan)),
      [0.75, cut],
    ];
  }

  at(count: number): void {
    const due = this.plan.filter(([share]) => count >= share * this.requests);
    this.plan.splice(0, due.length);
    for (const [, does] of due) this.last = this.last.then(does);
  }

  over(): Promise<void> {
    return this.last;
  }
}
