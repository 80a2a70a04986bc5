// @project memory

import { expect, it } from 'vitest';
import { HANDLED_EVENT_MEMORY_DAYS } from '../../../lib/runtime/contract';
import { sleep } from '../../../local/clock/clock';
import { deadLetters } from '../../../local/scenarios/dead-letters';
import { effects, itemsOf, placeOrders } from '../../../patterns/event-driven/local/traffic';
import { withEventDriven } from './engine-fixture';

const ORDERS = 20;
const DAY_MS = 86_400_000;

it('does nothing about facts and markers that expire: their removals in the streams start nothing', async () => {
  await withEventDriven({ seed: 7, faults: { indexLagMs: [100, 2000] } }, async (engine) => {
    const sent = await placeOrders(engine, { orders: ORDERS, seed: 7 });
    await engine.settle();
    const seen = () => ({
      outbox: engine.hops.summary().find(({ name }) => name === 'outbox to bus')?.count,
      workflows: [...engine.stateMachines.values()].flatMap(({ executions }) => executions).length,
      payments: effects(engine, 'ShopBilling', 'payment').sort(),
      deadLetters: deadLetters(engine),
    });
    const markers = () => effects(engine, 'ShopBilling', 'event').length;
    const before = seen();
    expect([sent.accepted.size, before.workflows, markers()]).toEqual([ORDERS, ORDERS, ORDERS]);
    expect(itemsOf(engine, 'ShopOutboxFacts').length).toBeGreaterThan(2 * ORDERS);

    await engine.during(sleep(engine.clock, 8 * DAY_MS));
    expect(itemsOf(engine, 'ShopOutboxFacts').length).toBeGreaterThan(2 * ORDERS);
    await engine.during(sleep(engine.clock, (HANDLED_EVENT_MEMORY_DAYS + 3) * DAY_MS));
    expect([itemsOf(engine, 'ShopOutboxFacts'), markers()]).toEqual([[], 0]);
    expect(itemsOf(engine, 'ShopOrdersTable')).toHaveLength(ORDERS);
    await engine.settle();
    expect(seen()).toEqual(before);
  });
});
