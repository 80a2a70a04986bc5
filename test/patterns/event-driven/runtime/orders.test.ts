// @project unit

import { createHash, randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documents } from '../../../../lib/runtime/document-client';
import { logger, metrics } from '../../../../lib/runtime/observability';

type Orders = typeof import('../../../../patterns/event-driven/runtime/orders');
type Item = Record<string, unknown>;
interface Call {
  readonly name: string;
  readonly input: Item;
}

const NOW = '2026-11-24T10:00:00.000Z';
let table: Map<string, Item>;
let calls: Call[];
let objects: Map<string, Uint8Array>;
/** What the index answers. */
let page: Item;
let orders: Orders;

beforeEach(async () => {
  [table, calls, objects, page] = [new Map(), [], new Map(), {}];
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOW) });
  for (const [name, value] of Object.entries({ ORDERS_TABLE: 'orders', ORDERS_BY_CUSTOMER_INDEX: 'by-customer' }))
    vi.stubEnv(name, value);
  vi.stubEnv('CLAIMS_BUCKET', 'claims');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  vi.spyOn(documents, 'send').mockImplementation((async (command: { readonly input: Item }) =>
    answer(command)) as never);
  vi.spyOn(S3Client.prototype, 'send').mockImplementation((async (command: { readonly input: Item }) => {
    const key = String(command.input['Key']);
    const { name } = command.constructor;
    calls.push({ name, input: command.input });
    if (name === 'PutObjectCommand') objects.set(key, command.input['Body'] as Uint8Array);
    if (name === 'DeleteObjectCommand' && !objects.delete(key)) throw new Error('no object');
    return { Body: { transformToByteArray: async () => objects.get(key) } };
  }) as never);
  orders = await vi.importActual<Orders>(`../../../../patterns/event-driven/runtime/orders?${randomUUID()}`);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function answer(command: { readonly input: Item }): Item {
  const { name } = command.constructor;
  calls.push({ name, input: command.input });
  if (name === 'QueryCommand') return page;
  if (name === 'GetCommand') return { Item: table.get((command.input['Key'] as { pk: string }).pk) };
  const item = command.input['Item'] as Item & { pk: string };
  const before = table.get(item.pk);
  if (before !== undefined) {
    const Item = marshall(before, { removeUndefinedValues: true });
    throw new ConditionalCheckFailedException({ message: 'there', $metadata: {}, Item });
  }
  table.set(item.pk, item);
  return {};
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const line = { sku: 'a', quantity: 2, unitPriceCents: 1250 };
const request = { idempotencyKey: 'key', currency: 'EUR', lines: [line, { ...line, quantity: 1, unitPriceCents: 1 }] };
const orderId = `ord_${sha256('["alice","key"]').slice(0, 32)}`;
const accepted = {
  orderId,
  customerId: 'alice',
  createdAt: NOW,
  currency: 'EUR',
  totalCents: 2501,
  lineCount: 2,
  lines: request.lines,
};
/** Lines of so many bytes as text. */
function linesOf(bytes: number) {
  const note = (length: number) => [{ ...line, note: 'x'.repeat(length) }];
  return note(bytes - JSON.stringify(note(0)).length);
}
const LIMIT = 131_072;
const refused = (status: number, code: string, field: string) => expect.objectContaining({ status, code, field });

describe('an order', () => {
  it('is accepted by one conditional write, named after its customer and key', async () => {
    expect(await orders.acceptOrder('alice', request)).toEqual({ order: accepted, created: true });
    expect(calls).toEqual([
      {
        name: 'PutCommand',
        input: {
          TableName: 'orders',
          Item: {
            pk: orderId,
            customerId: 'alice',
            createdAt: NOW,
            requestHash: sha256(JSON.stringify(['EUR', request.lines])),
            order: accepted,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
  });

  it('is one with its repeats, and has one answer', async () => {
    await orders.acceptOrder('alice', request);
    vi.setSystemTime(Date.parse(NOW) + 5000);
    expect(await orders.acceptOrder('alice', request)).toEqual({ order: accepted, created: false });
    expect((await orders.acceptOrder('bob', request)).created).toBe(true);
  });

  it.each([{ currency: 'USD' }, { lines: [line] }, { delivery: { country: 'DE' } }])(
    'is refused with the key of another: %j',
    async (changes) => {
      await orders.acceptOrder('alice', request);
      const reused = refused(409, 'idempotency_key_reused', 'Idempotency-Key');
      await expect(orders.acceptOrder('alice', { ...request, ...changes })).rejects.toThrow(reused);
    },
  );

  it('has its delivery in its hash and in itself', async () => {
    const delivery = { country: 'DE' };
    const { order } = await orders.acceptOrder('alice', { ...request, delivery });
    expect(order).toEqual({ ...accepted, delivery });
    expect(table.get(orderId)?.['requestHash']).toBe(sha256(JSON.stringify(['EUR', request.lines, delivery])));
  });

  it('fails by any other error of the table', async () => {
    const errors = [new Error('no'), new ConditionalCheckFailedException({ message: 'no item', $metadata: {} })];
    for (const error of errors) {
      vi.mocked(documents.send).mockRejectedValueOnce(error as never);
      await expect(orders.acceptOrder('alice', request)).rejects.toBe(error);
    }
  });

  it('travels with its lines up to 131,072 bytes, and as a claim check above', async () => {
    const inline = await orders.acceptOrder('alice', { ...request, idempotencyKey: 'most', lines: linesOf(LIMIT) });
    expect([inline.order.lines?.length, inline.order.claim]).toEqual([1, undefined]);
    const lines = linesOf(LIMIT + 1);
    const { order } = await orders.acceptOrder('alice', { ...request, lines });
    expect(order).toMatchObject({
      claim: { key: `orders/${orderId}/${sha256(JSON.stringify(lines))}.json`, bytes: LIMIT + 1 },
    });
    expect(order).not.toHaveProperty('lines');
    expect((await orders.findOrder('alice', orderId)).lines).toEqual(lines);
    // Bytes, not characters.
    const umlauts = [{ ...line, note: 'ü'.repeat(LIMIT / 2) }];
    expect((await orders.acceptOrder('bob', { ...request, lines: umlauts })).order.claim).toBeDefined();
  });

  it('that is refused takes its lines along, but never those of the accepted one', async () => {
    const lines = linesOf(LIMIT + 1);
    await orders.acceptOrder('alice', { ...request, lines });
    await expect(orders.acceptOrder('alice', { ...request, lines: linesOf(LIMIT + 2) })).rejects.toThrow();
    expect([...objects.keys()]).toEqual([`orders/${orderId}/${sha256(JSON.stringify(lines))}.json`]);
    // The same lines in another currency lie under the accepted one's key.
    await expect(orders.acceptOrder('alice', { ...request, lines, currency: 'USD' })).rejects.toThrow();
    expect(objects.size).toBe(1);
    // Small ones lie nowhere.
    await expect(orders.acceptOrder('alice', request)).rejects.toThrow();
    expect(calls.filter(({ name }) => name === 'DeleteObjectCommand')).toHaveLength(1);
  });

  it('is refused though its lines cannot be deleted', async () => {
    await orders.acceptOrder('alice', request);
    vi.mocked(S3Client.prototype.send).mockImplementation((async (command: object) => {
      if (command.constructor.name === 'DeleteObjectCommand') throw new Error('S3 is away');
      return {};
    }) as never);
    const reused = refused(409, 'idempotency_key_reused', 'Idempotency-Key');
    await expect(orders.acceptOrder('alice', { ...request, lines: linesOf(LIMIT + 1) })).rejects.toThrow(reused);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});

describe('one order', () => {
  const missing = refused(404, 'order_not_found', 'id');

  it('is read from the table itself, without what is not its customer’s to know', async () => {
    await orders.acceptOrder('alice', request);
    const { customerId: _, ...told } = accepted;
    expect(await orders.findOrder('alice', orderId)).toEqual(told);
    expect(calls.at(-1)).toEqual({
      name: 'GetCommand',
      input: { TableName: 'orders', Key: { pk: orderId }, ConsistentRead: true },
    });
  });

  it('is nobody else’s', async () => {
    await orders.acceptOrder('alice', request);
    await expect(orders.findOrder('bob', orderId)).rejects.toThrow(missing);
  });

  it.each([
    '',
    'x',
    `${orderId}0`,
    `x${orderId}`,
    orderId.slice(0, -1),
    orderId.replace('ord_', 'ORD_'),
    `ord_${'g'.repeat(32)}`,
  ])('has an id, not %j', async (id) => {
    await expect(orders.findOrder('alice', id)).rejects.toThrow(missing);
    expect(calls).toEqual([]);
  });
});

describe('a list of orders', () => {
  const key = { pk: orderId, customerId: 'alice', createdAt: NOW };
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is a page of twenty of the index, newest first, without lines', async () => {
    page = { Items: [{ order: { ...accepted, delivery: { country: 'DE' } } }] };
    const { customerId: _, lines: __, ...summary } = accepted;
    expect(await orders.listOrders('alice', {})).toEqual({ orders: [{ ...summary, delivery: { country: 'DE' } }] });
    expect(calls).toEqual([
      {
        name: 'QueryCommand',
        input: {
          TableName: 'orders',
          IndexName: 'by-customer',
          KeyConditionExpression: '#customer = :customer',
          ExpressionAttributeNames: { '#customer': 'customerId' },
          ExpressionAttributeValues: { ':customer': 'alice' },
          ScanIndexForward: false,
          Limit: 20,
          ExclusiveStartKey: undefined,
        },
      },
    ]);
  });

  it('goes on where its cursor says', async () => {
    page = { Items: [], LastEvaluatedKey: key };
    expect(await orders.listOrders('alice', {})).toEqual({ orders: [], cursor: cursor(key) });
    page = {};
    expect(await orders.listOrders('alice', { cursor: cursor(key) })).toEqual({ orders: [] });
    expect(calls[1]?.input['ExclusiveStartKey']).toEqual(key);
  });

  it('has 1 to 100 orders', async () => {
    for (const limit of ['1', '9', '10', '99', '100']) await orders.listOrders('alice', { limit });
    expect(calls.map(({ input }) => input['Limit'])).toEqual([1, 9, 10, 99, 100]);
    for (const limit of ['0', '101', '110', '', '1.5', '-1', '01', '1000', ' 1', '1 ', 'x'])
      await expect(orders.listOrders('alice', { limit })).rejects.toThrow(refused(400, 'invalid_limit', 'limit'));
  });

  it.each([
    { ...key, customerId: 'bob' },
    { ...key, pk: 'x' },
    { ...key, createdAt: 'today' },
    { ...key, more: 1 },
    { pk: key.pk, customerId: 'alice' },
    'text',
    null,
  ])('takes no cursor that it did not give out: %j', async (value) => {
    const invalid = refused(400, 'invalid_cursor', 'cursor');
    await expect(orders.listOrders('alice', { cursor: cursor(value) })).rejects.toThrow(invalid);
    const noJson = Buffer.from('{').toString('base64url');
    await expect(orders.listOrders('alice', { cursor: noJson })).rejects.toThrow(invalid);
  });
});

describe('the API', () => {
  type Handler = (request: object) => Promise<APIGatewayProxyStructuredResultV2>;
  let handler: Handler;
  const load = async () => {
    const path = `../../../../patterns/event-driven/handlers/orders-api?${randomUUID()}`;
    ({ handler } = await vi.importActual<{ handler: Handler }>(path));
  };
  beforeEach(async () => {
    vi.spyOn(logger, 'error').mockImplementation(() => undefined);
    vi.spyOn(metrics, 'addMetric').mockReturnValue(metrics);
    await load();
  });
  const ask = async (routeKey: string, more: object = {}, sub: unknown = 'alice') => {
    const requestContext = { requestId: 'r1', authorizer: { jwt: { claims: { sub } } } };
    const { body = '', ...rest } = await handler({
      routeKey,
      headers: {},
      isBase64Encoded: false,
      requestContext,
      ...more,
    });
    return { ...rest, json: JSON.parse(body) as Item };
  };
  const { idempotencyKey, ...body } = request;
  const posted = { headers: { 'idempotency-key': idempotencyKey }, body: JSON.stringify(body) };

  it('takes an order, and counts it once', async () => {
    const expected = {
      statusCode: 202,
      headers: { 'content-type': 'application/json', location: `/orders/${orderId}` },
      json: { orderId, status: 'accepted', createdAt: NOW, totalCents: 2501, currency: 'EUR' },
    };
    expect(await ask('POST /orders', posted)).toEqual(expected);
    expect(await ask('POST /orders', posted)).toEqual(expected);
    expect(vi.mocked(metrics.addMetric).mock.calls).toEqual([['OrdersAccepted', 'Count', 1]]);
  });

  it('tells one order and many', async () => {
    await ask('POST /orders', posted);
    const one = await ask('GET /orders/{id}', { pathParameters: { id: orderId } });
    expect(one).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' }, json: { orderId } });
    expect((await ask('GET /orders/{id}')).json).toMatchObject({ code: 'order_not_found' });
    page = { Items: [] };
    expect(await ask('GET /orders')).toMatchObject({ statusCode: 200, json: { orders: [] } });
    await ask('GET /orders', { queryStringParameters: { limit: '7' } });
    expect(calls.at(-1)?.input['Limit']).toBe(7);
  });

  it('knows nothing else, and says so', async () => {
    expect(await ask('DELETE /orders')).toMatchObject({
      statusCode: 404,
      json: { code: 'not_found', requestId: 'r1' },
    });
  });

  it.each([undefined, '', 7])('serves nobody without a name: %j', async (sub) => {
    const { statusCode, json } = await ask('GET /orders', {
      requestContext: { requestId: 'r', authorizer: { jwt: { claims: { sub } } } },
    });
    expect([statusCode, json['code']]).toEqual([401, 'unauthorized']);
  });

  it('serves nobody whom no authorizer has seen', async () => {
    for (const authorizer of [undefined, {}]) {
      expect((await ask('GET /orders', { requestContext: { requestId: 'r', authorizer } })).statusCode).toBe(401);
    }
  });

  it('serves what came by the distribution alone, where there is one', async () => {
    vi.stubEnv('ORIGIN_VERIFIERS', sha256('secret'));
    await load();
    expect((await ask('GET /orders')).statusCode).toBe(403);
    expect((await ask('GET /orders', { headers: { 'x-origin-verify': 'secret' } })).statusCode).toBe(200);
  });

  it.each([true, false])('sends its metrics if it has some (%s)', async (has) => {
    vi.spyOn(metrics, 'hasStoredMetrics').mockReturnValue(has);
    const publish = vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
    await ask('GET /orders');
    await ask('GET /nothing');
    expect(publish).toHaveBeenCalledTimes(has ? 2 : 0);
  });
});
