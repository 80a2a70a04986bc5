import { describe, expect, it } from 'vitest';
import {
  deadLetters,
  effects,
  itemsOf,
  metricSum,
  placeOrders,
  poison,
  SUBSCRIBERS,
  suspicious,
} from '../../../local/scenarios/event-driven';
import { withEventDriven } from './engine';

const ORDERS = 10_000;
const SEED = 20_260_101;
const PARCELS_PER_DAY = 1000;

describe('ten thousand orders, with everything going wrong that can', () => {
  it('loses none, does nothing twice, and dead-letters the poison and nothing else', async () => {
    const faults = {
      duplicates: 0.02,
      crashBeforeEffect: 0.01,
      crashAfterEffect: 0.01,
      throttles: 0.0005,
      reordering: true,
    };
    await withEventDriven({ seed: SEED, faults }, async (engine) => {
      const sent = await placeOrders(engine, ORDERS, SEED);
      const poisoned = poison(engine, ORDERS / 10);
      await engine.settle();

      const accepted = [...sent.accepted.keys()].sort();
      expect(accepted).toHaveLength(ORDERS - sent.refused);
      expect(itemsOf(engine, 'ShopOrdersTable')).toHaveLength(accepted.length);
      expect(effects(engine, 'ShopBillingTable', 'payment').sort()).toEqual(accepted);
      expect(effects(engine, 'ShopInventoryTable', 'reservation').sort()).toEqual(accepted);
      expect(effects(engine, 'ShopNotificationsTable', 'confirmation').sort()).toEqual(accepted);
      expect(effects(engine, 'ShopFraudCheckTable', 'case').sort()).toEqual(suspicious(sent).sort());
      expect(suspicious(sent).length).toBeGreaterThan(0);

      const dead = deadLetters(engine);
      expect(dead.size).toBe(SUBSCRIBERS.length);
      for (const service of SUBSCRIBERS) {
        const [, bodies = []] = [...dead].find(([id]) => id.startsWith(`Shop${service}Work`)) ?? [];
        expect([...bodies].sort(), service).toEqual([...(poisoned.get(service) ?? [])].sort());
      }

      // Each fact was told once, and each order ended delivered or cancelled, with no parcel over the day's limit.
      const facts = engine.bus?.archive.map(({ detail }) => (detail as { id: string }).id) ?? [];
      expect(new Set(facts).size).toBe(facts.length);
      const told = (type: string) => facts.filter((id) => id.startsWith(`${type}:`)).length;
      expect(told('payment.captured')).toBe(accepted.length);
      expect(told('stock.reserved')).toBe(accepted.length);
      expect(told('order.shipped') + told('delivery.cancelled')).toBe(accepted.length);
      const days = itemsOf(engine, 'ShopFulfilmentDeliveriesTable').flatMap(({ pk, parcels }) =>
        pk !== undefined && 'S' in pk && pk.S.startsWith('courier#') && parcels !== undefined && 'N' in parcels
          ? [Number(parcels.N)]
          : [],
      );
      expect(Math.max(...days)).toBe(PARCELS_PER_DAY);
      expect(days.reduce((sum, parcels) => sum + parcels, 0)).toBe(told('order.shipped'));

      const absorbed = metricSum(engine, 'DuplicatesAbsorbed');
      expect(absorbed).toBeGreaterThan(0);
      console.log(
        `seed ${SEED}: ${ORDERS} orders sent, ${accepted.length} accepted, ${sent.repeated} repeats answered alike; ` +
          `${absorbed} duplicates absorbed; ${told('order.shipped')} shipped, ${told('delivery.cancelled')} cancelled; ` +
          `${suspicious(sent).length} fraud checks; ` +
          engine.pollers
            .map(({ queue, counts }) => {
              const service = /Shop(\w+?)Work/.exec(queue.name)?.[1];
              return `${service}: ${counts.invocations} invocations, ${counts.succeeded} done, ${counts.failed} failed, ${counts.crashed} crashed`;
            })
            .join('; '),
      );
    });
  }, 300_000);
});
