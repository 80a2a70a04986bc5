import fc from 'fast-check';
import { expect } from 'vitest';
import type { Item } from '../../../local/aws/dynamodb/attribute-value';
import { itemSize } from '../../../local/aws/dynamodb/attribute-value';
import type { QUERIES } from '../../../local/limits/dynamodb';
import { onBothSides, outcome, SEED } from './both-sides-fixture';
import { KEY, orders, type TestsOf, text } from './dynamodb-fixture';

const OF_INDEX = {
  IndexName: 'byOwner',
  KeyConditionExpression: '#o = :o',
  ExpressionAttributeNames: { '#o': 'owner' },
  ExpressionAttributeValues: { ':o': { S: 'o' } },
};
const ranged = (range: string, values: object = {}) => ({
  KeyConditionExpression: `pk = :pk AND ${range}`,
  ExpressionAttributeValues: { ':pk': KEY.pk, ...values },
});

export const QUERY_TESTS: TestsOf<typeof QUERIES> = {
  queryLimit: (limit) => {
    const { query } = orders();
    return onBothSides(limit, (Limit) => query({ Limit }));
  },
  queryPageBytes: async ({ max }) => {
    const sizes = fc.array(fc.integer({ min: 100_000, max: 400_000 }), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), async (bytes, ScanIndexForward) => {
        const { put, query } = orders();
        for (const [index, each] of bytes.entries()) put({ sk: { S: `${index}` }, x: text(each) });
        const pages: Item[][] = [];
        let ExclusiveStartKey: Item | undefined;
        do {
          const page = query({ ScanIndexForward, ExclusiveStartKey });
          pages.push(page.Items);
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey !== undefined);
        const weight = (items: readonly Item[]) => items.reduce((sum, item) => sum + itemSize(item), 0);
        pages.forEach((page, index) => {
          expect(weight(page)).toBeLessThanOrEqual(max);
          const next = pages[index + 1]?.[0];
          if (next !== undefined) expect(weight([...page, next])).toBeGreaterThan(max);
        });
        expect(pages.flat()).toHaveLength(bytes.length);
      }),
      { seed: SEED, numRuns: 15 },
    );
    // Exactly full, and one byte more.
    for (const [more, count] of [
      [0, 4],
      [1, 3],
    ] as const) {
      const { put, query } = orders();
      for (let index = 0; index < 4; index += 1)
        put({ sk: { S: `${index}` }, x: text(max / 4 - 7 + (index === 3 ? more : 0)) });
      expect(query().Items).toHaveLength(count);
    }
  },
  keyCondition: async ({ error }) => {
    const { query } = orders();
    const values = { ':s': { S: 's' } };
    for (const KeyConditionExpression of [
      'sk = :s',
      'pk > :s',
      'pk = :s OR sk = :s',
      'NOT pk = :s',
      'pk = :s AND x = :s',
      'pk = :s AND sk <> :s',
      'pk = :s AND contains(sk, :s)',
      'pk = sk AND sk = :s',
      'begins_with(pk, :s)',
      'pk IN (:s)',
    ]) {
      const found = await outcome(() => query({ KeyConditionExpression, ExpressionAttributeValues: values }));
      expect({ KeyConditionExpression, found }).toEqual({ KeyConditionExpression, found: error });
    }
    for (const range of ['sk = :s', 'sk < :s', 'sk >= :s', 'begins_with(sk, :s)', 'sk BETWEEN :s AND :s']) {
      expect(await outcome(() => query(ranged(range, values)))).toBeUndefined();
    }
  },
  keyConditionType: async ({ error }) => {
    const { query } = orders();
    const of = (value: object) => outcome(() => query({ ExpressionAttributeValues: { ':pk': value } }));
    for (const value of [{ N: '1' }, { B: 'eA==' }, { BOOL: true }]) expect(await of(value)).toBe(error);
    expect(await outcome(() => query(ranged('sk > :s', { ':s': { N: '1' } })))).toBe(error);
    // Nor one that no key could have.
    expect(await of(text(2049))).toBe(error);
    expect(await of(text(0))).toBe(error);
    expect(await outcome(() => query(ranged('begins_with(sk, :s)', { ':s': text(1025) })))).toBe(error);
    expect(await of(text(2048))).toBeUndefined();
  },
  consistentIndexRead: async ({ error }) => {
    const { query } = orders();
    expect(await outcome(() => query({ ...OF_INDEX, ConsistentRead: true }))).toBe(error);
    expect(await outcome(() => query(OF_INDEX))).toBeUndefined();
    expect(await outcome(() => query({ ConsistentRead: true }))).toBeUndefined();
  },
  unknownIndex: async ({ error }) => {
    const { query } = orders();
    for (const IndexName of ['byPlace', 'constructor'])
      expect(await outcome(() => query({ ...OF_INDEX, IndexName }))).toBe(error);
  },
  startKey: async ({ error }) => {
    const { query } = orders();
    const { pk, sk } = KEY;
    const from = (start: object, input = {}) => outcome(() => query({ ExclusiveStartKey: start, ...input }));
    for (const start of [
      {},
      { pk },
      { sk },
      { pk, sk, x: sk },
      { pk, sk: { N: '1' } },
      { pk, sk: text(0) },
      { pk, sk: text(1025) },
      { pk, sk: text(5000) },
      { pk: text(2049), sk },
    ]) {
      expect(await from(start)).toBe(error);
    }
    for (const start of [KEY, { pk, sk: text(1024) }]) expect(await from(start)).toBeUndefined();
    const place = { S: 'x' };
    for (const start of [
      KEY,
      { ...KEY, owner: { S: 'o' } },
      { owner: { S: 'o' }, place },
      { ...KEY, owner: { S: 'o' }, place: text(0) },
    ]) {
      expect(await from(start, OF_INDEX)).toBe(error);
    }
    expect(await from({ ...KEY, owner: { S: 'o' }, place }, OF_INDEX)).toBeUndefined();
  },
  startKeyOutside: async ({ error }) => {
    const { query } = orders();
    const from = (start: object, input: object) => outcome(() => query({ ExclusiveStartKey: start, ...input }));
    expect(await from({ ...KEY, pk: { S: 'another' } }, {})).toBe(error);
    expect(await from({ ...KEY, owner: { S: 'another' }, place: { S: 'x' } }, OF_INDEX)).toBe(error);
    const prefix = ranged('begins_with(sk, :s)', { ':s': { S: 'turn#' } });
    expect(await from(KEY, prefix)).toBe(error);
    expect(await from({ ...KEY, sk: { S: 'turn#1' } }, prefix)).toBeUndefined();
  },
};
