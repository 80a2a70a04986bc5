import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { Answer, Json } from './aws-client';
import { type MotoFixture, startMotoFixture } from './moto-fixture';
import { expectError, outputOf, rule } from './rule';
import { tableDefinition } from './table-sequence';

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };
const ITEM = {
  ...KEY,
  word: { S: 'w' },
  num: { N: '12' },
  flag: { BOOL: true },
  bin: { B: 'AAEC' },
  bset: { BS: ['AAEC'] },
};

let fixture: MotoFixture;
let table: string;
beforeAll(async () => {
  fixture = await startMotoFixture('us-west-2');
});
afterAll(() => fixture.close());
beforeEach(async () => {
  const definition = tableDefinition('OLD_IMAGE');
  table = definition.name;
  await fixture.createTable(definition);
  await fixture.both('dynamodb', 'PutItem', { TableName: table, Item: ITEM });
});

const ours = (action: string, input: Json): Promise<Answer> =>
  fixture.ours('dynamodb', action, { TableName: table, ...input });
const update = (UpdateExpression: string, input: Json = {}) =>
  ours('UpdateItem', { Key: KEY, UpdateExpression, ...input });
const put = (input: Json) => ours('PutItem', { Item: { ...ITEM, num: { N: '13' } }, ...input });
const query = (KeyConditionExpression: string, input: Json = {}) =>
  ours('Query', { KeyConditionExpression, ExpressionAttributeValues: { ':s': { S: 'p' } }, ...input });
const value = (member: Json) => ({ ExpressionAttributeValues: { ':s': member } });
const refused = (answer: Answer) => expectError(answer, 'ValidationException');

describe('rules of conditions', () => {
  rule('size of a binary is its number of bytes', async () => {
    outputOf(await put({ ConditionExpression: 'size(bin) = :s', ...value({ N: '3' }) }));
  });

  rule('size of a number is refused or does not hold, and never counts digits', async () => {
    const answer = await put({ ConditionExpression: 'size(num) = :s', ...value({ N: '2' }) });
    expect(answer.error).toMatch(/^(ConditionalCheckFailed|Validation)Exception$/);
  });

  rule('contains finds a member of a binary set', async () => {
    outputOf(await put({ ConditionExpression: 'contains(bset, :s)', ...value({ B: 'AAEC' }) }));
  });

  rule('redundant parentheses are refused', async () => {
    refused(await put({ ConditionExpression: '((attribute_exists(pk)))' }));
  });
});

describe('rules of writes', () => {
  rule('a write that is refused for its ReturnValues writes nothing', async () => {
    refused(await put({ ReturnValues: 'SOME' }));
    expect(outputOf(await ours('GetItem', { Key: KEY }))['Item']).toEqual(ITEM);
  });

  rule('PutItem refuses ALL_NEW', async () => refused(await put({ ReturnValues: 'ALL_NEW' })));

  rule('DeleteItem refuses ALL_NEW', async () =>
    refused(await ours('DeleteItem', { Key: KEY, ReturnValues: 'ALL_NEW' })),
  );

  rule('UpdateItem answers UPDATED_NEW, or calls it unsupported', async () => {
    const { error } = await update('SET word = :s', { ...value({ S: 'x' }), ReturnValues: 'UPDATED_NEW' });
    expect([undefined, 'UnknownOperationException']).toContain(error);
  });

  rule('UpdateItem refuses two changes of one path', async () => {
    refused(await update('SET word = :s, word = :s', value({ S: 'x' })));
  });

  rule('UpdateItem refuses to set a key attribute, even to what it is', async () => {
    refused(await update('SET sk = :s', value({ S: 's' })));
  });

  rule('ADD takes sets, or calls them unsupported', async () => {
    const { error } = await update('ADD tags :s', value({ SS: ['a'] }));
    expect([undefined, 'UnknownOperationException']).toContain(error);
  });

  rule('what is no clause of an update is a syntax error', async () => {
    refused(await update('word = :s', value({ S: 'x' })));
  });

  rule('UpdateItem without an expression makes an item of its key, or is called unsupported', async () => {
    const { error } = await ours('UpdateItem', { Key: { ...KEY, sk: { S: 'new' } } });
    expect([undefined, 'UnknownOperationException']).toContain(error);
  });

  rule('an update that cannot be applied cancels its transaction (moto refuses it as we do)', async () => {
    const Update = { TableName: table, Key: KEY, UpdateExpression: 'SET word = nope' };
    const { error, output } = await ours('TransactWriteItems', { TransactItems: [{ Update }] });
    expect(error).toBe('TransactionCanceledException');
    expect(output['CancellationReasons']).toMatchObject([{ Code: 'ValidationError' }]);
  });

  rule('a stream of OLD_IMAGE tells the old image', async () => {
    outputOf(await update('SET word = :s', value({ S: 'x' })));
    const record = fixture.dynamodb.table(table).stream.at(-1);
    expect(record?.dynamodb.OldImage).toEqual(ITEM);
  });
});

describe('rules of queries', () => {
  rule('a query goes on after a start key whose item was deleted', async () => {
    for (const place of ['a', 'z']) await ours('PutItem', { Item: { ...KEY, sk: { S: place } } });
    await ours('DeleteItem', { Key: KEY });
    const { Items } = outputOf(await query('pk = :s', { ExclusiveStartKey: KEY }));
    expect(Items).toEqual([{ ...KEY, sk: { S: 'z' } }]);
  });

  rule('a query refuses a limit of nothing', async () => refused(await query('pk = :s', { Limit: 0 })));

  rule('a query needs a key condition', async () => refused(await ours('Query', {})));

  for (const condition of [
    'sk = :s',
    'pk < :s',
    'pk = :s AND word = :s',
    'pk = :s OR sk = :s',
    'pk = :s AND sk <> :s',
    'pk = :s AND contains(sk, :s)',
  ]) {
    rule(`a query refuses the key condition ${condition}`, async () => refused(await query(condition)));
  }

  rule('a query refuses an empty key', async () => refused(await query('pk = :s', value({ S: '' }))));
});
