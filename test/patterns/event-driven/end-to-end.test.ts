import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { BAD_DAY, LONG_DAY } from '../../../local/scenarios/days';
import { reportOf } from '../../../patterns/event-driven/local/report';
import { itemsOf, metricSum, placeOrders, poison, publishNoise } from '../../../patterns/event-driven/local/traffic';
import { withEventDriven } from './engine-fixture';

/** Enough for each fault to occur; .ci/run has a day of 10,000. */
const ORDERS = Number(process.env['GROUNDPLAN_ORDERS'] ?? 600);
const SEED = Number(process.env['GROUNDPLAN_SEED'] ?? 20_260_101);
const REPLAY = `replay: GROUNDPLAN_SEED=${SEED} GROUNDPLAN_ORDERS=${ORDERS} npx vitest run test/patterns/event-driven/end-to-end.test.ts`;

/** Places orders and poison, and lets everything follow that follows. */
async function aDay(engine: LocalEngine, orders: number, seed: number) {
  const poisoned = await poison(engine, orders / 100);
  await publishNoise(engine, orders / 100);
  const sent = await placeOrders(engine, { orders, seed, burst: Math.min(orders / 10, 200) });
  await engine.settle();
  return { sent, report: await reportOf(engine, sent, poisoned) };
}

describe(`${ORDERS} orders, with everything going wrong that can, from seed ${SEED}`, () => {
  it(`loses none, does nothing twice, and dead-letters the poison and nothing else (${REPLAY})`, async () => {
    await withEventDriven({ seed: SEED, faults: LONG_DAY }, async (engine) => {
      const begun = Date.now();
      const { sent, report } = await aDay(engine, ORDERS, SEED);

      expect(report.problems, REPLAY).toEqual([]);
      expect(report.accepted, REPLAY).toBe(ORDERS);
      expect(itemsOf(engine, 'ShopOrdersTable')).toHaveLength(ORDERS);
      for (const service of report.services) {
        expect(service, REPLAY).toMatchObject({ handled: ORDERS, poisonKept: ORDERS / 100, lost: 0 });
        expect(service.duplicatesAbsorbed).toBeGreaterThan(0);
      }
      expect(report.fraudChecks.done).toBeGreaterThan(0);
      expect(report.accounting, REPLAY).toMatchObject({ accepted: ORDERS + 3 * (ORDERS / 100) });
      expect(report.fulfilment.shipped + report.fulfilment.refused, REPLAY).toBe(ORDERS);
      expect(report.fulfilment.refused, REPLAY).toBeGreaterThan(0);

      console.log(
        `seed ${SEED}: ${ORDERS} orders in ${((Date.now() - begun) / 1000).toFixed(0)} s; ${sent.repeated} repeats answered ` +
          `alike, ${sent.putOff} put off; ${metricSum(engine, 'DuplicatesAbsorbed')} duplicates absorbed; ` +
          `${report.fulfilment.shipped} shipped, ${report.fulfilment.refused} refused; ${report.fraudChecks.done} fraud checks; ` +
          engine.pollers
            .map(({ queue, counts }) => `${/Shop(\w+?)Work/.exec(queue.name)?.[1]}: ${JSON.stringify(counts)}`)
            .join('; '),
      );
    });
  });
});

describe('a seed', () => {
  /** Everything that can be seen of a run. */
  const digest = (seed: number) =>
    withEventDriven({ seed, faults: { ...LONG_DAY, ...BAD_DAY } }, async (engine) => {
      await aDay(engine, 100, seed);
      const seen = [
        ...engine.stores.dynamodb.all().map((table) => table.all()),
        ...engine.stores.sqs.all().map((queue) => queue.contents()),
        engine.bus?.archive,
        engine.hops.summary(),
      ];
      return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
    });

  it('gives the same run again, to the last id and millisecond', async () => {
    expect(await digest(5)).toBe(await digest(5));
  });

  it('gives another run than another seed', async () => {
    expect(await digest(5)).not.toBe(await digest(6));
  });
});
