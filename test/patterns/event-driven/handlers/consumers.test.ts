// @project memory
// @node24

import { describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../../../local/engine/local-engine';
import { deadLetters } from '../../../../local/scenarios/dead-letters';
import { effects, itemsOf, metricSum, queueOf, SUBSCRIBERS } from '../../../../patterns/event-driven/local/traffic';
import { withEventDriven } from '../engine-fixture';

const line = { sku: 'book', quantity: 1, unitPriceCents: 100 };

function orderRequest(engine: LocalEngine, key: string, lines: readonly object[]) {
  return {
    method: 'POST',
    path: '/orders',
    headers: { 'Idempotency-Key': key, ...engine.signedIn('alice') },
    body: JSON.stringify({ currency: 'EUR', lines }),
  };
}

async function place(engine: LocalEngine, key: string, lines: readonly object[] = [line]): Promise<string> {
  const request = orderRequest(engine, key, lines);
  // A client that gets no answer asks again.
  for (;;) {
    const { statusCode, body = '' } = await engine.request(request);
    if (statusCode === 202) return (JSON.parse(body) as { orderId: string }).orderId;
    if (statusCode < 500) throw new Error(body);
  }
}

const largeLines = Array.from({ length: 300 }, (_, index) => ({
  ...line,
  sku: `s${index % 3}`,
  note: 'n'.repeat(480),
}));

describe('an order too large for a message', () => {
  it('travels as a claim check and is reserved from its real lines', async () => {
    await withEventDriven({}, async (engine) => {
      const orderId = await place(engine, 'large', largeLines);
      await engine.settle();
      const reservation = itemsOf(engine, 'ShopInventoryTable').find(
        ({ pk }) => pk && 'S' in pk && pk.S === `reservation#${orderId}`,
      );
      expect(reservation?.['reserved']).toEqual(reservedPieces({ s0: 100, s1: 100, s2: 100 }));
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('leaves no object behind when it is refused', async () => {
    await withEventDriven({}, async (engine) => {
      const bucket = engine.find('AWS::S3::Bucket', 'ShopClaims').name;
      await place(engine, 'one', largeLines);
      const [accepted] = engine.stores.s3.keys(bucket);
      for (let body = 1; body < 20; body += 1) {
        const other = [{ ...line, quantity: body + 1 }, ...largeLines];
        await expect(place(engine, 'one', other)).rejects.toThrow('idempotency_key_reused');
      }
      // Two at once under a key of their own: one is accepted, and its lines stay.
      const both = [largeLines, [line, ...largeLines]].map((lines) =>
        engine.api.request(orderRequest(engine, 'two', lines)),
      );
      const answers = await engine.during(Promise.all(both));
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
      expect(engine.stores.s3.keys(bucket)).toHaveLength(2);
      expect(engine.stores.s3.keys(bucket)).toContain(accepted);
      // The request that was accepted, again: its lines are still there.
      await place(engine, 'one', largeLines);
      expect(engine.stores.s3.keys(bucket)).toHaveLength(2);
    });
  });

  it('is dead-lettered, not half done, when its claim is not what it was', async () => {
    let tamper = () => {};
    const onCall = ({ action }: { action: string }) => {
      if (action === 'GetObject') tamper();
    };
    await withEventDriven({ onCall }, async (engine) => {
      tamper = () => {
        const bucket = engine.find('AWS::S3::Bucket', 'ShopClaims').name;
        const [key = ''] = engine.stores.s3.keys(bucket);
        engine.stores.s3.tamper(bucket, key, '[]');
      };
      const orderId = await place(engine, 'large', largeLines);
      await engine.settle();
      expect(effects(engine, 'ShopInventoryTable', 'reservation')).toEqual([]);
      expect(effects(engine, 'ShopBillingTable', 'payment')).toEqual([orderId]);
      expect([...deadLetters(engine).keys()]).toEqual([expect.stringMatching(/^ShopInventoryWork/)]);
    });
  });
});

/** A reservation's pieces as its table holds them. */
function reservedPieces(quantities: Readonly<Record<string, number>>) {
  const pieces = Object.entries(quantities).map(([sku, quantity]) => ({
    M: { sku: { S: sku }, quantity: { N: String(quantity) } },
  }));
  return { L: pieces };
}

describe('a product code', () => {
  it('is reserved like any other, whatever it means to an object', async () => {
    const codes = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '1', 'length', 'book'];
    await withEventDriven({}, async (engine) => {
      const orderId = await place(
        engine,
        'odd',
        [...codes, ...codes].map((sku) => ({ ...line, sku, quantity: 2 })),
      );
      await engine.settle();
      const reservation = itemsOf(engine, 'ShopInventoryTable').find(
        ({ pk }) => pk !== undefined && 'S' in pk && pk.S === `reservation#${orderId}`,
      );
      expect(reservation?.['reserved']).toEqual({
        L: codes.map((sku) => ({ M: { sku: { S: sku }, quantity: { N: '4' } } })),
      });
      expect(deadLetters(engine).size).toBe(0);
    });
  });
});

describe('a consumer', () => {
  it('reports the bad messages of a batch alone, and nothing but them is tried again', async () => {
    await withEventDriven({}, async (engine) => {
      const orders: string[] = [];
      for (let count = 0; count < 9; count += 1) orders.push(await place(engine, `k${count}`));
      queueOf(engine, 'Billing').send({ body: 'not json' });
      await engine.settle();
      expect(effects(engine, 'ShopBillingTable', 'payment').sort()).toEqual(orders.sort());
      const [billing] = engine.pollers;
      expect(billing?.counts).toMatchObject({ succeeded: 9, failed: 5, crashed: 0 });
      expect([...deadLetters(engine).values()]).toEqual([['not json']]);
    });
  });

  it('does its work once when each message comes ten times, in any order', async () => {
    await withEventDriven({ faults: { duplicates: 1, reordering: true } }, async (engine) => {
      const orders: string[] = [];
      for (let count = 0; count < 5; count += 1) orders.push(await place(engine, `k${count}`));
      await engine.settle();
      for (const [table, prefix] of [
        ['ShopBillingTable', 'payment'],
        ['ShopInventoryTable', 'reservation'],
        ['ShopNotificationsTable', 'confirmation'],
      ] as const) {
        expect(effects(engine, table, prefix).sort()).toEqual([...orders].sort());
      }
      expect(metricSum(engine, 'DuplicatesAbsorbed')).toBe(5 * 9 * SUBSCRIBERS.length);
      expect(metricSum(engine, 'EventsHandled')).toBe(5 * SUBSCRIBERS.length);
    });
  });

  it('does its work once when it dies between the effect and its answer', async () => {
    await withEventDriven({ seed: 3, faults: { crashAfterEffect: 0.5 } }, async (engine) => {
      const orders: string[] = [];
      for (let count = 0; count < 20; count += 1) orders.push(await place(engine, `k${count}`));
      await engine.settle();
      expect(effects(engine, 'ShopBillingTable', 'payment').sort()).toEqual(orders.sort());
      const crashed = engine.pollers.reduce((sum, { counts }) => sum + counts.crashed, 0);
      expect(crashed).toBeGreaterThan(0);
      const facts = engine.bus?.archive.map(({ detail }) => (detail as { id: string }).id) ?? [];
      expect(new Set(facts).size).toBe(facts.length);
    });
  });

  it('keeps what it could never do in its dead-letter queue, with the order still accepted', async () => {
    await withEventDriven({ faults: { outage: ({ service }) => service !== 'orders' } }, async (engine) => {
      await place(engine, 'k');
      await engine.settle();
      expect(itemsOf(engine, 'ShopOrdersTable')).toHaveLength(1);
      expect([...deadLetters(engine).keys()].map((id) => id.replace(/Work.*/, '')).sort()).toEqual(
        SUBSCRIBERS.map((service) => `Shop${service}`).sort(),
      );
    });
  });
});

describe('the fan-out with fifo', () => {
  it('delivers each order once, whatever SNS refuses on the way', async () => {
    let refusals = 3;
    const onCall = ({ service, action }: { service: string; action: string }) => {
      if (service === 'sns' && action === 'PublishBatch' && refusals > 0) {
        refusals -= 1;
        throw new Error('the topic is down');
      }
    };
    await withEventDriven({ props: { fifo: true }, onCall }, async (engine) => {
      const orders: string[] = [];
      for (let count = 0; count < 25; count += 1) orders.push(await place(engine, `k${count}`));
      await engine.settle();
      expect(refusals).toBe(0);
      expect(effects(engine, 'ShopBillingTable', 'payment').sort()).toEqual([...orders].sort());
      expect(engine.stores.sns.published).toBe(25);
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('goes on from the first message that SNS refused, and the repeats change nothing', async () => {
    await withEventDriven({ props: { fifo: true } }, async (engine) => {
      const seen = new Map<unknown, number>();
      engine.stores.sns.refuses = ({ MessageDeduplicationId }) => {
        const tries = (seen.get(MessageDeduplicationId) ?? 0) + 1;
        seen.set(MessageDeduplicationId, tries);
        return tries === 1 && seen.size % 3 === 0;
      };
      const orders: string[] = [];
      for (let count = 0; count < 25; count += 1) orders.push(await place(engine, `k${count}`));
      await engine.settle();
      expect([...seen.values()].filter((tries) => tries > 1).length).toBeGreaterThan(5);
      expect(effects(engine, 'ShopBillingTable', 'payment').sort()).toEqual([...orders].sort());
      expect(metricSum(engine, 'EventsHandled')).toBe(25 * SUBSCRIBERS.length);
      expect(deadLetters(engine).size).toBe(0);
    });
  });
});
