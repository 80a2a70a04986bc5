/**
 * What the event-driven pattern's constructs and handlers agree on. Both worlds import this file; it imports neither.
 */

/** Events on the fan-out topic. */
export const ORDER_EVENT_TYPES = ['order.placed'] as const;
/** An event that services can subscribe to on the fan-out topic. */
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];

/** Facts on the event bus, by detail-type. */
export const FACT_TYPES = ['payment.captured', 'stock.reserved', 'order.shipped', 'delivery.cancelled'] as const;
/** A fact that a service publishes on the event bus. */
export type FactType = (typeof FACT_TYPES)[number];

/** EventBridge `source` of every fact. */
export const FACT_SOURCE = 'groundplan.shop';

/** Why an accepted order was not delivered, by the business: what its input asks for, and no failure. */
export type CancellationReason = 'address_not_served' | 'payment_refused';

/** Where an order goes, and what the customer pays for that. */
export interface Delivery {
  /** ISO 3166-1 alpha-2 code. One that the couriers do not serve cancels the delivery. */
  readonly country: string;
  /** What the customer authorizes for the delivery, in cents, 0 to 1,000,000. A higher fee cancels it. @default - any fee */
  readonly maxFeeCents?: number;
}

/** Payments above this many cents go to the fraud check: 1,000.00 (guide 250). */
export const FRAUD_CHECK_ABOVE_CENTS = 100_000;

/** Environment variables of the orders API, beside those of lib/runtime/contract. */
export const OrdersEnvironment = {
  ordersTable: 'ORDERS_TABLE',
  ordersByCustomerIndex: 'ORDERS_BY_CUSTOMER_INDEX',
} as const;

/** Attribute names of the orders table. The partition key `pk` is the order id. */
export const OrderKeys = {
  customerId: 'customerId',
  /** ISO 8601; sort key of the by-customer index. */
  createdAt: 'createdAt',
  /** SHA-256 of the canonical request; tells a repeated request from a reused idempotency key. */
  requestHash: 'requestHash',
  /** The order, a map; see {@link Order}. */
  order: 'order',
} as const;

/** Name of the index that lists a customer's orders, newest first. */
export const ORDERS_BY_CUSTOMER_INDEX = 'by-customer';

/** One line of an order. */
export interface OrderLine {
  readonly sku: string;
  /** Pieces, 1 to 1,000. */
  readonly quantity: number;
  /** Price of one piece in cents, 0 to 10,000,000. */
  readonly unitPriceCents: number;
  /** Free text, at most 500 characters. */
  readonly note?: string;
}

/** An accepted order, as stored and as carried by `order.placed`. Exactly one of `lines` and `claim` is present. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 4217 code. */
  readonly currency: string;
  readonly totalCents: number;
  readonly lineCount: number;
  /** @default - delivered where the couriers go, for their fee */
  readonly delivery?: Delivery;
  readonly lines?: readonly OrderLine[];
  /** Where the lines are when they are too large to travel in a message. */
  readonly claim?: import('../../lib/runtime/contract').ClaimCheck;
}

/**
 * The message body on the fan-out topic and in each service's queue (raw delivery). Pipes builds it from the table's
 * stream with the input template of `lib/messaging/outbox`; `data` is therefore the order in DynamoDB's JSON:
 * numbers arrive as `{"N": "12"}` and are unmarshalled by the consumer.
 */
export interface OrderEventMessage {
  /** `<type>:<orderId>`; the same however often the event is published. */
  readonly id: string;
  readonly type: OrderEventType;
  readonly orderId: string;
  readonly customerId: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  /** The order as a DynamoDB attribute value (`{"M": {...}}`). */
  readonly data: { readonly M: Record<string, unknown> };
}

/** `detail` of every fact on the bus. */
export interface FactDetail {
  /** `<type>:<orderId>`. */
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly totalCents: number;
  readonly currency: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  /** As the order has it. */
  readonly delivery?: Delivery;
  /** Of `delivery.cancelled` alone. */
  readonly reason?: CancellationReason;
}

/** The largest HTTP request body that `POST /orders` takes, in bytes; larger ones answer 413. */
export const MAX_ORDER_BODY_BYTES = 1_048_576;
