// @project unit

import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Order } from '../../../../patterns/event-driven/contract';
import {
  factAbout,
  linesOf,
  parseFactEvent,
  parseOrderEvent,
} from '../../../../patterns/event-driven/runtime/order-events';

const NOW = '2026-11-24T10:00:00.000Z';
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

const line = { sku: 'a', quantity: 1, unitPriceCents: 2 };
const order: Order = {
  orderId: 'ord_1',
  customerId: 'alice',
  createdAt: NOW,
  currency: 'EUR',
  totalCents: 2,
  lineCount: 1,
  lines: [line],
};
const message = (changes: object = {}, of: object = order) => ({
  id: 'order.placed:ord_1',
  type: 'order.placed',
  occurredAt: NOW,
  data: { M: marshall(of) },
  ...changes,
});

describe('a message', () => {
  it('is read with numbers that are numbers', () => {
    const delivery = { country: 'DE', maxFeeCents: 5 };
    const whole = { ...order, delivery, lines: [{ ...line, note: 'x' }], claim: { key: 'k', bytes: 1, sha256: 's' } };
    expect(parseOrderEvent(message({}, whole))).toEqual({
      id: 'order.placed:ord_1',
      type: 'order.placed',
      occurredAt: NOW,
      order: whole,
    });
  });

  it.each([
    ['a type of its own', message({ type: 'order.shipped' })],
    ['no id', message({ id: '' })],
    ['no data', message({ data: {} })],
    ['an order without a customer', message({}, { ...order, customerId: '' })],
    ['half a cent', message({}, { ...order, totalCents: 0.5 })],
    ['a line of no product', message({}, { ...order, lines: [{ ...line, sku: '' }] })],
    ['a text', 'x'],
  ])('has not %s', (_, body) => {
    expect(() => parseOrderEvent(body)).toThrow();
  });

  it('has names of 1 to 256 characters', () => {
    for (const length of [1, 256]) expect(() => parseOrderEvent(message({ id: 'x'.repeat(length) }))).not.toThrow();
    for (const length of [0, 257]) expect(() => parseOrderEvent(message({ id: 'x'.repeat(length) }))).toThrow();
  });
});

describe('a fact', () => {
  it('says what every fact says of an order', () => {
    const fact = factAbout('stock.reserved', order);
    expect(fact).toEqual({
      id: 'stock.reserved:ord_1',
      orderId: 'ord_1',
      customerId: 'alice',
      totalCents: 2,
      currency: 'EUR',
      occurredAt: NOW,
    });
    expect(parseFactEvent({ detail: fact })).toEqual(fact);
    const delivery = { country: 'DE' };
    const withDelivery = factAbout('stock.reserved', { ...order, delivery });
    expect(withDelivery).toEqual({ ...fact, delivery });
    expect(parseFactEvent({ detail: withDelivery })).toEqual({ ...fact, delivery });
  });

  it.each([{}, { detail: {} }, { detail: { ...factAbout('x', order), totalCents: '2' } }])('is not %j', (body) => {
    expect(() => parseFactEvent(body)).toThrow();
  });
});

it('has lines of its own, or a claim to them', async () => {
  expect(await linesOf(order)).toEqual([line]);
  const { lines: _, ...bare } = order;
  await expect(linesOf(bare)).rejects.toThrow('Order ord_1 has neither lines nor a claim');
});
