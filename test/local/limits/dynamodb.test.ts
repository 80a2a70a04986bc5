import { expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/service';
import { DYNAMODB_LIMITS } from '../../../local/limits/dynamodb';
import { outcome, testEachLimit } from './both-sides-fixture';
import { BACKGROUND_TESTS, THROUGHPUT_TESTS } from './dynamodb-background-cases';
import { EXPRESSION_TESTS } from './dynamodb-expressions-cases';
import { KEY, TableName } from './dynamodb-fixture';
import { ITEM_TESTS, TABLE_TESTS } from './dynamodb-items-cases';
import { QUERY_TESTS } from './dynamodb-queries-cases';
import { FLIGHT_MS, overlapping, TRANSACTION_TESTS } from './dynamodb-transactions-cases';

testEachLimit(DYNAMODB_LIMITS, {
  ...TABLE_TESTS,
  ...ITEM_TESTS,
  ...EXPRESSION_TESTS,
  ...QUERY_TESTS,
  ...TRANSACTION_TESTS,
  ...THROUGHPUT_TESTS,
  ...BACKGROUND_TESTS,
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
  const put = () => tables.call('PutItem', { TableName, Item: KEY });
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
        { Put: { TableName, Item: { ...KEY, sk: { S: 'a' } } } },
        {
          ConditionCheck: {
            TableName,
            Key: { ...KEY, sk: { S: 'x' } },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
      ],
    });
  expect(await both(refusedOne, () => transact(['a']), FLIGHT_MS + 1)).toEqual([
    'TransactionCanceledException',
    undefined,
  ]);
});

it('refuses a transaction for its limits before it holds an item', async () => {
  const { tables, both } = overlapping();
  const invalid = () =>
    outcome(() => tables.call('TransactWriteItems', { TransactItems: [], ClientRequestToken: 'x'.repeat(37) }));
  expect(await both(invalid, invalid, 1)).toEqual([undefined, undefined]);
  expect(await invalid()).toBe('ValidationException');
});
