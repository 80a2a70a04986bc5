// @project memory
// @node24

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../../../local/engine/local-engine';
import { seededRandom } from '../../../../local/engine/random';
import { MAX_ORDER_BODY_BYTES } from '../../../../patterns/event-driven/contract';
import { withEventDriven } from '../engine-fixture';

let engine: LocalEngine;
let finish: () => void;
let ended: Promise<void>;
beforeAll(async () => {
  await new Promise<void>((started, failed) => {
    ended = withEventDriven({}, async (running) => {
      engine = running;
      started();
      await new Promise<void>((done) => {
        finish = done;
      });
    });
    ended.catch(failed);
  });
});
afterAll(async () => {
  finish();
  await ended;
});

const line = { sku: 'book-1', quantity: 2, unitPriceCents: 1250 };
const order = { currency: 'EUR', lines: [line] };
let keys = 0;

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly customer?: string;
}

async function ask({ method = 'POST', path = '/orders', headers, body, customer = 'alice' }: Asked) {
  keys += 1;
  const answer = await engine.request({
    method,
    path,
    headers: {
      ...(headers ?? { 'Content-Type': 'application/json', 'Idempotency-Key': `key-${keys}` }),
      ...(customer !== '' && engine.signedIn(customer)),
    },
    body: body ?? (method === 'POST' ? JSON.stringify(order) : undefined),
  });
  return { ...answer, json: JSON.parse(answer.body ?? 'null') as Record<string, unknown> };
}

const ordersOf = (running: LocalEngine) =>
  running.stores.dynamodb.table(running.find('AWS::DynamoDB::Table', 'ShopOrdersTable').name).size;
const place = (changes: object) => ask({ body: JSON.stringify({ ...order, ...changes }) });
const keyed = (key: string, body: unknown, customer?: string) =>
  ask({ headers: { 'Idempotency-Key': key }, body: JSON.stringify(body), customer });

describe('POST /orders', () => {
  it('accepts an order and says where it is', async () => {
    const answer = await ask({});
    expect(answer.statusCode).toBe(202);
    expect(answer.json).toMatchObject({ status: 'accepted', totalCents: 2500, currency: 'EUR' });
    expect(answer.headers?.['location']).toBe(`/orders/${String(answer.json['orderId'])}`);
  });

  it('gives a repeated request the same answer, byte for byte, and one order', async () => {
    const before = ordersOf(engine);
    const answers = await Promise.all(Array.from({ length: 10 }, () => keyed('same', order, 'rita')));
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
    expect(ordersOf(engine)).toBe(before + 1);
  });

  it('refuses the key of another order, and lets another customer use the same key', async () => {
    await keyed('taken', order);
    const reused = await keyed('taken', { ...order, lines: [{ ...line, quantity: 3 }] });
    expect(reused.statusCode).toBe(409);
    expect(reused.json).toMatchObject({ code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    expect((await keyed('taken', order, 'bob')).statusCode).toBe(202);
  });

  it.each([0, 1_000_000])(
    'keeps where the order goes, and refuses its key for another address (fee %s)',
    async (maxFeeCents) => {
      const delivery = { country: 'DE', maxFeeCents };
      const key = `to-${maxFeeCents}`;
      const { json } = await keyed(key, { ...order, delivery });
      const found = await ask({ method: 'GET', path: `/orders/${String(json['orderId'])}` });
      expect(found.json['delivery']).toEqual(delivery);
      expect((await keyed(key, { ...order, delivery: { country: 'AT' } })).statusCode).toBe(409);
      expect((await keyed(key, order)).statusCode).toBe(409);
      expect((await keyed(key, { ...order, delivery })).statusCode).toBe(202);
    },
  );

  it.each([
    ['no idempotency key', { headers: {} }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    ['an empty key', { headers: { 'idempotency-key': '' } }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    [
      'a key too long',
      { headers: { 'idempotency-key': 'k'.repeat(129) } },
      400,
      'idempotency_key_required',
      'Idempotency-Key',
    ],
    [
      'another media type',
      { headers: { 'idempotency-key': 'k', 'content-type': 'text/xml' } },
      415,
      'unsupported_media_type',
      'Content-Type',
    ],
    ['no JSON', { body: '{"currency":' }, 400, 'invalid_json', 'body'],
    ['an empty body', { body: '' }, 400, 'invalid_json', 'body'],
    ['an array', { body: '[]' }, 400, 'invalid_order', 'body'],
    ['null', { body: 'null' }, 400, 'invalid_order', 'body'],
    ['a body too large', { body: JSON.stringify('x'.repeat(MAX_ORDER_BODY_BYTES)) }, 413, 'body_too_large', 'body'],
  ])('refuses %s', async (_, asked, status, code, field) => {
    const answer = await ask(asked);
    expect(answer.statusCode).toBe(status);
    expect(answer.json).toMatchObject({ status, code, field });
    expect(answer.headers?.['content-type']).toBe('application/problem+json');
  });

  it.each([
    [{ currency: 'euro' }, 'currency'],
    [{ currency: undefined }, 'currency'],
    [{ lines: [] }, 'lines'],
    [{ lines: Array.from({ length: 1001 }, () => line) }, 'lines'],
    [{ lines: [{ ...line, sku: 'a b' }] }, 'lines.0.sku'],
    [{ lines: [line, { ...line, quantity: 0 }] }, 'lines.1.quantity'],
    [{ lines: [{ ...line, quantity: 1.5 }] }, 'lines.0.quantity'],
    [{ lines: [{ ...line, quantity: '2' }] }, 'lines.0.quantity'],
    [{ lines: [{ ...line, unitPriceCents: -1 }] }, 'lines.0.unitPriceCents'],
    [{ lines: [{ ...line, unitPriceCents: 1e300 }] }, 'lines.0.unitPriceCents'],
    [{ lines: [{ ...line, note: 'x'.repeat(501) }] }, 'lines.0.note'],
    [{ lines: [{ ...line, price: 1 }] }, 'lines.0.price'],
    [{ lines: [line, { ...line, note: 'no\0te' }] }, 'lines.1.note'],
    [{ lines: [{ ...line, note: 'no\uffffte' }] }, 'lines.0.note'],
    [{ lines: [{ ...line, note: 'no\ufffete' }] }, 'lines.0.note'],
    [{ lines: [{ ...line, note: 'no\ud800te' }] }, 'lines.0.note'],
    [{ lines: [{ ...line, note: 'no\x1bte' }] }, 'lines.0.note'],
    [{ customerId: 'bob' }, 'customerId'],
    [{ delivery: 'DE' }, 'delivery'],
    [{ delivery: {} }, 'delivery.country'],
    [{ delivery: { country: 'Germany' } }, 'delivery.country'],
    [{ delivery: { country: 'DE', maxFeeCents: -1 } }, 'delivery.maxFeeCents'],
    [{ delivery: { country: 'DE', maxFeeCents: 1_000_001 } }, 'delivery.maxFeeCents'],
    [{ delivery: { country: 'DE', fee: 1 } }, 'delivery.fee'],
  ])('refuses %j and names the field', async (changes, field) => {
    const answer = await place(changes);
    expect(answer.statusCode).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_order', field });
  });

  it('accepts each note that SQS takes, and refuses every other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 20 }), async (text) => {
        const note = Buffer.from(text).toString();
        const taken = [...note].every((sign) => /[\t\n\r]|[^\p{Cc}\ufffe\uffff]|[\x7f-\x9f]/u.test(sign));
        const answer = await place({ lines: [{ ...line, note }] });
        expect([answer.statusCode, answer.json['field']]).toEqual(taken ? [202, undefined] : [400, 'lines.0.note']);
      }),
      { seed: 17, numRuns: 200, examples: [['\ufffd'], ['\u{1ffff}'], ['\x7f'], ['\u0085'], ['💥'], ['\v']] },
    );
  });

  it('refuses two keys', async () => {
    const answer = await ask({ headers: { 'idempotency-key': 'one,two' } });
    expect([answer.statusCode, answer.json['field']]).toEqual([400, 'Idempotency-Key']);
  });

  it('never fails on a body that it did not expect', async () => {
    const random = seededRandom(7);
    const pieces = [
      null,
      true,
      -1,
      1e21,
      '',
      '\u0000',
      '💥',
      [],
      {},
      [[]],
      { __proto__: null },
      order,
      line,
      order.lines,
    ];
    const piece = () => pieces[Math.floor(random() * pieces.length)];
    for (let round = 0; round < 300; round += 1) {
      const body = {
        currency: piece(),
        lines: random() < 0.5 ? piece() : [piece(), piece()],
        [JSON.stringify(piece()) ?? '']: piece(),
      };
      const { statusCode, json } = await ask({ body: JSON.stringify(body) });
      expect(statusCode, JSON.stringify(body)).toBe(400);
      expect(json['field']).toBeTruthy();
    }
  });

  it('needs a token', async () => {
    expect((await ask({ customer: '' })).statusCode).toBe(401);
  });
});

describe('GET /orders/{id}', () => {
  it('answers with the order and its lines to its own customer only', async () => {
    const { json } = await place({ lines: [{ ...line, note: 'gift' }] });
    const path = `/orders/${String(json['orderId'])}`;
    const own = await ask({ method: 'GET', path });
    expect(own.statusCode).toBe(200);
    expect(own.json).toMatchObject({ orderId: json['orderId'], lines: [{ ...line, note: 'gift' }] });
    expect(own.json).not.toHaveProperty('customerId');
    const other = await ask({ method: 'GET', path, customer: 'mallory' });
    const none = await ask({ method: 'GET', path: `/orders/ord_${'0'.repeat(32)}` });
    expect([other.statusCode, none.statusCode]).toEqual([404, 404]);
    const { requestId: _, ...otherProblem } = other.json;
    const { requestId: __, ...noneProblem } = none.json;
    expect(otherProblem).toEqual(noneProblem);
    expect(otherProblem).toMatchObject({ code: 'order_not_found', field: 'id' });
  });

  it.each(['x', '..%2F..', 'ord_', '%00', `ord_${'g'.repeat(32)}`])('has no order %s', async (id) => {
    expect((await ask({ method: 'GET', path: `/orders/${id}` })).statusCode).toBe(404);
  });

  it('gives back lines that were too large for a message', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => ({ ...line, sku: `sku-${index}`, note: 'n'.repeat(450) }));
    const { json, statusCode } = await place({ lines });
    expect(statusCode).toBe(202);
    const found = await ask({ method: 'GET', path: `/orders/${String(json['orderId'])}` });
    expect(found.json['lines']).toEqual(lines);
    const bucket =
      engine.template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes('Claims'))?.name ?? '';
    expect(engine.stores.s3.keys(bucket).filter((key) => key.includes(String(json['orderId'])))).toHaveLength(1);
  });
});

describe('GET /orders', () => {
  it('lists own orders, newest first, page by page', async () => {
    const placed: unknown[] = [];
    for (let count = 0; count < 7; count += 1) {
      placed.unshift((await keyed(`page-${count}`, order, 'paula')).json['orderId']);
      // Orders of one millisecond have no order among themselves.
      await new Promise((later) => setTimeout(later, 2));
    }
    const listed: unknown[] = [];
    let path = '/orders?limit=3';
    for (;;) {
      const { json } = await ask({ method: 'GET', path, customer: 'paula' });
      const orders = json['orders'] as Record<string, unknown>[];
      listed.push(...orders.map(({ orderId }) => orderId));
      if (json['cursor'] === undefined) break;
      path = `/orders?limit=3&cursor=${String(json['cursor'])}`;
    }
    expect(listed).toEqual(placed);
  });

  it('shows nobody else’s orders, not even by their cursor', async () => {
    for (let count = 0; count < 2; count += 1) await keyed(`own-${count}`, order, 'olga');
    const { json } = await ask({ method: 'GET', path: '/orders?limit=1', customer: 'olga' });
    expect((await ask({ method: 'GET', path: '/orders', customer: 'peter' })).json).toEqual({ orders: [] });
    const stolen = await ask({ method: 'GET', path: `/orders?cursor=${String(json['cursor'])}`, customer: 'peter' });
    expect(stolen.statusCode).toBe(400);
    expect(stolen.json).toMatchObject({ code: 'invalid_cursor', field: 'cursor' });
  });

  it.each(['0', '101', '-1', '1.5', 'ten', ''])('refuses the limit "%s"', async (limit) => {
    const answer = await ask({ method: 'GET', path: `/orders?limit=${limit}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_limit', field: 'limit' });
  });

  it.each(['x', 'e30', 'bnVsbA', '%F0%9F%92%A5'])('refuses the cursor "%s"', async (cursor) => {
    const answer = await ask({ method: 'GET', path: `/orders?cursor=${cursor}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_cursor', field: 'cursor' });
  });
});

describe('a cursor that was changed', () => {
  const encoded = (key: object) => Buffer.from(JSON.stringify(key)).toString('base64url');
  const refusal = async (cursor: string) => {
    const answer = await ask({ method: 'GET', path: `/orders?cursor=${encodeURIComponent(cursor)}`, customer: 'olga' });
    return [answer.statusCode, answer.json['code'], answer.json['field']];
  };
  const refused = [400, 'invalid_cursor', 'cursor'];
  const issued = async (): Promise<Record<string, string>> => {
    for (let count = 0; count < 2; count += 1) await keyed(`changed-${count}`, order, 'olga');
    const { json } = await ask({ method: 'GET', path: '/orders?limit=1', customer: 'olga' });
    return JSON.parse(Buffer.from(String(json['cursor']), 'base64url').toString()) as Record<string, string>;
  };

  it('never reaches the store', async () => {
    const key = await issued();
    expect((await refusal(encoded(key)))[0]).toBe(200);
    for (const changes of [
      { pk: '' },
      { pk: `ord_${'a'.repeat(31)}` },
      { pk: `ord_${'a'.repeat(2100)}` },
      { pk: key['pk']?.toUpperCase() },
      { pk: 7 },
      { pk: null },
      { pk: { S: key['pk'] } },
      { createdAt: '' },
      { createdAt: 'x'.repeat(1100) },
      { createdAt: '2026-99-99T99:99:99.999Z' },
      { createdAt: '2026-02-29T00:00:00.000Z' },
      { createdAt: Date.now() },
      { customerId: '' },
      { customerId: 'peter' },
      { customerId: ['olga'] },
      { sk: 'of another index' },
      { createdAt: undefined },
    ]) {
      expect([changes, await refusal(encoded({ ...key, ...changes }))]).toEqual([changes, refused]);
    }
    for (const text of ['', ' ', ',', `${encoded(key)},${encoded(key)}`, `${encoded(key)}=`, encoded([key]), '\0'])
      expect([text, await refusal(text)]).toEqual([text, refused]);
  });

  it('is refused whatever it says', async () => {
    const key = await issued();
    const value = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom(...Object.values(key)),
    );
    const changed = fc.record({ pk: value, customerId: value, createdAt: value }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(changed, async (given) => {
        const same = Object.entries(key).every(([name, text]) => (given as Record<string, unknown>)[name] === text);
        expect((await refusal(encoded(given)))[0]).toBe(same ? 200 : 400);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it.each([
    ['limit=1%2C5', 'limit'],
    ['limit=', 'limit'],
    ['cursor=', 'cursor'],
  ])('is refused when it is empty or two in one, and so is a limit: %s', async (query, field) => {
    const answer = await ask({ method: 'GET', path: `/orders?${query}`, customer: 'olga' });
    expect([answer.statusCode, answer.json['field']]).toEqual([400, field]);
  });
});

describe('a failure behind the API', () => {
  it('is a 503 that may be tried again, and the order is accepted then', async () => {
    await withEventDriven({ faults: { throttles: 1 } }, async (throttled) => {
      const request = {
        method: 'POST',
        path: '/orders',
        headers: { 'idempotency-key': 'k', ...throttled.signedIn('alice') },
        body: JSON.stringify(order),
      };
      const answer = await throttled.request(request);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers?.['retry-after']).toBe('1');
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'unavailable' });
      expect(ordersOf(throttled)).toBe(0);
    });
  });
});
