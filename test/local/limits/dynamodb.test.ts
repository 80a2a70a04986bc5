import { expect, it } from 'vitest';
import { OverlappingWrites } from '../../../local/aws/dynamodb/overlapping-writes';
import { LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import { AwsError } from '../../../local/aws/service';
import { sleep } from '../../../local/clock/clock';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { DYNAMODB_LIMITS } from '../../../local/limits/dynamodb';
import { outcome, testEachLimit } from './both-sides';

const FLIGHT_MS = 15;

/** A table whose writes take 15 ms of virtual time. */
function overlapping() {
  const clock = new VirtualClock();
  const store = new LocalDynamoDb({ account: '111122223333', region: 'eu-west-1' }, () => clock.now());
  store.createTable({ name: 'T', key: { partition: 'pk' }, attributeTypes: { pk: 'S' } });
  const tables = new OverlappingWrites(store, () => sleep(clock, FLIGHT_MS));
  const put = (pk: string) => ({ Put: { TableName: 'T', Item: { pk: { S: pk } } } });
  return {
    tables,
    transact: (pks: readonly string[], token?: string) =>
      tables.call('TransactWriteItems', {
        TransactItems: pks.map(put),
        ...(token !== undefined && { ClientRequestToken: token }),
      }),
    /** Runs the second call some milliseconds after the first, and gives what each came to. */
    both: (first: () => unknown, second: () => unknown, after: number) =>
      clock.during(Promise.all([outcome(first), sleep(clock, after).then(() => outcome(second))])),
  };
}

/** Two calls conflict while the first is in flight, and not once it has been answered. */
async function conflictsInFlight(
  error: string | undefined,
  calls: (tables: ReturnType<typeof overlapping>) => [() => unknown, () => unknown],
): Promise<void> {
  for (const [after, expected] of [
    [0, error],
    [FLIGHT_MS - 1, error],
    [FLIGHT_MS + 1, undefined],
  ] as const) {
    const tables = overlapping();
    const [first, second] = calls(tables);
    expect({ after, outcomes: await tables.both(first, second, after) }).toEqual({
      after,
      outcomes: [undefined, expected],
    });
  }
}

testEachLimit(DYNAMODB_LIMITS, {
  transactionConflict: ({ error }) =>
    conflictsInFlight(error, ({ transact }) => [() => transact(['a', 'b']), () => transact(['b', 'c'])]),
  writeConflict: async ({ error }) => {
    for (const [action, input] of [
      ['PutItem', { Item: { pk: { S: 'a' } } }],
      [
        'UpdateItem',
        { Key: { pk: { S: 'a' } }, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } },
      ],
      ['DeleteItem', { Key: { pk: { S: 'a' } } }],
    ] as const) {
      await conflictsInFlight(error, ({ tables, transact }) => [
        () => transact(['a']),
        () => tables.call(action, { TableName: 'T', ...input }),
      ]);
    }
  },
  tokenInProgress: ({ error }) =>
    conflictsInFlight(error, ({ transact }) => [() => transact(['a'], 'token'), () => transact(['a'], 'token')]),
});

it('tells for each item why a transaction was cancelled', async () => {
  const { transact, both } = overlapping();
  let reasons: unknown;
  await both(
    () => transact(['b']),
    () =>
      transact(['a', 'b', 'c']).catch((error: unknown) => {
        if (error instanceof AwsError) reasons = error.members['CancellationReasons'];
      }),
    1,
  );
  expect(reasons).toEqual([
    { Code: 'None' },
    { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
    { Code: 'None' },
  ]);
});

it('lets single writes of one item follow each other, and transactions of different items overlap', async () => {
  const { tables, transact, both } = overlapping();
  const put = () => tables.call('PutItem', { TableName: 'T', Item: { pk: { S: 'a' } } });
  expect(await both(put, put, 1)).toEqual([undefined, undefined]);
  expect(
    await both(
      () => transact(['b']),
      () => transact(['c']),
      1,
    ),
  ).toEqual([undefined, undefined]);
});

it('frees the items of a transaction that is refused', async () => {
  const { tables, transact, both } = overlapping();
  const refusedOne = () =>
    tables.call('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'T', Item: { pk: { S: 'a' } } } },
        { ConditionCheck: { TableName: 'T', Key: { pk: { S: 'x' } }, ConditionExpression: 'attribute_exists(pk)' } },
      ],
    });
  expect(await both(refusedOne, () => transact(['a']), FLIGHT_MS + 1)).toEqual([
    'TransactionCanceledException',
    undefined,
  ]);
});
