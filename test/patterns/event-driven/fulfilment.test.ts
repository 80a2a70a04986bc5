// @project memory
// @node24

import { beforeEach, describe, expect, it } from 'vitest';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { OverlappingWrites } from '../../../local/aws/dynamodb/overlapping-writes';
import { LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import { AwsError } from '../../../local/aws/service';
import { sleep } from '../../../local/clock/clock';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { LocalStateMachine } from '../../../local/engine/state-machine';
import { tableDefinition } from '../../../local/engine/table-definition';
import { evaluate } from '../../../local/engine/workflow/expressions';
import { eventDrivenTemplate } from '../../synthesize';

const deployment = { account: '111111111111', region: 'eu-west-1', stackName: 'EventDriven' };
const template = new ResolvedTemplate(eventDrivenTemplate('dev').toJSON() as TemplateDocument, deployment);
const tableName = (prefix: string) =>
  template.ofType('AWS::DynamoDB::Table').find(({ logicalId }) => logicalId.startsWith(prefix))?.name ?? '';
const [deliveries, facts] = [tableName('ShopFulfilment'), tableName('ShopOutbox')];
const order = {
  id: 'stock.reserved:o1',
  orderId: 'o1',
  customerId: 'alice',
  totalCents: 2500,
  currency: 'EUR',
  occurredAt: '2026-03-01T10:00:00.000Z',
};

let store: LocalDynamoDb;
/** Answers for the next calls whose request contains the text. */
let failures: { text: string; code: string; times: number; afterEffect?: boolean }[];
let machine: LocalStateMachine;
let clock: VirtualClock;
let calls: string[];
let began: number;
const [resource] = template.ofType('AWS::StepFunctions::StateMachine');

beforeEach(() => {
  store = new LocalDynamoDb(deployment, () => 0);
  for (const table of template.ofType('AWS::DynamoDB::Table')) store.createTable(tableDefinition(table));
  clock = new VirtualClock();
  failures = [];
  calls = [];
  began = clock.now();
  machine = new LocalStateMachine(resource?.arn ?? '', String(resource?.properties['DefinitionString']), {
    clock,
    random: () => 0.5,
    dynamodb: {
      call: (action, input) => {
        calls.push(action);
        const failure = failures.find(({ text, times }) => times > 0 && JSON.stringify(input).includes(text));
        if (failure === undefined) return store.call(action, input);
        failure.times -= 1;
        if (failure.afterEffect === true) store.call(action, input);
        throw new AwsError(failure.code, failure.code);
      },
    },
    onCall: () => undefined,
  });
});

const execute = (name: string, input: unknown) => clock.during(machine.execute(name, input));
const item = (table: string, pk: string) => store.table(table).get({ pk: { S: pk } });
const delivery = (orderId = 'o1') => item(deliveries, `delivery#${orderId}`);
const told = () =>
  store
    .table(facts)
    .all()
    .map(({ type }) => type);
const SHIPPED = [
  'Take on',
  'Address served?',
  'Reserve courier',
  'Payment authorized?',
  'Charge delivery',
  'Ship',
  'Publish order.shipped',
];

describe('the fulfilment workflow', () => {
  it('takes an order on, reserves, charges, ships, and publishes that', async () => {
    await execute('e1', order);
    expect(machine.executions).toEqual([{ name: 'e1', status: 'SUCCEEDED', path: SHIPPED }]);
    expect(delivery()).toMatchObject({ status: { S: 'SHIPPED' }, feeCents: { N: '490' }, customerId: { S: 'alice' } });
    expect(item(facts, 'order.shipped:o1')).toMatchObject({
      type: { S: 'order.shipped' },
      detail: { M: { orderId: { S: 'o1' }, totalCents: { N: '2500' }, customerId: { S: 'alice' } } },
    });
    expect(calls).toEqual(['PutItem', 'UpdateItem', 'UpdateItem', 'UpdateItem', 'PutItem']);
  });

  it('does nothing for a second execution of the same order, whenever it comes', async () => {
    await execute('e1', order);
    await execute('e2', order);
    expect(machine.executions[1]).toMatchObject({ status: 'SUCCEEDED', path: ['Take on', 'Already in hand'] });
    expect(told()).toHaveLength(1);
  });

  it('delivers an order to a country that is served, for a fee that is authorized to the cent', async () => {
    await execute('e1', { ...order, delivery: { country: 'LU', maxFeeCents: 490 } });
    expect(machine.executions[0]?.path).toEqual(SHIPPED);
  });

  it('cancels an order whose address is not served, without an alarm', async () => {
    await execute('e1', { ...order, delivery: { country: 'AQ' } });
    expect(machine.executions[0]).toEqual({
      name: 'e1',
      status: 'SUCCEEDED',
      path: ['Take on', 'Address served?', 'Address not served', 'Cancel delivery', 'Publish delivery.cancelled'],
    });
    expect(delivery()).toMatchObject({ status: { S: 'CANCELLED' }, reason: { S: 'address_not_served' } });
    expect(item(facts, 'delivery.cancelled:o1')?.['detail']).toMatchObject({
      M: { reason: { S: 'address_not_served' } },
    });
    expect(told()).toHaveLength(1);
  });

  it('releases the courier of an order whose fee is not authorized, by a cent, and cancels it', async () => {
    await execute('e1', { ...order, delivery: { country: 'DE', maxFeeCents: 489 } });
    expect(machine.executions[0]?.status).toBe('SUCCEEDED');
    expect(machine.executions[0]?.path.slice(-4)).toEqual([
      'Payment refused',
      'Release courier',
      'Cancel delivery',
      'Publish delivery.cancelled',
    ]);
    expect(delivery()).toMatchObject({ status: { S: 'CANCELLED' }, reason: { S: 'payment_refused' } });
    expect(delivery()).not.toHaveProperty('feeCents');
  });

  it('writes no item that another order writes', async () => {
    const places: string[] = [];
    for (const orderId of ['o1', 'o2']) {
      const before = new Set(pksOf());
      await execute(orderId, { ...order, orderId });
      places.push(...pksOf().filter((pk) => !before.has(pk)));
    }
    expect(places.sort()).toEqual(['delivery#o1', 'delivery#o2', 'order.shipped:o1', 'order.shipped:o2']);
    expect(JSON.stringify(resource?.properties['DefinitionString'])).not.toContain('transactWriteItems');
  });
});

const pksOf = () =>
  [deliveries, facts].flatMap((table) =>
    store
      .table(table)
      .all()
      .map(({ pk }) => (pk !== undefined && 'S' in pk ? pk.S : '')),
  );

/** Each task, by a text that only its request has. */
const TASKS = [
  ['Take on', '"TAKEN_ON"}}', {}],
  ['Reserve courier', '":to":{"S":"RESERVED"}', {}],
  ['Charge delivery', '":to":{"S":"CHARGED"}', {}],
  ['Ship', '":to":{"S":"SHIPPED"}', {}],
  ['Publish order.shipped', '"order.shipped:o1"', {}],
  ['Release courier', '":to":{"S":"RELEASED"}', { delivery: { country: 'DE', maxFeeCents: 0 } }],
  ['Cancel delivery', '":to":{"S":"CANCELLED"}', { delivery: { country: 'AQ' } }],
  ['Publish delivery.cancelled', '"delivery.cancelled:o1"', { delivery: { country: 'AQ' } }],
] as const;
const TRANSIENT = [
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionConflictException',
];

describe.each(TASKS)('the task "%s"', (name, text, changes) => {
  const ends = () => ['SHIPPED', 'CANCELLED'].includes(String(Object.values(delivery()?.['status'] ?? {})[0]));

  it.each(TRANSIENT)('is tried again through hours of %s', async (code) => {
    failures.push({ text, code, times: 100 });
    await execute('e1', { ...order, ...changes });
    expect(machine.executions[0]?.status).toBe('SUCCEEDED');
    expect(ends()).toBe(true);
    expect(clock.now() - began).toBeGreaterThan(3 * 3_600_000);
  });

  it('has the same effect when its answer was lost and it is made again', async () => {
    failures.push({ text, code: 'InternalServerError', times: 1, afterEffect: true });
    await execute('e1', { ...order, ...changes });
    expect(machine.executions[0]?.status).toBe('SUCCEEDED');
    expect(ends()).toBe(true);
    expect(told()).toHaveLength(1);
  });

  it('is set aside for an operator when no try can cure its failure, and goes on in a new execution', async () => {
    failures.push({ text, code: 'ValidationException', times: 1 + 8 });
    await execute('e1', { ...order, ...changes });
    expect(machine.executions[0]).toMatchObject({ status: 'FAILED', error: 'DeliverySetAside' });
    expect(machine.executions[0]?.path).toContain(name);
    expect(delivery()).toMatchObject({
      status: { S: 'SET_ASIDE' },
      failure: { S: expect.stringContaining('DynamoDb.DynamoDbException') },
    });
    await execute('e2', { ...order, ...changes });
    expect(machine.executions[1]?.status).toBe('SUCCEEDED');
    expect(ends()).toBe(true);
    expect(told()).toHaveLength(1);
  });
});

it('tells an operator the command that goes on with a delivery that was set aside', async () => {
  const definition = JSON.parse(String(resource?.properties['DefinitionString'])) as {
    readonly States: Readonly<Record<string, { readonly Cause?: string }>>;
  };
  const arn = resource?.arn ?? '';
  const context = { Execution: { Id: `${arn}:e1` }, StateMachine: { Id: arn } };
  const states = { input: { failure: 'DynamoDb.DynamoDbException: not authorized' }, context };
  const cause = await evaluate(definition.States['Needs attention']?.Cause, { states, variables: {}, now: () => 0 });
  expect(cause).toContain('DynamoDb.DynamoDbException: not authorized. The delivery stopped');
  expect(cause).toContain(
    `aws stepfunctions start-execution --state-machine-arn ${arn} --input "$(aws stepfunctions describe-execution ` +
      `--execution-arn ${arn}:e1 --query input --output text)"`,
  );
});

describe('orders that overlap', () => {
  const RATE = 200;
  /** .ci/run has a minute of it. */
  const SECONDS = Number(process.env['GROUNDPLAN_OVERLAP_SECONDS'] ?? 10);

  it(`ship all the same: ${RATE} a second for ${SECONDS} s, each write in flight for 15 ms`, async () => {
    const conflicts: string[] = [];
    const writes = new OverlappingWrites(
      store,
      () => sleep(clock, 15),
      (table) => conflicts.push(table),
    );
    machine = new LocalStateMachine(resource?.arn ?? '', String(resource?.properties['DefinitionString']), {
      clock,
      random: () => 0.5,
      dynamodb: writes,
      onCall: () => undefined,
    });
    const executions: Promise<unknown>[] = [];
    await clock.during(
      (async () => {
        for (let index = 0; index < RATE * SECONDS; index += 1) {
          const changes = index % 50 === 0 ? { delivery: { country: 'AQ' } } : {};
          executions.push(machine.execute(`e${index}`, { ...order, orderId: `o${index}`, ...changes }));
          await sleep(clock, 1000 / RATE);
        }
        await Promise.all(executions);
      })(),
    );
    expect(machine.executions.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
    const shipped = told().filter((type) => type !== undefined && 'S' in type && type.S === 'order.shipped');
    expect(shipped).toHaveLength(RATE * SECONDS * 0.98);
    expect(told()).toHaveLength(RATE * SECONDS);
    expect(conflicts).toEqual([]);
  });
});
