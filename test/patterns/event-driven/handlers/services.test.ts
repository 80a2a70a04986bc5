// @project memory

import { randomUUID } from 'node:crypto';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documents } from '../../../../lib/runtime/document-client';
import { logger, metrics } from '../../../../lib/runtime/observability';
import { FRAUD_CHECK_ABOVE_CENTS, type Order } from '../../../../patterns/event-driven/contract';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const NOW = '2026-11-24T10:00:00.000Z';

/** Items that were written, of each transaction. */
let written: (Record<string, unknown> | undefined)[][];

beforeEach(() => {
  written = [];
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOW) });
  vi.stubEnv('SERVICE_TABLE', 'service');
  vi.stubEnv('OUTBOX_TABLE', 'outbox');
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(metrics, 'addMetric').mockReturnValue(metrics);
  vi.spyOn(documents, 'send').mockImplementation((async ({ input }: { readonly input: TransactWriteCommandInput }) => {
    written.push((input.TransactItems ?? []).map(({ Put }) => Put?.Item));
  }) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const order: Order = {
  orderId: 'ord_1',
  customerId: 'alice',
  createdAt: NOW,
  currency: 'EUR',
  totalCents: 2500,
  lineCount: 3,
  lines: [
    { sku: 'a', quantity: 2, unitPriceCents: 1 },
    { sku: 'b', quantity: 5, unitPriceCents: 1 },
    { sku: 'a', quantity: 3, unitPriceCents: 1 },
  ],
};
const placed = {
  id: 'order.placed:ord_1',
  type: 'order.placed',
  occurredAt: NOW,
  data: { M: marshall(order, { removeUndefinedValues: true }) },
};

/** What a service writes about a message beside the marker, or the ids of what it could not handle. */
async function told(service: string, body: object) {
  const path = `../../../../patterns/event-driven/handlers/${service}?${randomUUID()}`;
  const { handler } = await vi.importActual<{ handler: Handler }>(path);
  const record = { messageId: 'm', body: JSON.stringify(body), eventSource: 'aws:sqs', eventSourceARN: 'arn' };
  const { batchItemFailures } = await handler({ Records: [record] } as unknown as SQSEvent, context);
  const [marker, ...items] = written.at(-1) ?? [];
  return { failed: batchItemFailures.length, marker: marker?.['pk'], items };
}

const fact = (type: string) => ({
  pk: `${type}:ord_1`,
  expiresAt: Date.parse(NOW) / 1000 + 7 * 86_400,
  type,
  occurredAt: NOW,
  detail: {
    id: `${type}:ord_1`,
    orderId: 'ord_1',
    customerId: 'alice',
    totalCents: 2500,
    currency: 'EUR',
    occurredAt: NOW,
  },
});
const handled = { failed: 0, marker: 'event#order.placed:ord_1' };

describe('a new order', () => {
  it('is paid', async () => {
    const payment = { pk: 'payment#ord_1', customerId: 'alice', totalCents: 2500, currency: 'EUR', status: 'CAPTURED' };
    expect(await told('billing', placed)).toEqual({ ...handled, items: [payment, fact('payment.captured')] });
  });

  it('has its pieces reserved, by product', async () => {
    const reserved = [
      { sku: 'a', quantity: 5 },
      { sku: 'b', quantity: 5 },
    ];
    const reservation = { pk: 'reservation#ord_1', customerId: 'alice', reserved, status: 'RESERVED' };
    expect(await told('inventory', placed)).toEqual({ ...handled, items: [reservation, fact('stock.reserved')] });
  });

  it('is to be confirmed to the customer', async () => {
    const confirmation = {
      pk: 'confirmation#ord_1',
      customerId: 'alice',
      template: 'order-confirmed',
      totalCents: 2500,
      currency: 'EUR',
      status: 'TO_SEND',
    };
    expect(await told('notifications', placed)).toEqual({ ...handled, items: [confirmation] });
  });

  it.each(['billing', 'inventory', 'notifications', 'fraud-check'])('is no other message (%s)', async (service) => {
    expect(await told(service, { ...placed, type: 'order.shipped' })).toMatchObject({ failed: 1, items: [] });
  });
});

describe('a large payment', () => {
  const most = 10 * FRAUD_CHECK_ABOVE_CENTS;

  it.each([
    [FRAUD_CHECK_ABOVE_CENTS + 1, 'APPROVED'],
    [most - 1, 'APPROVED'],
    [most, 'APPROVED'],
    [most + 1, 'REVIEW'],
  ])('of %i cents is a case that is %s', async (totalCents, status) => {
    const detail = { ...fact('payment.captured').detail, totalCents };
    expect(await told('fraud-check', { detail })).toEqual({
      failed: 0,
      marker: 'event#payment.captured:ord_1',
      items: [{ pk: 'case#ord_1', customerId: 'alice', totalCents, currency: 'EUR', status }],
    });
  });
});
