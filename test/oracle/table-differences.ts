import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import type { DifferenceId } from './known-differences';
import type { MotoFixture } from './moto-fixture';
import { boundsThatMotoLacks } from './table-bounds';
import { ordered } from './table-side';

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };
const ITEM = { ...KEY, word: { S: 'w' } };
const VALUE = { ':s': { S: 'x' } };

/** The whole answer but for message texts: nothing is left out where a difference is expected. */
function whole({ error, output }: Answer, table: string): unknown {
  if (error !== undefined) return { error };
  return JSON.parse(JSON.stringify(ordered(output)).replaceAll(table, 'the table')) as unknown;
}

/** Meets every known difference about tables, each by a step of its own. */
export async function meetTableDifferences(fixture: MotoFixture, comparison: Comparison, table: string): Promise<void> {
  const put = (input: Json, item: Json = {}) => ({ TableName: table, Item: { ...ITEM, ...item }, ...input });
  const meet = async (id: DifferenceId, action: string, input: Json) => {
    // Both start from the same item, whatever the last difference made of it.
    await fixture.both('dynamodb', 'PutItem', put({}));
    const { ours, moto } = await fixture.both('dynamodb', action, input);
    comparison.differs(id, input, whole(ours, table), whole(moto, table));
  };
  const key = { TableName: table, Key: KEY };
  const condition = (ConditionExpression: string, values?: Json) =>
    put({ ConditionExpression, ...(values !== undefined && { ExpressionAttributeValues: values }) });
  const query = (KeyConditionExpression: string, input: Json = {}) => ({
    TableName: table,
    KeyConditionExpression,
    ExpressionAttributeValues: { ':s': { S: 'p' } },
    ...input,
  });
  const increment = (by: string) => ({
    ClientRequestToken: `token-of-${table}`,
    TransactItems: [
      { Update: { ...key, UpdateExpression: 'ADD num :n', ExpressionAttributeValues: { ':n': { N: by } } } },
    ],
  });

  await meet('full-last-page', 'Query', query('pk = :s', { Limit: 1 }));
  await meet('reserved-word', 'Query', query('owner = :s', { IndexName: 'byOwner' }));
  await meet('key-type', 'GetItem', { TableName: table, Key: { pk: { N: '1' }, sk: { S: 's' } } });
  await meet('index-key-type', 'PutItem', put({}, { owner: { N: '1' } }));
  await meet('unused-value', 'PutItem', condition('attribute_exists(word)', VALUE));
  await meet('undefined-placeholder', 'PutItem', condition('word = :nope'));
  await meet('size-of-nothing', 'PutItem', condition('size(nope) = :n', { ':n': { N: '1' } }));
  await meet('missing-attributes-equal', 'PutItem', condition('nope = nada'));
  await meet('double-not', 'PutItem', condition('NOT NOT attribute_exists(word)'));
  await meet('set-with-duplicates', 'PutItem', put({}, { x: { SS: ['a', 'a'] } }));
  const numbers = {
    ...key,
    UpdateExpression: 'SET num = :n',
    ExpressionAttributeValues: { ':n': { N: '1.50' } },
    ReturnValues: 'ALL_NEW',
  };
  await meet('number-as-written', 'UpdateItem', numbers);
  await meet('update-measured-unasked', 'UpdateItem', { ...key, UpdateExpression: 'REMOVE nope' });
  await meet('transaction-measured-unasked', 'TransactWriteItems', increment('1'));
  await meet('transaction-token', 'TransactWriteItems', increment('2'));
  for (const [id, [action, input]] of Object.entries(boundsThatMotoLacks(table))) {
    await meet(id as keyof ReturnType<typeof boundsThatMotoLacks>, action, input);
  }
}
