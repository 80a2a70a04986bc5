import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStack, type SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { BAD_DAY } from '../../../local/scenarios/days';
import { runEventDriven } from '../../../local/scenarios/event-driven-run';
import { EVENT_DRIVEN_WEAKENINGS } from '../../../local/weaken/event-driven';
import { weaken } from '../../../local/weaken/weaken';
import { eventDrivenStack, testApp } from '../../synthesize';

const TRAFFIC = { orders: 100, poison: 2, noise: 3, seed: 11 };

let outdir: string;
let stack: SynthesizedStack;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'groundplan-weaken-'));
  const app = testApp({ outdir });
  eventDrivenStack(app, 'dev');
  app.synth();
  stack = readStack(outdir, 'EventDriven');
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const dayOf = ({ day = {} }: (typeof EVENT_DRIVEN_WEAKENINGS)[keyof typeof EVENT_DRIVEN_WEAKENINGS] & object) => ({
  ...TRAFFIC,
  ...day,
  faults: { ...BAD_DAY, latencyMs: [50, 300] as const, ...day.faults },
});

describe.each(Object.entries(EVENT_DRIVEN_WEAKENINGS))('without %s', (_, weakening) => {
  it('the damage appears', async () => {
    const weakened = await weaken(stack, weakening);
    const { report } = await runEventDriven(weakened.stack, { ...dayOf(weakening), code: weakened.code });
    expect(report.problems.join('\n')).toMatch(weakening.shows);
  });

  it('and with it, none of it does', async () => {
    const { report } = await runEventDriven(stack, dayOf(weakening));
    expect(report.problems.join('\n')).not.toMatch(weakening.shows);
  });
});
