import type { Json } from './aws-client';

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };
const text = (length: number) => ({ S: 'x'.repeat(length) });

/** One call. */
export type Request = readonly [action: string, input: Json];

function putTo(table: string) {
  return (item: Json, input: Json = {}): Request => [
    'PutItem',
    { TableName: table, Item: { ...KEY, ...item }, ...input },
  ];
}

/** Requests at documented bounds and beyond them, which both answer alike. */
export function boundRequests(table: string): readonly Request[] {
  const put = putTo(table);
  return [
    ...[2048, 2049].map((bytes) => put({ pk: text(bytes) })),
    ...[1024, 1025].map((bytes) => put({ sk: text(bytes) })),
    ...[2048, 2049].map((bytes) => put({ owner: text(bytes) })),
    ...[1024, 1025].map((bytes) => put({ place: text(bytes) })),
    ...['9e125', '9e126', '3'.repeat(38)].map((N) => put({ x: { N } })),
    put({ x: text(409_601) }),
    put({}, { ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeValues: {} }),
    put({}, { ReturnValues: 'ALL_NEW' }),
    ['UpdateItem', { TableName: table, Key: KEY, UpdateExpression: 'REMOVE a REMOVE b' }],
  ];
}

/** Requests beyond documented bounds that moto does not have. */
export function boundsThatMotoLacks(table: string) {
  const put = putTo(table);
  const query = (input: Json): Request => [
    'Query',
    {
      TableName: table,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': KEY.pk },
      ...input,
    },
  ];
  const check = (ConditionExpression: string, values: Json): Request =>
    put({}, { ConditionExpression, ExpressionAttributeValues: values });
  const names = Array.from({ length: 101 }, (_, index) => `:v${index}`);
  const nested = (levels: number): Json => (levels === 0 ? { S: 'x' } : { M: { a: nested(levels - 1) } });
  const remove = { Delete: { TableName: table, Key: { ...KEY, sk: { S: 'nope' } } } };
  return {
    'number-of-39-digits': put({ x: { N: '3'.repeat(39) } }),
    'nested-33-levels': put({ x: nested(33) }),
    'operands-of-in': check(`num IN (${names.join()})`, Object.fromEntries(names.map((name) => [name, { S: name }]))),
    'expression-of-4097-bytes': put({}, { ConditionExpression: 'attribute_exists(pk)'.padEnd(4097) }),
    'placeholder-syntax': put(
      {},
      { ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeNames: { pk: 'pk' } },
    ),
    'type-of-an-operand': check('num < :v', { ':v': { BOOL: true } }),
    'order-of-between': check('num BETWEEN :a AND :b', { ':a': { N: '9' }, ':b': { N: '1' } }),
    'returned-on-failure': put({}, { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' }),
    'page-of-none': query({ Limit: 0 }),
    'type-in-a-key-condition': query({ ExpressionAttributeValues: { ':p': { N: '1' } } }),
    'start-key-of-another-partition': query({ ExclusiveStartKey: { ...KEY, pk: { S: 'q' } } }),
    'start-key-without-an-attribute': query({ ExclusiveStartKey: { pk: KEY.pk } }),
    'start-key-too-long': query({ ExclusiveStartKey: { ...KEY, sk: text(5000) } }),
    'token-of-37-characters': [
      'TransactWriteItems',
      { ClientRequestToken: 'x'.repeat(37), TransactItems: [remove] },
    ] as const,
  } satisfies Readonly<Record<string, Request>>;
}
