import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { dropClaim, putClaim } from '../../../lib/runtime/claim-check';
import { type ClaimCheck, INLINE_PAYLOAD_LIMIT_BYTES, TableKeys } from '../../../lib/runtime/contract';
import { cursorOf, invalidCursor, isTimestamp, positionOf } from '../../../lib/runtime/cursor';
import { documents } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger } from '../../../lib/runtime/observability';
import { Problem } from '../../../lib/runtime/problem';
import { type Order, OrderKeys, type OrderLine, OrdersEnvironment } from '../contract';
import { linesOf } from './order-events';
import type { OrderRequest } from './order-request';

const TableName = requiredVariable(OrdersEnvironment.ordersTable);
const IndexName = requiredVariable(OrdersEnvironment.ordersByCustomerIndex);

const ORDER_ID = /^ord_[0-9a-f]{32}$/;

/** An order in a list: without its lines. */
export type OrderSummary = Omit<Order, 'lines' | 'claim' | 'customerId'>;

/**
 * Accepts an order by one conditional write. The id follows from customer and idempotency key, so a repeated request
 * meets the order that it made before.
 *
 * @throws Problem 409 when the key was used for another order
 */
export async function acceptOrder(
  customerId: string,
  { idempotencyKey, currency, lines, delivery }: OrderRequest,
): Promise<{ order: Order; created: boolean }> {
  const orderId = `ord_${sha256(JSON.stringify([customerId, idempotencyKey])).slice(0, 32)}`;
  const linesText = JSON.stringify(lines);
  const requestHash = sha256(JSON.stringify(delivery === undefined ? [currency, lines] : [currency, lines, delivery]));
  const carried = await carry(orderId, lines, linesText);
  const order: Order = {
    orderId,
    customerId,
    createdAt: new Date().toISOString(),
    currency,
    // At most 1,000 lines of 1,000 pieces at 10,000,000 cents: 10^13, exact in a double.
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0),
    lineCount: lines.length,
    ...(delivery !== undefined && { delivery }),
    ...carried,
  };
  try {
    await documents.send(
      new PutCommand({
        TableName,
        Item: {
          [TableKeys.partition]: orderId,
          [OrderKeys.customerId]: customerId,
          [OrderKeys.createdAt]: order.createdAt,
          [OrderKeys.requestHash]: requestHash,
          [OrderKeys.order]: order,
        },
        ConditionExpression: `attribute_not_exists(${TableKeys.partition})`,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { order, created: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
    const before = unmarshall(error.Item);
    const accepted = before[OrderKeys.order] as Order;
    if (before[OrderKeys.requestHash] !== requestHash) {
      // The accepted order's own lines lie under another key: it holds their hash.
      if (order.claim !== undefined && order.claim.key !== accepted.claim?.key) await dropRefused(order.claim);
      throw new Problem(
        409,
        'idempotency_key_reused',
        'This Idempotency-Key was already used for another order. Use a new key.',
        'Idempotency-Key',
      );
    }
    return { order: accepted, created: false };
  }
}

/** One order with its lines. Reads the table itself: an index lags behind a write (ddb-gsi-eventual). */
export async function findOrder(customerId: string, orderId: string): Promise<Omit<Order, 'claim' | 'customerId'>> {
  const known = ORDER_ID.test(orderId);
  const { Item } = known
    ? await documents.send(new GetCommand({ TableName, Key: { [TableKeys.partition]: orderId }, ConsistentRead: true }))
    : { Item: undefined };
  // Someone else's order and no order look the same.
  if (Item?.[OrderKeys.customerId] !== customerId) throw new Problem(404, 'order_not_found', 'Order not found.', 'id');
  const order = Item[OrderKeys.order] as Order;
  return { ...summaryOf(order), lines: await linesOf(order) };
}

const Paging = z.object({ limit: z.optional(z.string()), cursor: z.optional(z.string()) });
/** The key of an order in the index. */
const Cursor = z.strictObject({
  [TableKeys.partition]: z.string().check(z.regex(ORDER_ID)),
  [OrderKeys.customerId]: z.string(),
  [OrderKeys.createdAt]: z.string().check(z.refine(isTimestamp)),
});

/** A page of a customer's orders, newest first. An order placed a moment ago may be missing (ddb-gsi-eventual). */
export async function listOrders(
  customerId: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<{ orders: OrderSummary[]; cursor?: string }> {
  const { limit = '20', cursor } = Paging.parse(query);
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Problem(400, 'invalid_limit', 'limit must be an integer from 1 to 100.', 'limit');
  }
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: '#customer = :customer',
      ExpressionAttributeNames: { '#customer': OrderKeys.customerId },
      ExpressionAttributeValues: { ':customer': customerId },
      ScanIndexForward: false,
      Limit: Number(limit),
      ExclusiveStartKey: cursor === undefined ? undefined : startKey(cursor, customerId),
    }),
  );
  return {
    orders: Items.map((item) => summaryOf(item[OrderKeys.order] as Order)),
    ...(LastEvaluatedKey !== undefined && {
      cursor: cursorOf(JSON.stringify(LastEvaluatedKey)),
    }),
  };
}

function startKey(cursor: string, customerId: string): z.infer<typeof Cursor> {
  const parsed = Cursor.safeParse(parsedJson(positionOf(cursor)));
  // One that cannot be read is as bad as another user's.
  if (!parsed.success || parsed.data[OrderKeys.customerId] !== customerId) throw invalidCursor();
  return parsed.data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines too large for a message go to S3 before the order exists; a repeat finds the same object in place. */
async function carry(
  orderId: string,
  lines: readonly OrderLine[],
  text: string,
): Promise<Pick<Order, 'lines' | 'claim'>> {
  if (Buffer.byteLength(text) <= INLINE_PAYLOAD_LIMIT_BYTES) return { lines };
  return { claim: await putClaim(`orders/${orderId}`, text) };
}

/** The answer is the refusal, whatever becomes of the object. */
async function dropRefused(claim: ClaimCheck): Promise<void> {
  try {
    await dropClaim(claim);
  } catch (error) {
    logger.warn('The lines of a rejected order were not deleted', { key: claim.key, error: error as Error });
  }
}

function summaryOf({ orderId, createdAt, currency, totalCents, lineCount, delivery }: Order): OrderSummary {
  return { orderId, createdAt, currency, totalCents, lineCount, ...(delivery !== undefined && { delivery }) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
