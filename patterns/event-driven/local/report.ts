import type { LocalEngine } from '../../../local/engine/local-engine';
import { type Accounting, accountingProblems } from '../../../local/scenarios/accounting';
import { keptLetters } from '../../../local/scenarios/dead-letters';
import { EFFECTS, effectsIn, type Sent, SUBSCRIBERS, suspicious } from './traffic';

/** What became of the orders in one service. */
export interface ServiceReport {
  readonly service: string;
  /** Orders whose work was done. */
  readonly handled: number;
  /** Orders whose work was committed again although it had been done. */
  readonly twice: number;
  readonly duplicatesAbsorbed: number;
  /** Poison that its dead-letter queue keeps. */
  readonly poisonKept: number;
  /** Poison that is nowhere any more. */
  readonly poisonLost: number;
  /** Orders that were not done, but are kept in a dead-letter queue. */
  readonly ordersDeadLettered: number;
  /** Orders that were done and are in a dead-letter queue all the same. */
  readonly deadLetteredThoughDone: number;
  /** Messages in its dead-letter queue that are neither orders nor poison. */
  readonly junk: number;
  /** Orders that were accepted and are neither done nor kept. */
  readonly lost: number;
  readonly crashed: number;
  /** Messages handed out again while they were being handled. */
  readonly overlapping: number;
}

/** How the deliveries ended, as the bus was told. */
export interface FulfilmentReport {
  readonly shipped: number;
  /** Cancelled for the reason that their input asks for. */
  readonly refused: number;
  /** Cancelled although their input gives no reason for it, or another one. */
  readonly wronglyCancelled: number;
  /** Shipped although their input asks for a refusal, or cancelled as well. */
  readonly wronglyShipped: number;
  /** Left for an operator by the workflow. */
  readonly setAside: number;
  /** Reserved, and neither shipped, cancelled nor set aside. */
  readonly unfinished: number;
}

/** What a run came to. */
export interface RunReport {
  readonly accepted: number;
  readonly refused: number;
  readonly repeated: number;
  readonly putOff: number;
  readonly services: readonly ServiceReport[];
  readonly fraudChecks: {
    readonly expected: number;
    readonly done: number;
    readonly kept: number;
    readonly uncalledFor: number;
  };
  readonly fulfilment: FulfilmentReport;
  /** Orders, and the poison that was put into the queues. */
  readonly accounting: Accounting;
  /** Everything that must not be; empty after a good run. */
  readonly problems: readonly string[];
}

/** Goes through what the stores hold after a run. */
export async function reportOf(
  engine: LocalEngine,
  sent: Sent,
  poisoned: ReadonlyMap<string, readonly string[]>,
): Promise<RunReport> {
  const dead = await keptLetters(engine);
  const done = new Map<string, readonly string[]>();
  for (const [service, prefix] of [...Object.entries(EFFECTS), ['FraudCheck', 'case'] as const]) {
    const items = await engine.world.items(engine.find('AWS::DynamoDB::Table', `Shop${service}Table`).name);
    done.set(service, effectsIn(items, prefix));
  }
  const services = SUBSCRIBERS.map((service) =>
    serviceReport(engine, service, sent, done.get(service) ?? [], poisoned.get(service) ?? [], dead),
  );
  const fulfilment = await fulfilmentReport(engine, sent, new Set(done.get('Inventory')));
  const report = {
    accepted: sent.accepted.size,
    refused: sent.refused,
    repeated: sent.repeated,
    putOff: sent.putOff,
    services,
    fraudChecks: fraudReport(sent, done, dead),
    fulfilment: fulfilment.report,
    accounting: accountingOf(sent, services, fulfilment.ended, done),
  };
  return { ...report, problems: problemsOf(report) };
}

function serviceReport(
  engine: LocalEngine,
  service: (typeof SUBSCRIBERS)[number],
  { accepted }: Sent,
  effects: readonly string[],
  poisoned: readonly string[],
  dead: ReadonlyMap<string, readonly string[]>,
): ServiceReport {
  const done = new Set(effects);
  const own = bodiesOf(dead, `Shop${service}WorkDeadLetterQueue`);
  const rest = [...poisoned];
  const poisonKept = own.filter((body) => {
    const index = rest.indexOf(body);
    if (index !== -1) rest.splice(index, 1);
    return index !== -1;
  }).length;
  const undelivered = bodiesOf(dead, `ShopOrderEvents${service}DeadLetterQueue`);
  const keptOrders = new Set([...own, ...undelivered].flatMap((body) => orderIdOf(body, accepted) ?? []));
  const dimensions = { service: service.toLowerCase(), stack: engine.deployment.stackName };
  const counted = (name: string) =>
    (engine.metrics.minutes('Groundplan', name, dimensions) ?? []).flatMap(({ values }) => values);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const poller = engine.pollers.find(({ queue }) => queue.name.includes(`Shop${service}Work`));
  return {
    service,
    handled: done.size,
    twice: Math.max(0, sum(counted('EventsHandled')) - done.size),
    duplicatesAbsorbed: sum(counted('DuplicatesAbsorbed')),
    poisonKept,
    poisonLost: poisoned.length - poisonKept,
    ordersDeadLettered: [...keptOrders].filter((id) => !done.has(id)).length,
    deadLetteredThoughDone: [...keptOrders].filter((id) => done.has(id)).length,
    junk: own.length - poisonKept - own.filter((body) => orderIdOf(body, accepted) !== undefined).length,
    lost: [...accepted.keys()].filter((id) => !done.has(id) && !keptOrders.has(id)).length,
    crashed: poller?.counts.crashed ?? 0,
    overlapping: poller?.counts.overlapping ?? 0,
  };
}

function fraudReport(
  sent: Sent,
  effects: ReadonlyMap<string, readonly string[]>,
  dead: ReadonlyMap<string, readonly string[]>,
) {
  // A payment that was not made yet is not checked yet.
  const paid = new Set(effects.get('Billing'));
  const expected = new Set(suspicious(sent).filter((id) => paid.has(id)));
  const done = effects.get('FraudCheck') ?? [];
  const kept = ['ShopFactsFraudCheckDeadLetterQueue', 'ShopFraudCheckWorkDeadLetterQueue']
    .flatMap((queue) => bodiesOf(dead, queue))
    .filter((body) => [...expected].some((id) => body.includes(id)));
  return {
    expected: expected.size,
    done: done.filter((id) => expected.has(id)).length,
    kept: kept.length,
    uncalledFor: done.filter((id) => !expected.has(id)).length,
  };
}

/** What the archive of the bus says of each order, beside what its input asks for. */
async function fulfilmentReport(
  engine: LocalEngine,
  { accepted }: Sent,
  reserved: ReadonlySet<string>,
): Promise<{ readonly report: FulfilmentReport; readonly ended: Ended }> {
  const shipped = new Set<string>();
  const cancelled = new Map<string, string | undefined>();
  for (const event of engine.bus?.archive ?? []) {
    const { orderId, reason } = event.detail as { readonly orderId: string; readonly reason?: string };
    if (event['detail-type'] === 'order.shipped') shipped.add(orderId);
    if (event['detail-type'] === 'delivery.cancelled') cancelled.set(orderId, reason);
  }
  const deliveries = await engine.world.items(engine.find('AWS::DynamoDB::Table', 'ShopFulfilmentDeliveries').name);
  const setAside = deliveries.filter(({ status }) => status !== undefined && 'S' in status && status.S === 'SET_ASIDE');
  const orders = [...accepted];
  const ended: Ended = {
    completed: orders.flatMap(([id, { refusal }]) =>
      refusal === undefined && shipped.has(id) && !cancelled.has(id) ? [id] : [],
    ),
    refused: orders.flatMap(([id, { refusal }]) =>
      refusal !== undefined && cancelled.get(id) === refusal && !shipped.has(id) ? [id] : [],
    ),
  };
  const open = orders.filter(([id]) => reserved.has(id) && !shipped.has(id) && !cancelled.has(id)).length;
  return {
    ended,
    report: {
      shipped: ended.completed.length,
      refused: ended.refused.length,
      wronglyCancelled: orders.filter(([id, { refusal }]) => cancelled.has(id) && cancelled.get(id) !== refusal).length,
      wronglyShipped: orders.filter(
        ([id, { refusal }]) => shipped.has(id) && (refusal !== undefined || cancelled.has(id)),
      ).length,
      setAside: setAside.length,
      unfinished: Math.max(0, open - setAside.length),
    },
  };
}

/** Orders whose delivery ended as their input asks for. */
interface Ended {
  readonly completed: readonly string[];
  readonly refused: readonly string[];
}

/** An order counts once every service that hears of it has done its work and its delivery has ended. */
function accountingOf(
  { accepted }: Sent,
  services: readonly ServiceReport[],
  { completed, refused }: Ended,
  done: ReadonlyMap<string, readonly string[]>,
): Accounting {
  const handled = SUBSCRIBERS.map((service) => new Set(done.get(service)));
  const everywhere = (ids: readonly string[]) => ids.filter((id) => handled.every((ids) => ids.has(id))).length;
  const sum = (count: (service: ServiceReport) => number) =>
    services.reduce((total, service) => total + count(service), 0);
  const deadLettered = sum(({ poisonKept }) => poisonKept);
  return {
    accepted: accepted.size + deadLettered + sum(({ poisonLost }) => poisonLost),
    completed: everywhere(completed),
    refused: everywhere(refused),
    deadLettered,
  };
}

function problemsOf({ services, fraudChecks, fulfilment, accounting, refused }: Omit<RunReport, 'problems'>): string[] {
  const problems: string[] = [];
  const note = (count: number, text: string) => {
    if (count > 0) problems.push(`${count} ${text}`);
  };
  note(refused, 'orders refused by the API however often the client came back');
  for (const each of services) {
    note(each.lost, `accepted orders lost to ${each.service}`);
    note(each.twice, `orders done twice by ${each.service}`);
    note(each.poisonLost, `messages that ${each.service} could not handle are gone, not dead-lettered`);
    note(each.ordersDeadLettered, `good orders left undone in a dead-letter queue of ${each.service}`);
    note(each.deadLetteredThoughDone, `orders dead-lettered by ${each.service} although they were done`);
    note(each.overlapping, `messages handed to ${each.service} again while it was handling them`);
    note(each.junk, `messages dead-lettered by ${each.service} that it never asked for`);
  }
  note(fraudChecks.expected - fraudChecks.done - fraudChecks.kept, 'fraud checks lost');
  note(fraudChecks.kept, 'fraud checks left undone in a dead-letter queue');
  note(fraudChecks.uncalledFor, 'fraud checks of orders that are not suspicious');
  note(fulfilment.wronglyCancelled, 'deliveries cancelled for a reason that the order does not give');
  note(fulfilment.wronglyShipped, 'deliveries shipped that the order asks to refuse, or cancelled as well');
  note(fulfilment.setAside, 'deliveries stopped for an operator');
  note(fulfilment.unfinished, 'reserved orders neither shipped nor cancelled');
  return [...problems, ...accountingProblems(accounting, 'orders and messages')];
}

function bodiesOf(dead: ReadonlyMap<string, readonly string[]>, prefix: string): readonly string[] {
  return [...dead].flatMap(([id, bodies]) => (id.startsWith(prefix) ? bodies : []));
}

/** The accepted order that a message is about. */
function orderIdOf(body: string, accepted: Sent['accepted']): string | undefined {
  const [id] = /ord_[0-9a-f]+/.exec(body) ?? [];
  return id !== undefined && accepted.has(id) ? id : undefined;
}
