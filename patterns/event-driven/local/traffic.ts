import type { Item } from '../../../local/aws/dynamodb/attribute-value';
import { sleep } from '../../../local/clock/clock';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { seededRandom } from '../../../local/engine/random';
import { type CancellationReason, type Delivery, FRAUD_CHECK_ABOVE_CENTS } from '../contract';

/** The services that hear of every order. */
export const SUBSCRIBERS = ['Billing', 'Inventory', 'Notifications'] as const;

/** Prefix of the item that a service writes for an order. */
export const EFFECTS: Readonly<Record<(typeof SUBSCRIBERS)[number], string>> = {
  Billing: 'payment',
  Inventory: 'reservation',
  Notifications: 'confirmation',
};

/** Traffic to send. */
export interface Traffic {
  readonly orders: number;
  readonly seed: number;
  /** Orders a second. @default 40 */
  readonly rate?: number;
  /** Orders that come all at once in the middle. @default 0 */
  readonly burst?: number;
  readonly onProgress?: (sent: Sent) => void;
}

/** An order that the API accepted. */
export interface AcceptedOrder {
  readonly totalCents: number;
  /** Why its input asks for a refusal. Undefined for an order that is to be shipped. */
  readonly refusal?: CancellationReason;
}

/** What was sent, and what the API answered. */
export interface Sent {
  /** The accepted orders, each once, by id. */
  readonly accepted: ReadonlyMap<string, AcceptedOrder>;
  /** Repeats of an order that was accepted before; each had the same answer. */
  repeated: number;
  /** Answers that told the client to come back: throttled, unavailable, failed. */
  putOff: number;
  /** Orders that the client gave up. */
  refused: number;
}

const NETWORK_MS = 25;
/** A client comes back as often as this, ever later. */
const MAX_TRIES = 12;
const BACKOFF_MS = { first: 200, longest: 20_000 };

/** Orders in a hundred that no courier takes, and as many whose customer does not pay the fee. */
const REFUSED_PERCENT = 2;

/** Where an order goes: mostly nowhere in particular, and now and then where its delivery must be refused. */
function deliveryOf(draw: number): { readonly delivery?: Delivery; readonly refusal?: CancellationReason } {
  const percent = draw * 100;
  if (percent < REFUSED_PERCENT) return { delivery: { country: 'AQ' }, refusal: 'address_not_served' };
  if (percent < 2 * REFUSED_PERCENT) {
    return { delivery: { country: 'DE', maxFeeCents: 0 }, refusal: 'payment_refused' };
  }
  return percent < 50 ? { delivery: { country: 'DE', maxFeeCents: 100_000 } } : {};
}

/** Places orders through the API as clients do: with repeats, and again when the answer says so or none comes. */
export async function placeOrders(engine: LocalEngine, traffic: Traffic): Promise<Sent> {
  const { orders, seed, rate = 40, burst = 0, onProgress } = traffic;
  const random = seededRandom(seed, 'traffic');
  const accepted = new Map<string, AcceptedOrder>();
  const sent: Sent = { accepted, repeated: 0, putOff: 0, refused: 0 };
  const post = async (key: string, quantity: number, customer: string, delivery: Delivery | undefined) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await engine.api.request({
        method: 'POST',
        path: '/orders',
        headers: { 'Idempotency-Key': key, ...engine.signedIn(customer) },
        body: JSON.stringify({ currency: 'EUR', lines: [{ sku: 'book', quantity, unitPriceCents: 9_990 }], delivery }),
      });
      if (answer.statusCode === 202) return JSON.parse(answer.body ?? '') as { orderId: string; totalCents: number };
      if ((answer.statusCode !== 429 && answer.statusCode < 500) || tries === MAX_TRIES) return undefined;
      sent.putOff += 1;
      await sleep(engine.clock, Math.min(BACKOFF_MS.first * 2 ** tries, BACKOFF_MS.longest) * (0.5 + random()));
    }
  };
  const client = async (index: number) => {
    const customer = `customer-${Math.floor(random() * 500)}`;
    // One in six is dear enough for the fraud check.
    const quantity = 1 + Math.floor(random() * 12);
    const times = random() < 0.05 ? 2 : 1;
    const { delivery, refusal } = deliveryOf(random());
    for (let time = 0; time < times; time += 1) {
      const order = await post(`key-${index}`, quantity, customer, delivery);
      if (order === undefined) sent.refused += 1;
      else if (accepted.has(order.orderId)) sent.repeated += 1;
      else accepted.set(order.orderId, { totalCents: order.totalCents, refusal });
      onProgress?.(sent);
    }
  };
  const clients: Promise<void>[] = [];
  const work = async () => {
    for (let index = 0; index < orders; index += 1) {
      const inBurst = index >= orders / 2 && index < orders / 2 + burst;
      await sleep(engine.clock, inBurst ? 0 : 1000 / rate);
      clients.push(client(index));
    }
    await Promise.all(clients);
    await sleep(engine.clock, NETWORK_MS);
  };
  await engine.during(work());
  return sent;
}

/** Puts messages that no service can handle into each service's queue. @returns their bodies by service */
export async function poison(engine: LocalEngine, count: number): Promise<Map<string, string[]>> {
  const shapes = [
    (index: number) => `{"broken":${index}`,
    (index: number) => `${index}`,
    (index: number) => JSON.stringify({ id: `x${index}`, type: 'order.placed', occurredAt: 'now', data: {} }),
    (index: number) => JSON.stringify({ id: `x${index}`, type: 'order.paid', occurredAt: 'now', data: { M: {} } }),
  ];
  const sent = new Map<string, string[]>();
  for (const service of SUBSCRIBERS) {
    const { arn = '' } = engine.find('AWS::SQS::Queue', `Shop${service}WorkQueue`);
    const bodies = Array.from({ length: count }, (_, index) => (shapes[index % shapes.length] ?? String)(index));
    for (const body of bodies) await engine.world.send(arn, { body });
    sent.set(service, bodies);
  }
  return sent;
}

/** Tells the topic of things that no service asked for. */
export async function publishNoise(engine: LocalEngine, count: number): Promise<void> {
  const topic = engine.find('AWS::SNS::Topic', 'ShopOrderEvents');
  for (let index = 0; index < count; index += 1) {
    const event = {
      id: `viewed-${index}`,
      type: 'order.viewed',
      occurredAt: new Date(engine.clock.now()).toISOString(),
    };
    const fifo = topic.name.endsWith('.fifo') ? { group: event.id, deduplicationId: event.id } : {};
    await engine.world.publish(topic.name, { message: JSON.stringify(event), ...fifo });
  }
}

/** A service's work queue. */
export function queueOf(engine: LocalEngine, service: string) {
  return engine.stores.sqs.queue(engine.find('AWS::SQS::Queue', `Shop${service}WorkQueue`).arn ?? '');
}

/** Items of the table whose logical id begins so. */
export function itemsOf(engine: LocalEngine, prefix: string): Item[] {
  return engine.stores.dynamodb.table(engine.find('AWS::DynamoDB::Table', prefix).name).all();
}

/** Order ids of the effects that a service wrote, one for each item with this prefix. */
export function effects(engine: LocalEngine, table: string, prefix: string): string[] {
  return effectsIn(itemsOf(engine, table), prefix);
}

/** Order ids of the items with this prefix. */
export function effectsIn(items: readonly Item[], prefix: string): string[] {
  return items.flatMap(({ pk }) =>
    pk !== undefined && 'S' in pk && pk.S.startsWith(`${prefix}#`) ? [pk.S.slice(prefix.length + 1)] : [],
  );
}

/** Sum of a counter that the handlers' metrics carry. */
export function metricSum(engine: LocalEngine, name: string): number {
  return engine.metrics.total(name);
}

/** Ids of the accepted orders whose payment goes to the fraud check. */
export function suspicious({ accepted }: Sent): string[] {
  return [...accepted].flatMap(([orderId, { totalCents }]) => (totalCents > FRAUD_CHECK_ABOVE_CENTS ? [orderId] : []));
}
