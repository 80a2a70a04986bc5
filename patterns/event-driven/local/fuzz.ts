import fc from 'fast-check';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import type { ApiAnswer } from '../../../local/engine/api-integrations';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { newActors } from '../../../local/fuzz/actors';
import { encoded } from '../../../local/fuzz/nasty';
import { apiRequest, bodyOf, type FuzzRequest, headerOf, parsed } from '../../../local/fuzz/request';
import type { Actor, Session } from '../../../local/fuzz/session';
import {
  bare,
  type DocumentedRoute,
  type FuzzPlace,
  type FuzzTarget,
  keyed,
  type Operation,
} from '../../../local/fuzz/target';
import { EFFECTS } from './traffic';

const ORDERS = '/orders';
const ORDER = 'order';

const ROUTES: readonly DocumentedRoute[] = [
  { method: 'POST', path: /^\/orders$/, statuses: [202, 400, 401, 409, 413, 415] },
  { method: 'GET', path: /^\/orders$/, statuses: [200, 400, 401] },
  { method: 'GET', path: /^\/orders\/[^/]+$/, statuses: [200, 400, 401, 404] },
];

/** Product codes: also what objects have by themselves. */
const sku = fc.constantFrom('book', 'pen', 'A-1_b.c', '0', '__proto__', 'constructor', 'toString', 'x'.repeat(64));

const line = fc
  .record({
    sku,
    quantity: fc.constantFrom(1, 2, 999, 1000),
    unitPriceCents: fc.constantFrom(0, 1, 9990, 9_999_999, 10_000_000),
    note: fc.option(fc.constantFrom('', 'gift', 'a\u{1f600}é'), { nil: undefined }),
  })
  .map(({ note, ...rest }) => ({ ...rest, ...(note !== undefined && { note }) }));

const body = fc.record({
  currency: fc.constantFrom('EUR', 'USD'),
  lines: fc.oneof(
    { weight: 12, arbitrary: fc.array(line, { minLength: 1, maxLength: 3 }) },
    // Too large for a message: its lines go to S3.
    {
      weight: 1,
      arbitrary: line.map((each) => Array.from({ length: 400 }, () => ({ ...each, note: 'n'.repeat(490) }))),
    },
  ),
});

const place: fc.Arbitrary<Operation> = fc.tuple(fc.nat(2), body).map(([key, { currency, lines }]): Operation => {
  return (session, actor) => {
    const [first, ...others] = lines;
    // The word of whoever writes shows where it comes to.
    const json = {
      currency,
      lines: [{ ...first, note: `${first?.note ?? ''} ${actor.marker}`.slice(0, 500) }, ...others],
    };
    const known = session.keys.get(`${actor.name} ${key}`);
    const expected = known === undefined || known.startsWith(`${JSON.stringify(json)} `) ? [202] : [409];
    return { request: keyed('POST', ORDERS, String(key)), json, expected };
  };
});

const list: fc.Arbitrary<Operation> = fc
  .tuple(fc.nat(20), fc.constantFrom(undefined, '1', '2', '100'), fc.boolean())
  .map(
    ([pick, limit, goesOn]): Operation =>
      (session, actor) => {
        const cursor = goesOn ? session.cursors[pick % Math.max(1, session.cursors.length)] : undefined;
        const query = [
          ...(limit === undefined ? [] : [`limit=${limit}`]),
          ...(cursor === undefined ? [] : [`cursor=${encoded(cursor.text)}`]),
        ];
        const expected = [cursor === undefined || cursor.owner === actor ? 200 : 400];
        return { request: bare('GET', ORDERS, query), expected };
      },
  );

const read: fc.Arbitrary<Operation> = fc.nat(20).map(
  (pick): Operation =>
    (session, actor) => {
      const order = session.thing(ORDER, pick);
      const path = order?.path ?? `${ORDERS}/ord_${'0'.repeat(32)}`;
      return {
        request: { method: 'GET', path, query: [], headers: [] },
        expected: [order?.owner === actor ? 200 : 404],
      };
    },
);

/** The orders API of the event-driven pattern, with everything that follows from an order. */
export function eventDrivenTarget(
  stack: SynthesizedStack,
  { code }: Pick<LocalEngineOptions, 'code'> = {},
): FuzzTarget {
  return {
    operations: fc.oneof(
      // An accepted order goes through every service, which takes as long as fifty answers.
      { weight: 2, arbitrary: place },
      { weight: 8, arbitrary: list },
      { weight: 8, arbitrary: read },
    ),
    routes: ROUTES,
    open: async (seed, onLog) => new Shop(await LocalEngine.start(stack, { seed, code, onLog })),
    close: async () => undefined,
  };
}

class Shop implements FuzzPlace {
  readonly headers = [];
  private readonly orders;
  private readonly claims: string;
  private readonly effects;

  constructor(readonly engine: LocalEngine) {
    const tableOf = (prefix: string) =>
      engine.stores.dynamodb.table(engine.find('AWS::DynamoDB::Table', `Shop${prefix}Table`).name);
    this.orders = tableOf('Orders');
    this.claims = engine.find('AWS::S3::Bucket', 'ShopClaims').name;
    this.effects = Object.entries(EFFECTS).map(([service, prefix]) => ({ service, prefix, table: tableOf(service) }));
  }

  actors(run: string): readonly [Actor, ...Actor[]] {
    return newActors(this.engine, run);
  }

  send(request: FuzzRequest): Promise<ApiAnswer> {
    return this.engine.api.request(apiRequest(request));
  }

  footprint(): Readonly<Record<string, number>> {
    return { orders: this.orders.size, 'objects of large orders': this.engine.stores.s3.keys(this.claims).length };
  }

  observe(session: Session, actor: Actor, request: FuzzRequest, { statusCode, body }: ApiAnswer): readonly string[] {
    const said = parsed(body);
    if (statusCode === 202) return accepted(session, actor, request, said);
    if (statusCode !== 200 || !Array.isArray(said?.['orders'])) return [];
    if (typeof said['cursor'] === 'string') session.cursors.push({ owner: actor, path: ORDERS, text: said['cursor'] });
    const own = new Set(session.things.filter(({ owner }) => owner === actor).map(({ id }) => id));
    const listed = (said['orders'] as { readonly orderId?: string }[]).map(({ orderId }) => String(orderId));
    return listed.filter((id) => !own.has(id)).map((id) => `lists ${id}, which ${actor.name} did not place`);
  }

  /** Every order came to its services, once, and its customer finds it in the list. */
  async settled({ things }: Session): Promise<readonly string[]> {
    return things.flatMap(({ id }) =>
      this.effects
        .filter(({ table, prefix }) => table.get({ pk: { S: `${prefix}#${id}` } }) === undefined)
        .map(({ service }) => `${id} was accepted, and ${service} did not handle it`),
    );
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }
}

function accepted(
  session: Session,
  actor: Actor,
  request: FuzzRequest,
  said: ReturnType<typeof parsed>,
): readonly string[] {
  const sent = bodyOf(request);
  const { orderId, totalCents, currency, createdAt } = said ?? {};
  if (typeof orderId !== 'string' || sent === undefined) return ['accepts an order without telling its id'];
  const name = `${actor.name} ${headerOf(request, 'idempotency-key')}`;
  const content = `${JSON.stringify(sent)} ${orderId}`;
  const before = session.keys.get(name);
  session.keys.set(name, content);
  const shown = { orderId, totalCents, currency, createdAt, lines: sent['lines'] };
  session.keep({ kind: ORDER, id: orderId, owner: actor, path: `${ORDERS}/${orderId}`, shown });
  return before === undefined || before === content ? [] : ['accepts another order by the same idempotency key'];
}
