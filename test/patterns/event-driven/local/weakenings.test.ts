import { beforeAll, describe, expect, it } from 'vitest';
import type { SynthesizedStack } from '../../../../local/assembly/cloud-assembly';
import { BAD_DAY } from '../../../../local/scenarios/days';
import { weaken } from '../../../../local/weaken/weaken';
import { runEventDriven } from '../../../../patterns/event-driven/local/run';
import { EVENT_DRIVEN_WEAKENINGS } from '../../../../patterns/event-driven/local/weakenings';
import { stackOf } from '../../../assemblies';

const TRAFFIC = { orders: 80, poison: 2, noise: 3, seed: 11 };

let stack: SynthesizedStack;

beforeAll(async () => {
  stack = await stackOf('EventDriven');
});

const dayOf = ({ day = {} }: (typeof EVENT_DRIVEN_WEAKENINGS)[keyof typeof EVENT_DRIVEN_WEAKENINGS] & object) => ({
  ...TRAFFIC,
  ...day,
  faults: { ...BAD_DAY, latencyMs: [50, 300] as const, ...day.faults },
});

/** Runs with everything in place, by day: a seed repeats a run, so one tells for every weakening of the same day. */
const healthy = new Map<object | undefined, ReturnType<typeof runEventDriven>>();

describe.each(Object.entries(EVENT_DRIVEN_WEAKENINGS))('without %s', (_, weakening) => {
  it('the damage appears', async () => {
    const weakened = await weaken(stack, weakening);
    const { report } = await runEventDriven(weakened.stack, { ...dayOf(weakening), code: weakened.code });
    expect(report.problems.join('\n')).toMatch(weakening.shows);
  });

  it('and with it, none of it does', async () => {
    const run = healthy.get(weakening.day) ?? runEventDriven(stack, dayOf(weakening));
    healthy.set(weakening.day, run);
    const { report } = await run;
    expect(report.problems.join('\n')).not.toMatch(weakening.shows);
  });
});
