import { beforeEach, describe, expect, it } from 'vitest';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import { AwsError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { LocalStateMachine } from '../../../local/engine/state-machine';
import { tableDefinition } from '../../../local/engine/table-definition';
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
let failures: { text: string; code: string; times: number }[];
let machine: LocalStateMachine;
let clock: VirtualClock;
let calls: string[];

beforeEach(() => {
  store = new LocalDynamoDb(deployment, () => 0);
  for (const table of template.ofType('AWS::DynamoDB::Table')) store.createTable(tableDefinition(table));
  clock = new VirtualClock();
  failures = [];
  calls = [];
  const [resource] = template.ofType('AWS::StepFunctions::StateMachine');
  machine = new LocalStateMachine(resource?.arn ?? '', String(resource?.properties['DefinitionString']), {
    clock,
    random: () => 0.5,
    dynamodb: store,
    onCall: ({ action, input }) => {
      calls.push(action);
      const failure = failures.find(({ text, times }) => times > 0 && JSON.stringify(input).includes(text));
      if (failure === undefined) return;
      failure.times -= 1;
      throw new AwsError(failure.code, failure.code);
    },
  });
});

const execute = (name: string, input: unknown) => clock.during(machine.execute(name, input));
const item = (table: string, pk: string) => store.table(table).get({ pk: { S: pk } });
const status = (pk: string) => item(deliveries, pk)?.['status'];
const parcels = () => item(deliveries, 'courier#2026-03-01')?.['parcels'];
const told = () =>
  store
    .table(facts)
    .all()
    .map(({ type }) => type);

describe('the fulfilment workflow', () => {
  it('takes an order on, reserves, charges, ships, and tells of it', async () => {
    await execute('e1', order);
    expect(machine.executions).toEqual([
      {
        name: 'e1',
        status: 'SUCCEEDED',
        path: ['Take on', 'Reserve courier', 'Charge delivery', 'Ship', 'Shipped'],
      },
    ]);
    expect(status('delivery#o1')).toEqual({ S: 'SHIPPED' });
    expect(status('charge#o1')).toEqual({ S: 'CHARGED' });
    expect(parcels()).toEqual({ N: '1' });
    expect(item(facts, 'order.shipped:o1')).toMatchObject({
      type: { S: 'order.shipped' },
      detail: { M: { orderId: { S: 'o1' }, totalCents: { N: '2500' }, customerId: { S: 'alice' } } },
    });
    expect(calls).toHaveLength(4);
  });

  it('does nothing for a second execution of the same order', async () => {
    await execute('e1', order);
    await execute('e2', order);
    expect(machine.executions[1]).toMatchObject({ status: 'SUCCEEDED', path: ['Take on', 'Already in hand'] });
    expect(parcels()).toEqual({ N: '1' });
    expect(told()).toHaveLength(1);
  });

  it.each([
    ['Reserve courier', '"RESERVED"', ['Cancel', 'Delivery cancelled'], undefined, undefined],
    ['Charge delivery', '"CHARGED"},":from0', ['Release courier', 'Cancel', 'Delivery cancelled'], '0', undefined],
    ['Ship', 'order.shipped', ['Refund delivery', 'Release courier', 'Cancel', 'Delivery cancelled'], '0', 'REFUNDED'],
  ])('undoes what was done when %s fails', async (_, text, path, parcelsLeft, charge) => {
    failures.push({ text, code: 'ValidationException', times: 1 });
    await execute('e1', order);
    const [execution] = machine.executions;
    expect(execution).toMatchObject({ status: 'FAILED', error: 'DeliveryCancelled' });
    expect(execution?.path.slice(-path.length)).toEqual(path);
    expect(status('delivery#o1')).toEqual({ S: 'CANCELLED' });
    expect(parcels()).toEqual(parcelsLeft === undefined ? undefined : { N: parcelsLeft });
    expect(status('charge#o1')).toEqual(charge === undefined ? undefined : { S: charge });
    expect(told()).toEqual([{ S: 'delivery.cancelled' }]);
  });

  it('cancels what no courier takes', async () => {
    for (let count = 0; count < 1001; count += 1) await execute(`e${count}`, { ...order, orderId: `o${count}` });
    expect(machine.executions.filter(({ status }) => status === 'SUCCEEDED')).toHaveLength(1000);
    expect(status('delivery#o1000')).toEqual({ S: 'CANCELLED' });
    expect(parcels()).toEqual({ N: '1000' });
  });

  it('tries a throttled call again, and performs it once', async () => {
    failures.push({ text: 'parcels', code: 'ThrottlingException', times: 6 });
    await execute('e1', order);
    expect(machine.executions[0]?.status).toBe('SUCCEEDED');
    expect(parcels()).toEqual({ N: '1' });
  });

  it('asks for a person when undoing fails too', async () => {
    failures.push({ text: 'order.shipped', code: 'ValidationException', times: 1 });
    failures.push({ text: 'REFUNDED', code: 'ValidationException', times: 1 });
    await execute('e1', order);
    expect(machine.executions[0]).toMatchObject({ status: 'FAILED', error: 'CompensationFailed' });
  });
});
