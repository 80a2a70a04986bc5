import type { Json } from './aws-client';
import { boundRequests } from './table-bounds';

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };
const TEXT = { ExpressionAttributeValues: { ':s': { S: 'x' } } };

/** Requests that both refuse, or take, alike. The item at the key has `word` (S), `num` (N) and `meta` (M). */
export function plainRequests(table: string): ReadonlyArray<readonly [action: string, input: Json]> {
  const put = (input: Json, item: Json = {}) =>
    ['PutItem', { TableName: table, Item: { ...KEY, ...item }, ...input }] as const;
  const update = (UpdateExpression: string, input: Json = {}) =>
    ['UpdateItem', { TableName: table, Key: KEY, UpdateExpression, ...input }] as const;
  const others = { TableName: 'no-table', Key: KEY };
  return [
    put({}, { word: { S: 'w' }, num: { N: '5' }, meta: { M: { a: { N: '1' } } } }),
    ['PutItem', { TableName: table, Item: { pk: { S: 'p' } } }],
    ['PutItem', { TableName: table, Item: { pk: { N: '1' }, sk: { S: 's' } } }],
    ['PutItem', { TableName: table, Item: { pk: { S: '' }, sk: { S: 's' } } }],
    ['GetItem', { TableName: table, Key: { ...KEY, more: { S: 'x' } } }],
    ['GetItem', { TableName: table, Key: { pk: { S: 'p' } } }],
    ['UpdateItem', { TableName: table, Key: { pk: { S: 'p' } }, UpdateExpression: 'SET word = :s', ...TEXT }],
    update('SET sk = :s', TEXT),
    update('REMOVE sk'),
    update('SET word = :nope'),
    update('SET word = :s', { ExpressionAttributeValues: { ':s': { S: 'x' }, ':t': { S: 'x' } } }),
    put({ ConditionExpression: 'attribute_exists(word)', ExpressionAttributeNames: { '#x': 'x' } }),
    update('SET word'),
    update('SET word = '),
    update(''),
    put({}, { x: { SS: [] } }),
    put({}, { x: { NULL: false } }),
    put({}, { x: { N: 'abc' } }),
    put({}, { x: { N: '1e-131' } }),
    put({}, { x: { S: 'x'.repeat(410_000) } }),
    put({}, { owner: { S: '' } }),
    put({ ConditionExpression: 'attribute_not_exists(name)' }),
    update('SET name = :s', TEXT),
    update('ADD num :s', TEXT),
    update('SET num = num + :s', TEXT),
    update('SET meta.nope.a = :s', TEXT),
    update('REMOVE nope.a'),
    update('REMOVE nope'),
    [
      'TransactWriteItems',
      { TransactItems: [{ Delete: { TableName: table, Key: KEY }, Put: { TableName: table, Item: KEY } }] },
    ],
    [
      'TransactWriteItems',
      { TransactItems: [{ Delete: { TableName: table, Key: KEY } }, { Put: { TableName: table, Item: KEY } }] },
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: Array.from({ length: 101 }, (_, at) => ({
          Delete: { TableName: table, Key: { ...KEY, sk: { S: `${at}` } } },
        })),
      },
    ],
    ['GetItem', others],
    ['DeleteItem', others],
    ['UpdateItem', { ...others, UpdateExpression: 'SET word = :s', ...TEXT }],
    ['PutItem', { TableName: 'no-table', Item: KEY }],
    ['Query', { TableName: 'no-table', KeyConditionExpression: 'pk = :s', ...TEXT }],
    [
      'Query',
      {
        TableName: table,
        IndexName: 'byOwner',
        KeyConditionExpression: '#owner = :s',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ConsistentRead: true,
        ...TEXT,
      },
    ],
    ...boundRequests(table),
    ['GetItem', { TableName: table, Key: KEY }],
  ];
}
