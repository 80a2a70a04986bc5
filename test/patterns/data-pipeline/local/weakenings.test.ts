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

describe.each(Object.entries(DATA_PIPELINE_DEMO.weakenings))('without %s', (_, weakening) => {
  it('the damage appears', async () => {
    const weakened = await weaken(stack, weakening);
    expect(await problemsOf(weakened.stack, weakening.day, weakened.code)).toMatch(weakening.shows);
  });

  it('and with it, nothing is wrong', async () => {
    expect(await problemsOf(prepared(stack, weakening), weakening.day)).toBe('');
  });
});
