// @project unit

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ORDER_BODY_BYTES } from '../../../../patterns/event-driven/contract';
import { type IncomingOrder, parseOrderRequest } from '../../../../patterns/event-driven/runtime/order-request';

const line = { sku: 'book', quantity: 1, unitPriceCents: 100 };
const order = { currency: 'EUR', lines: [line] };
const headers = { 'idempotency-key': 'key' };

const parse = (body: unknown, more: Partial<IncomingOrder> = {}) =>
  parseOrderRequest({ headers, body: JSON.stringify(body), isBase64Encoded: false, ...more });
const withLine = (changes: object) => ({ ...order, lines: [{ ...line, ...changes }] });
const withDelivery = (changes: object) => ({ ...order, delivery: { country: 'DE', ...changes } });
const refused = (field: string, code = 'invalid_order', status = 400) =>
  expect.objectContaining({ status, code, field });

describe('the body of an order', () => {
  it('is taken as it is', () => {
    const whole = { ...withLine({ note: 'Grüße' }), delivery: { country: 'DE', maxFeeCents: 500 } };
    expect(parse(whole)).toEqual({ idempotencyKey: 'key', ...whole });
    expect(parse(order)).toEqual({ idempotencyKey: 'key', ...order });
  });

  it.each([
    ['lines.0.quantity', [1, 2, 999, 1000], [0, -1, 1001, 1.5, '1'], (quantity: unknown) => withLine({ quantity })],
    [
      'lines.0.unitPriceCents',
      [0, 1, 9_999_999, 10_000_000],
      [-1, 10_000_001, 0.5, null],
      (unitPriceCents: unknown) => withLine({ unitPriceCents }),
    ],
    [
      'lines.0.sku',
      ['a', 'Z', '0', '9.', 'a_b-c', 'x'.repeat(64)],
      ['', 'x'.repeat(65), 'a b', ' a', 'a ', 'ä', 'a/b', 1],
      (sku: unknown) => withLine({ sku }),
    ],
    [
      'lines.0.note',
      ['', 'x', 'n'.repeat(500), 'a\tb\n'],
      ['n'.repeat(501), 'a\0b', '\ud800', 1],
      (note: unknown) => withLine({ note }),
    ],
    [
      'currency',
      ['EUR', 'AAA', 'ZZZ'],
      ['EU', 'EURO', 'eur', 'EU1', ' EUR', ''],
      (currency: unknown) => ({ ...order, currency }),
    ],
    [
      'delivery.country',
      ['DE', 'AZ'],
      ['D', 'DEU', 'de', 'D1', ' DE', ''],
      (country: unknown) => withDelivery({ country }),
    ],
    [
      'delivery.maxFeeCents',
      [0, 1, 999_999, 1_000_000],
      [-1, 1_000_001, 0.5, '1'],
      (maxFeeCents: unknown) => withDelivery({ maxFeeCents }),
    ],
  ] as const)('has bounds: %s', (field, good, bad, body) => {
    for (const value of good) expect(() => parse(body(value)), String(value)).not.toThrow();
    for (const value of bad) expect(() => parse(body(value)), String(value)).toThrow(refused(field));
  });

  it('has 1 to 1,000 lines', () => {
    for (const length of [1, 1000])
      expect(parse({ ...order, lines: Array(length).fill(line) }).lines).toHaveLength(length);
    for (const length of [0, 1001]) {
      expect(() => parse({ ...order, lines: Array(length).fill(line) })).toThrow(refused('lines'));
    }
  });

  it('has no member that nobody knows, and names it', () => {
    expect(() => parse({ ...order, total: 1 })).toThrow(refused('total'));
    expect(() => parse({ ...order, one: 1, two: 2 })).toThrow(refused('one'));
    expect(() => parse(withLine({ price: 1 }))).toThrow(refused('lines.0.price'));
    expect(() => parse(withDelivery({ city: 'x' }))).toThrow(refused('delivery.city'));
  });

  it('says in words what is wrong', () => {
    expect(() => parse(withLine({ quantity: 0 }))).toThrow(/^lines\.0\.quantity: ./);
    expect(() => parse([])).toThrow(/^body: ./);
  });

  it.each(['', '{', 'order'])('is JSON, not %j', (body) => {
    expect(() => parse(undefined, { body })).toThrow(refused('body', 'invalid_json'));
  });

  it('is JSON that is an order', () => {
    for (const body of [[], null, 'x', 1]) expect(() => parse(body)).toThrow(refused('body'));
    expect(() => parseOrderRequest({ headers, isBase64Encoded: false })).toThrow(refused('body', 'invalid_json'));
  });

  it('may be in base64, if it says so', () => {
    const body = Buffer.from(JSON.stringify(order)).toString('base64');
    expect(parse(undefined, { body, isBase64Encoded: true })).toMatchObject(order);
    expect(() => parse(undefined, { body })).toThrow(refused('body', 'invalid_json'));
  });

  it('has at most as many bytes as the contract says, decoded', () => {
    const text = JSON.stringify(order);
    const filled = (bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text));
    const most = filled(MAX_ORDER_BODY_BYTES);
    const isBase64Encoded = true;
    expect(() => parse(undefined, { body: most })).not.toThrow();
    expect(() => parse(undefined, { body: Buffer.from(most).toString('base64'), isBase64Encoded })).not.toThrow();
    const tooLarge = refused('body', 'body_too_large', 413);
    expect(() => parse(undefined, { body: `${most} ` })).toThrow(tooLarge);
    // Bytes, not characters.
    expect(() => parse(undefined, { body: `"${'ü'.repeat(MAX_ORDER_BODY_BYTES / 2)}"` })).toThrow(tooLarge);
  });
});

describe('the headers of an order', () => {
  const keyed = (key?: string) => parse(order, { headers: { 'idempotency-key': key } });
  const wrongKey = refused('Idempotency-Key', 'idempotency_key_required');

  it('have one key of 1 to 128 printable characters and no comma', () => {
    const codes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const good = codes.filter((sign) => sign > ' ' && sign <= '~' && sign !== ',');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...good), minLength: 1, maxLength: 128 }), (key) => {
        expect(keyed(key).idempotencyKey).toBe(key);
      }),
      { seed: 5, numRuns: 50 },
    );
    for (const sign of codes) {
      if (good.includes(sign)) expect(keyed(sign).idempotencyKey).toBe(sign);
      else for (const key of [sign, `a${sign}`, `${sign}a`]) expect(() => keyed(key)).toThrow(wrongKey);
    }
    expect(keyed('k'.repeat(128)).idempotencyKey).toHaveLength(128);
    for (const key of ['k'.repeat(129), '', undefined]) expect(() => keyed(key)).toThrow(wrongKey);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8', undefined])('say that it is JSON: %s', (type) => {
    expect(() => parse(order, { headers: { ...headers, 'content-type': type } })).not.toThrow();
  });

  it.each(['text/plain', 'application/jsonx', 'x application/json', ''])('say nothing else: %j', (type) => {
    const wrong = refused('Content-Type', 'unsupported_media_type', 415);
    expect(() => parse(order, { headers: { ...headers, 'content-type': type } })).toThrow(wrong);
  });
});
