import { expect } from 'vitest';
import { LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import type { ITEMS, TABLES } from '../../../local/limits/dynamodb-items';
import { onBothSides, outcome } from './both-sides-fixture';
import { KEY, orders, putOf, TableName, type TestsOf, text } from './dynamodb-fixture';

const createTable = (name: string) =>
  new LocalDynamoDb({ account: '111122223333', region: 'eu-west-1' }).createTable({
    name,
    key: { partition: 'pk' },
    attributeTypes: { pk: 'S' },
  });

/** An item that weighs so many bytes. */
const weighing = (bytes: number) => ({ ...KEY, x: text(bytes - ['pk', 'p', 'sk', 's', 'x'].join('').length) });

export const TABLE_TESTS: TestsOf<typeof TABLES> = {
  tableNameLength: (limit) => onBothSides(limit, (length) => createTable('t'.repeat(Math.max(0, length)))),
  tableNameCharacters: async ({ error }) => {
    for (const name of ['täglich', 'a b c', 'a/b', 'a#b']) expect(await outcome(() => createTable(name))).toBe(error);
    expect(await outcome(() => createTable('Az09_.-'))).toBeUndefined();
  },
  missingParameter: async ({ error }) => {
    const { store, call } = orders();
    const calls = [
      () => store.call('GetItem', { Key: KEY }),
      () => call('GetItem'),
      () => call('PutItem'),
      () => call('DeleteItem'),
      () => store.call('Query', { KeyConditionExpression: 'pk = :p' }),
      () => store.call('TransactWriteItems', {}),
      () => store.call('TransactWriteItems', { TransactItems: [{ ConditionCheck: { TableName, Key: KEY } }] }),
      () => store.call('TransactWriteItems', { TransactItems: [{ Update: { TableName, Key: KEY } }] }),
    ];
    for (const each of calls) expect(await outcome(each)).toBe(error);
  },
};

/** Calls with a key of a value. */
async function keyBytes(
  limit: { readonly min: number; readonly max: number; readonly error: string; readonly limit: string } & Parameters<
    typeof onBothSides
  >[0],
  name: 'pk' | 'sk',
): Promise<void> {
  const { call, put } = orders();
  const key = (bytes: number) => ({ ...KEY, [name]: text(bytes) });
  const furthest = { furthest: 3000, runs: 10 };
  await onBothSides(limit, (bytes) => put(key(bytes)), furthest);
  await onBothSides(limit, (bytes) => call('GetItem', { Key: key(bytes) }), furthest);
  await onBothSides(limit, (bytes) => call('DeleteItem', { Key: key(bytes) }), furthest);
  const wide = (characters: number) => put({ [name]: { S: '€'.repeat(characters) } });
  expect(await outcome(() => wide(Math.floor(limit.max / 3)))).toBeUndefined();
  expect(await outcome(() => wide(Math.floor(limit.max / 3) + 1))).toBe(limit.error);
}

export const ITEM_TESTS: TestsOf<typeof ITEMS> = {
  itemBytes: async (limit) => {
    const { put, update, call, transact } = orders();
    await onBothSides(limit, (bytes) => put(weighing(bytes)), { runs: 5, from: 10 });
    // An update that makes an item too large, by itself and in a transaction.
    put({ x: text(limit.max - 100) });
    const values = { ExpressionAttributeValues: { ':y': text(200) } };
    expect(await outcome(() => update('SET y = :y', values))).toBe(limit.error);
    const grow = { Update: { TableName, Key: KEY, UpdateExpression: 'SET y = :y', ...values } };
    expect(await outcome(() => transact([grow]))).toBe('TransactionCanceledException');
    expect(call('GetItem', { Key: KEY })['Item']).not.toHaveProperty('y');
  },
  attributeName: async (limit) => {
    const { put } = orders();
    await onBothSides(limit, (length) => put({ ['n'.repeat(Math.max(0, length))]: { S: '' } }), { runs: 5 });
  },
  nesting: async (limit) => {
    const nested = (levels: number): unknown =>
      levels <= 0
        ? { S: 'x' }
        : { [levels % 2 === 0 ? 'M' : 'L']: levels % 2 === 0 ? { a: nested(levels - 1) } : [nested(levels - 1)] };
    const { put, update } = orders();
    await onBothSides(limit, (levels) => put({ x: nested(levels) }), { furthest: 40 });
    // A value that is nested deeper where an update puts it.
    const set = (levels: number) => {
      put({ x: { M: {} } });
      return update('SET x.y = :y', { ExpressionAttributeValues: { ':y': nested(levels - 1) } });
    };
    await onBothSides(limit, set, { furthest: 3, from: 25, runs: 5 });
  },
  setMembers: async (limit) => {
    const { put } = orders();
    const members = (count: number) => Array.from({ length: Math.max(0, count) }, (_, index) => `${index}`);
    for (const type of ['SS', 'NS'] as const) {
      await onBothSides(limit, (count) => put({ x: { [type]: members(count) } }), { furthest: 50, runs: 5 });
    }
  },
  setDuplicates: async ({ error }) => {
    const { put } = orders();
    expect(await outcome(() => put({ x: { NS: ['1', '1.0'] } }))).toBe(error);
    expect(await outcome(() => put({ x: { SS: ['a', 'a'] } }))).toBe(error);
    expect(await outcome(() => put({ x: { SS: ['a', 'A'] } }))).toBeUndefined();
  },
  numberDigits: async (limit) => {
    const { put } = orders();
    const digits = (count: number) => `0.${'3'.repeat(count)}00`;
    await onBothSides(limit, (count) => put({ x: { N: digits(count) } }), { from: 1, furthest: 60 });
  },
  numberMagnitude: async (limit) => {
    const { put } = orders();
    await onBothSides(limit, (power) => put({ x: { N: `9.99e${power}` } }), { furthest: 300 });
    await onBothSides(limit, (power) => put({ x: { N: `-1e${power}` } }), { furthest: 300 });
  },
  partitionKeyBytes: (limit) => keyBytes(limit, 'pk'),
  sortKeyBytes: (limit) => keyBytes(limit, 'sk'),
  indexPartitionKeyBytes: async (limit) => {
    const { put, update } = orders();
    await onBothSides(limit, (bytes) => put({ owner: text(bytes) }), { furthest: 3000 });
    const set = (bytes: number) =>
      update('SET #o = :o', {
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': text(bytes) },
      });
    await onBothSides(limit, set, { furthest: 3000, runs: 5 });
  },
  indexSortKeyBytes: async (limit) => {
    const { put, transact } = orders();
    await onBothSides(limit, (bytes) => put({ place: text(bytes) }), { furthest: 3000 });
    await onBothSides(limit, (bytes) => transact([putOf('s', { place: text(bytes) })]), { furthest: 3000, runs: 5 });
  },
  keySchema: async ({ error }) => {
    const { call, put } = orders();
    const { pk, sk } = KEY;
    for (const Key of [
      { pk },
      { sk },
      {},
      { pk, sk, more: pk },
      { pk, sk: { N: '1' } },
      { pk: { B: 'eA==' }, sk },
      { pk, constructor: sk },
    ]) {
      for (const action of ['GetItem', 'DeleteItem']) expect(await outcome(() => call(action, { Key }))).toBe(error);
      const update = { Key, UpdateExpression: 'REMOVE x' };
      expect(await outcome(() => call('UpdateItem', update))).toBe(error);
    }
    expect(await outcome(() => call('PutItem', { Item: { pk } }))).toBe(error);
    expect(await outcome(() => put({ pk: { N: '1' } }))).toBe(error);
    expect(await outcome(() => put({ more: pk }))).toBeUndefined();
  },
  indexKeyType: async ({ error }) => {
    const { put, update } = orders();
    expect(await outcome(() => put({ owner: { N: '1' } }))).toBe(error);
    expect(await outcome(() => put({ place: { NULL: true } }))).toBe(error);
    const values = { ExpressionAttributeValues: { ':p': { BOOL: true } } };
    expect(await outcome(() => update('SET place = :p', values))).toBe(error);
    expect(await outcome(() => put({ owner: { S: 'o' } }))).toBeUndefined();
  },
};
