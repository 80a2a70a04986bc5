import { FRAUD_CHECK_ABOVE_CENTS } from '../../patterns/event-driven/contract';
import type { Item } from '../aws/dynamodb/attribute-value';
import type { LocalEngine } from '../engine/local-engine';
import { seededRandom } from '../engine/random';

/** The services that hear of every order. */
export const SUBSCRIBERS = ['Billing', 'Inventory', 'Notifications'] as const;

const CLIENTS = 8;

/** What was sent, and what the API answered. */
export interface Sent {
  /** Ids of the accepted orders, each once, with their totals. */
  readonly accepted: ReadonlyMap<string, number>;
  repeated: number;
  refused: number;
}

/** Places orders through the API: customers, sizes and repeats drawn from a seed. */
export async function placeOrders(engine: LocalEngine, count: number, seed: number): Promise<Sent> {
  const random = seededRandom(seed, 'traffic');
  const accepted = new Map<string, number>();
  const sent: Sent = { accepted, repeated: 0, refused: 0 };
  const place = async (key: string, quantity: number, customer: string) => {
    const answer = await engine.api.request({
      method: 'POST',
      path: '/orders',
      headers: { 'Idempotency-Key': key },
      claims: { sub: customer },
      body: JSON.stringify({ currency: 'EUR', lines: [{ sku: 'book', quantity, unitPriceCents: 9_990 }] }),
    });
    if (answer.statusCode !== 202) {
      sent.refused += 1;
      return;
    }
    const { orderId, totalCents } = JSON.parse(answer.body ?? '') as { orderId: string; totalCents: number };
    if (accepted.has(orderId)) sent.repeated += 1;
    accepted.set(orderId, totalCents);
  };
  const orders = Array.from({ length: count }, (_, index) => ({
    key: `key-${index}`,
    customer: `customer-${Math.floor(random() * 500)}`,
    quantity: 1 + Math.floor(random() * 20),
    times: random() < 0.05 ? 2 : 1,
  }));
  // Clients at once; each repeats its order before it goes on.
  const client = async () => {
    for (let next = orders.shift(); next !== undefined; next = orders.shift()) {
      for (let time = 0; time < next.times; time += 1) await place(next.key, next.quantity, next.customer);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return sent;
}

/** Puts messages that no service can handle into each service's queue. @returns their bodies by service */
export function poison(engine: LocalEngine, count: number): Map<string, string[]> {
  const shapes = [
    (index: number) => `{"broken":${index}`,
    (index: number) => `${index}`,
    (index: number) => JSON.stringify({ id: `x${index}`, type: 'order.placed', occurredAt: 'now', data: {} }),
    (index: number) => JSON.stringify({ id: `x${index}`, type: 'order.paid', occurredAt: 'now', data: { M: {} } }),
  ];
  return new Map(
    SUBSCRIBERS.map((service) => {
      const bodies = Array.from({ length: count }, (_, index) => (shapes[index % shapes.length] ?? String)(index));
      for (const body of bodies) queueOf(engine, service).send({ body });
      return [service, bodies];
    }),
  );
}

/** A service's work queue. */
export function queueOf(engine: LocalEngine, service: string) {
  return engine.sqs.queue(engine.find('AWS::SQS::Queue', `Shop${service}WorkQueue`).arn ?? '');
}

/** Items of the table whose logical id begins so. */
export function itemsOf(engine: LocalEngine, prefix: string): Item[] {
  return engine.dynamodb.table(engine.find('AWS::DynamoDB::Table', prefix).name).all();
}

/** Bodies in the dead-letter queues, by the logical id of the queue; empty queues are left out. */
export function deadLetters(engine: LocalEngine): Map<string, string[]> {
  const found = engine.template
    .ofType('AWS::SQS::Queue')
    .filter(({ logicalId }) => logicalId.includes('DeadLetterQueue'))
    .map(
      ({ logicalId, arn = '' }) =>
        [
          logicalId,
          engine.sqs
            .queue(arn)
            .contents()
            .map(({ body }) => body),
        ] as const,
    );
  return new Map(found.filter(([, bodies]) => bodies.length > 0));
}

/** Order ids of the effects that a service wrote, one for each item with this prefix. */
export function effects(engine: LocalEngine, table: string, prefix: string): string[] {
  return itemsOf(engine, table).flatMap(({ pk }) =>
    pk !== undefined && 'S' in pk && pk.S.startsWith(`${prefix}#`) ? [pk.S.slice(prefix.length + 1)] : [],
  );
}

/** Sum of a counter that the handlers' metrics carry. */
export function metricSum(engine: LocalEngine, name: string): number {
  return [...engine.functions.values()]
    .flatMap(({ log }) => log.filter((line) => line.includes(`"${name}"`)))
    .reduce((sum, line) => {
      const value = (JSON.parse(line) as Record<string, unknown>)[name];
      return (
        sum + (Array.isArray(value) ? value : [value]).reduce((total: number, each) => total + Number(each ?? 0), 0)
      );
    }, 0);
}

/** Ids of the accepted orders whose payment goes to the fraud check. */
export function suspicious({ accepted }: Sent): string[] {
  return [...accepted].filter(([, total]) => total > FRAUD_CHECK_ABOVE_CENTS).map(([orderId]) => orderId);
}
