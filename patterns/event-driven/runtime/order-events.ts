import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { resolveClaim } from '../../../lib/runtime/claim-check';
import type { FactDetail, Order, OrderLine } from '../contract';

/** `order.placed`, as a service handles it. */
export interface OrderPlaced {
  readonly id: string;
  readonly type: 'order.placed';
  readonly occurredAt: string;
  readonly order: Order;
}

const Text = z.string().check(z.minLength(1), z.maxLength(256));
const Claim = z.object({ key: Text, bytes: z.int(), sha256: Text });
const Line = z.object({
  sku: Text,
  quantity: z.int(),
  unitPriceCents: z.int(),
  note: z.optional(z.string()),
});
const DeliveryShape = z.object({ country: Text, maxFeeCents: z.optional(z.int()) });
const OrderShape = z.object({
  orderId: Text,
  customerId: Text,
  createdAt: Text,
  currency: Text,
  totalCents: z.int(),
  lineCount: z.int(),
  delivery: z.optional(DeliveryShape),
  lines: z.optional(z.array(Line)),
  claim: z.optional(Claim),
});
const Message = z.object({
  id: Text,
  type: z.literal('order.placed'),
  occurredAt: Text,
  data: z.object({ M: z.record(z.string(), z.unknown()) }),
});
const Fact = z.object({
  id: Text,
  orderId: Text,
  customerId: Text,
  totalCents: z.int(),
  currency: Text,
  occurredAt: Text,
  delivery: z.optional(DeliveryShape),
});

/** Reads a message of the fan-out topic. @throws for anything that is not an `OrderEventMessage` */
export function parseOrderEvent(body: unknown): OrderPlaced {
  const { id, type, occurredAt, data } = Message.parse(body);
  const { order } = unmarshall({ order: data as unknown as AttributeValue });
  return { id, type, occurredAt, order: OrderShape.parse(order) };
}

/** Reads an event of the bus, as a rule delivers it to a queue. @throws for anything whose `detail` is not a fact */
export function parseFactEvent(body: unknown): FactDetail {
  return z.object({ detail: Fact }).parse(body).detail;
}

/** The lines of an order, fetched when they travelled as a claim check. */
export async function linesOf(order: Order): Promise<readonly OrderLine[]> {
  if (order.lines !== undefined) return order.lines;
  if (order.claim === undefined) throw new Error(`Order ${order.orderId} has neither lines nor a claim`);
  return z.array(Line).parse(JSON.parse(await resolveClaim(order.claim)));
}

/** What every fact about an order says. */
export function factAbout(type: string, order: Order): FactDetail {
  return {
    id: `${type}:${order.orderId}`,
    orderId: order.orderId,
    customerId: order.customerId,
    totalCents: order.totalCents,
    currency: order.currency,
    occurredAt: new Date().toISOString(),
    ...(order.delivery !== undefined && { delivery: order.delivery }),
  };
}
