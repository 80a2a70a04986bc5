import { beforeAll, describe, expect, it } from 'vitest';
import type { SynthesizedStack } from '../../../../local/assembly/cloud-assembly';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { BAD_DAY } from '../../../../local/scenarios/days';
import { prepared, weaken } from '../../../../local/weaken/weaken';
import { DATA_PIPELINE_DEMO } from '../../../../patterns/data-pipeline/local/demo';
import { stackOf } from '../../../assemblies';

let stack: SynthesizedStack;

beforeAll(async () => {
  stack = await stackOf('DataPipeline');
});

const problemsOf = async (on: SynthesizedStack, day: object = {}, code?: Readonly<Record<string, string>>) => {
  const { faults } = day as { faults?: object };
  const { problems } = await DATA_PIPELINE_DEMO.run(on, {
    amount: 400,
    seed: 11,
    clock: new VirtualClock(),
    handlers: 'process',
    day,
    faults: { ...BAD_DAY, latencyMs: [50, 300], ...faults },
    code,
    onStart: () => undefined,
    onProgress: () => undefined,
  });
  return problems.join('\n');
};

/** Runs with everything in place, by day: a seed repeats a run, so one tells for every weakening of the same day and stack. */
const healthy = new Map<string, Promise<string>>();

describe.each(Object.entries(DATA_PIPELINE_DEMO.weakenings))('without %s', (id, weakening) => {
  it('the damage appears', async () => {
    const weakened = await weaken(stack, weakening);
    expect(await problemsOf(weakened.stack, weakening.day, weakened.code)).toMatch(weakening.shows);
  });

  it('and with it, nothing is wrong', async () => {
    const on = prepared(stack, weakening);
    const day = on === stack ? JSON.stringify(weakening.day ?? {}) : id;
    const run = healthy.get(day) ?? problemsOf(on, weakening.day);
    healthy.set(day, run);
    expect(await run).toBe('');
  });
});
