import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceChange } from '../../../../local/weaken/weakening';
import { eventDrivenTarget } from '../../../../patterns/event-driven/local/fuzz';
import { stackOf } from '../../../assemblies';
import { FuzzFixture, found } from '../../../local/fuzz/fuzz-fixture';

let fixture: FuzzFixture;
beforeAll(async () => {
  fixture = new FuzzFixture(await stackOf('EventDriven'));
});
afterAll(() => fixture.end());

const API = { orders: 'event-driven/handlers/orders-api' };
const ORDERS = 'patterns/event-driven/runtime/orders.ts';

const weakened = async (change: SourceChange, smallest = false) =>
  found(eventDrivenTarget(fixture.stack, { code: await fixture.weakened(change) }), { requests: 1000, smallest });

describe('drawn requests to the orders API', () => {
  it('find nothing wrong, and are the same for the same seed', async () => {
    const first = await found(eventDrivenTarget(fixture.stack));
    expect(first).toMatchObject({ faults: '', lines: [] });
    expect(first.requests).toBeGreaterThanOrEqual(300);
    for (const status of [200, 202, 400, 401, 404]) expect(first.statuses.get(status)).toBeGreaterThan(0);
    expect(first.reads).toBeGreaterThan(20);
    expect(await found(eventDrivenTarget(fixture.stack))).toEqual(first);
    expect((await found(eventDrivenTarget(fixture.stack), { seed: 2 })).statuses).not.toEqual(first.statuses);
  });

  it('find a handler that fails at what a client got wrong, and show the one request', async () => {
    const { faults, lines } = await weakened(
      {
        handlers: API,
        source: ORDERS,
        replace: [
          "throw new Problem(400, 'invalid_limit'",
          "throw new Error('limit'); new Problem(400, 'invalid_limit'",
        ],
      },
      true,
    );
    expect(faults).toMatch(/^answers 500/);
    expect(faults).toMatch(/orders logs an error: .*limit/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^curl -X GET "\$API"'\/orders\?.*limit=.*' -H "authorization: Bearer \$\w+".* {3}# 500$/);
  });

  it("find a handler that shows another customer's order", async () => {
    const { faults, lines } = await weakened(
      {
        handlers: API,
        source: ORDERS,
        replace: ['if (Item?.[OrderKeys.customerId] !== customerId)', 'if (Item === undefined)'],
      },
      true,
    );
    expect(faults).toMatch(/answers 200 to a valid request, not (404|403 or 404)/);
    expect(faults).toMatch(/tells \w+ what is another's: (ord_|word-of)/);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  it("find a list that shows another customer's orders", async () => {
    const { faults } = await weakened({
      handlers: API,
      source: ORDERS,
      replace: [
        "':customer': customerId }",
        "':customer': [process.env['LAST'], (process.env['LAST'] = customerId)][0] ?? customerId }",
      ],
    });
    expect(faults).toMatch(/tells \w+ what is another's|lists ord_\w+, which \w+ did not place/);
  });

  it('find a key that names two orders', async () => {
    const { faults } = await weakened({
      handlers: API,
      source: ORDERS,
      replace: ['if (before[OrderKeys.requestHash] !== requestHash) {', 'if (requestHash === "") {'],
    });
    expect(faults).toMatch(/answers 202 to a valid request, not 409|by the same idempotency key|another "lines"/);
  });

  it('find an order that is accepted and never done', async () => {
    const { faults } = await weakened({
      handlers: { billing: 'event-driven/handlers/billing' },
      source: 'lib/runtime/consumer.ts',
      replace: ['await documents.send(', 'if (Math.random() < 2) throw new Error("no"); await documents.send('],
    });
    expect(faults).toMatch(/was accepted, and Billing did not handle it/);
    expect(faults).toMatch(/dead letters/);
    expect(faults).toMatch(/the alarm \w*BillingDeadLetters\w* fires/);
  });
});
