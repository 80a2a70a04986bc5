import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStack } from '../../local/assembly/cloud-assembly';
import { type EventDrivenResult, runEventDriven } from '../../patterns/event-driven/local/run';
import { runEventDrivenOnMoto } from '../../patterns/event-driven/local/run-on-moto';
import { eventDrivenStack, testApp } from '../synthesize';

const TRAFFIC = {
  orders: 60,
  poison: 2,
  noise: 5,
  seed: Number(process.env['ORACLE_SEED'] ?? 7),
  faults: { crashBeforeEffect: 0.05, crashAfterEffect: 0.05, pipeRestarts: 0.02 },
};

let outdir: string;
let onMoto: EventDrivenResult;
let onOurs: EventDrivenResult;

beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'groundplan-scenario-'));
  const app = testApp({ outdir });
  eventDrivenStack(app, 'dev');
  app.synth();
  const stack = readStack(outdir, 'EventDriven');
  onMoto = await runEventDrivenOnMoto(stack, TRAFFIC, process.env['MOTO_ENDPOINT'] ?? '');
  onOurs = await runEventDriven(stack, TRAFFIC);
}, 180_000);
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe(`the event-driven pattern on moto and on our stores, seed ${TRAFFIC.seed}`, () => {
  it('loses nothing and does nothing twice on either', () => {
    expect({ moto: onMoto.report.problems, ours: onOurs.report.problems }).toEqual({ moto: [], ours: [] });
  });

  it('comes to the same: accepted, handled, dead-lettered', () => {
    const outcome = ({ report }: EventDrivenResult) => ({
      accepted: report.accepted,
      services: report.services.map(({ service, handled, poisonKept, junk }) => ({
        service,
        handled,
        poisonKept,
        junk,
      })),
    });
    expect(outcome(onMoto)).toEqual(outcome(onOurs));
    expect(outcome(onMoto).services.map(({ handled, poisonKept }) => [handled, poisonKept])).toEqual([
      [60, 2],
      [60, 2],
      [60, 2],
    ]);
  });

  it('finishes each workflow, and each fraud check that was called for', () => {
    for (const { report } of [onMoto, onOurs]) {
      expect(report.fulfilment.shipped + report.fulfilment.refused).toBe(60);
      expect(report.fraudChecks.done).toBe(report.fraudChecks.expected);
      expect(report.fraudChecks.done).toBeGreaterThan(0);
    }
  });
});
