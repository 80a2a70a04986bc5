import { expect } from 'vitest';
import type { EXPRESSION_LIMITS } from '../../../local/limits/dynamodb-items';
import { onBothSides, outcome } from './both-sides-fixture';
import { condition, KEY, orders, type TestsOf, text } from './dynamodb-fixture';

const PADDED = 'attribute_exists(pk)';

/** A put to a table that has its item. */
function conditionally(input: ReturnType<typeof condition>): unknown {
  const { put } = orders();
  put({ n: { N: '5' } });
  return put({ n: { N: '5' } }, input);
}

/** Expects an error of some conditions, and none of others. */
async function refusesConditions(
  error: string,
  refused: readonly Parameters<typeof condition>[],
  accepted: readonly Parameters<typeof condition>[],
): Promise<void> {
  for (const each of refused) {
    expect({ each, outcome: await outcome(() => conditionally(condition(...each))) }).toEqual({ each, outcome: error });
  }
  for (const each of accepted) {
    const found = await outcome(() => conditionally(condition(...each)));
    expect({ each, outcome: found }).toEqual({
      each,
      outcome: found === undefined ? undefined : 'ConditionalCheckFailedException',
    });
  }
}

export const EXPRESSION_TESTS: TestsOf<typeof EXPRESSION_LIMITS> = {
  expressionBytes: async (limit) => {
    const padded = (bytes: number) => (bytes < PADDED.length ? ' '.repeat(Math.max(0, bytes)) : PADDED.padEnd(bytes));
    for (const bytes of [0, PADDED.length, limit.max, limit.max + 1]) {
      const expected = bytes === 0 || bytes > limit.max ? limit.error : undefined;
      expect(await outcome(() => conditionally(condition(padded(bytes))))).toBe(expected);
    }
    const { update } = orders();
    await onBothSides({ ...limit, min: undefined }, (bytes) => update('REMOVE x'.padEnd(bytes)), { from: 8, runs: 10 });
  },
  operators: async (limit) => {
    // Each comparison is an operator, and so is what joins it to the one before.
    const joined = (count: number) => [...Array.from({ length: Math.ceil(count / 2) }, () => 'n=:n')].join(' OR ');
    const negated = (count: number) => (count % 2 === 1 ? joined(count) : `NOT ${joined(count - 1)}`);
    await onBothSides(limit, (count) => outcomeOf(conditionally, condition(negated(count), { ':n': { N: '5' } })), {
      from: 3,
      furthest: 40,
    });
    const { update } = orders();
    const sums = (count: number) => [...Array.from({ length: count }, (_, index) => `a${index}=n+:n`)].join(',');
    const values = { ExpressionAttributeValues: { ':n': { N: '1' } } };
    orders();
    await onBothSides(limit, (count) => outcomeOf((input: string) => update(input, values), `SET ${sums(count)}`), {
      from: 1,
      furthest: 40,
      runs: 10,
    });
  },
  inOperands: async (limit) => {
    const among = (count: number) => {
      const names = Array.from({ length: Math.max(0, count) }, (_, index) => `:v${index}`);
      const values = Object.fromEntries(names.map((name, index) => [name, { N: `${5 + index}` }]));
      return conditionally(condition(`n IN (${names.join(',')})`, count > 0 ? values : undefined));
    };
    await onBothSides(limit, among, { furthest: 60 });
  },
  operandType: async ({ error }) => {
    await refusesConditions(
      error,
      [
        ['n < :v', { ':v': { BOOL: true } }],
        [':v >= n', { ':v': { L: [] } }],
        ['begins_with(n, :v)', { ':v': { N: '1' } }],
        ['n BETWEEN :v AND :v', { ':v': { NULL: true } }],
        ['attribute_type(n, :v)', { ':v': { N: '1' } }],
        ['attribute_type(n, :v)', { ':v': { S: 'NUMBER' } }],
        ['NOT (n = :w OR n > :v)', { ':w': { N: '1' }, ':v': { M: {} } }],
      ],
      [
        ['n = :v', { ':v': { BOOL: true } }],
        ['n < :v', { ':v': { S: 'x' } }],
        ['begins_with(pk, :v)', { ':v': { S: '' } }],
        ['attribute_type(n, :v)', { ':v': { S: 'N' } }],
      ],
    );
    const { put, update } = orders();
    put({ n: { N: '1' } });
    for (const expression of ['ADD n :v', 'SET n = n + :v', 'SET n = :v - n']) {
      const of = (value: unknown) => outcome(() => update(expression, { ExpressionAttributeValues: { ':v': value } }));
      expect(await of({ S: '1' })).toBe(error);
      expect(await of({ N: '1' })).toBeUndefined();
    }
  },
  betweenOrder: ({ error }) => {
    const between = (low: unknown, high: unknown) =>
      ['n BETWEEN :a AND :b', { ':a': low, ':b': high }] as Parameters<typeof condition>;
    return refusesConditions(
      error,
      [between({ N: '2' }, { N: '1' }), between({ S: 'b' }, { S: 'a' }), between({ N: '1' }, { S: '2' })],
      [between({ N: '1' }, { N: '1' }), between({ N: '9' }, { N: '10' }), between({ S: 'a' }, { S: 'b' })],
    );
  },
  placeholderBytes: async (limit) => {
    const name = (bytes: number) => {
      const placeholder = '#'.padEnd(bytes, 'n');
      const { put } = orders();
      put();
      return put(
        {},
        { ConditionExpression: `attribute_exists(${placeholder})`, ExpressionAttributeNames: { [placeholder]: 'pk' } },
      );
    };
    await onBothSides(limit, name, { from: 2 });
    const value = (bytes: number) => {
      const placeholder = ':'.padEnd(bytes, 'v');
      return conditionally(condition(`n = ${placeholder}`, { [placeholder]: { N: '5' } }));
    };
    await onBothSides(limit, value, { from: 2 });
  },
  substitutionBytes: async (limit) => {
    const { put } = orders();
    put();
    const values = (bytes: number) => {
      const names = [':v'];
      return put({}, condition('pk <> :v', { ':v': text(bytes - names.join('').length) }));
    };
    await onBothSides(limit, values, { from: 2, runs: 3 });
  },
  placeholders: async (limit) => {
    const { put } = orders();
    put();
    for (const parameter of ['ExpressionAttributeNames', 'ExpressionAttributeValues']) {
      expect(await outcome(() => put({}, { ConditionExpression: 'attribute_exists(pk)', [parameter]: {} }))).toBe(
        limit.error,
      );
      expect(await outcome(() => put({}, { ConditionExpression: 'attribute_exists(pk)' }))).toBeUndefined();
    }
  },
  placeholderSyntax: async ({ error }) => {
    const { put } = orders();
    for (const name of ['pk', '#', '#a-b', '##a', ':pk', '#a b', '__proto__']) {
      expect(
        await outcome(() =>
          put(
            {},
            {
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: Object.fromEntries([[name, 'pk']]),
            },
          ),
        ),
      ).toBe(error);
    }
    for (const name of ['v', ':', ':a-b', '#v']) {
      expect(await outcome(() => put({}, condition('attribute_exists(pk)', { [name]: { S: 'x' } })))).toBe(error);
    }
  },
  undefinedPlaceholder: ({ error }) =>
    refusesConditions(
      error,
      [['n = :v'], ['#n = :v', { ':v': { N: '5' } }], ['n = :v', { ':w': { N: '5' } }]],
      [['n = :v', { ':v': { N: '5' } }]],
    ),
  unusedPlaceholder: async ({ error }) => {
    await refusesConditions(
      error,
      [['n = :v', { ':v': { N: '5' }, ':w': { N: '5' } }]],
      [['n = :v', { ':v': { N: '5' } }]],
    );
    const { put, query } = orders();
    expect(await outcome(() => put({}, { ExpressionAttributeNames: { '#n': 'n' } }))).toBe(error);
    expect(await outcome(() => query({ ExpressionAttributeNames: { '#n': 'n' } }))).toBe(error);
  },
  reservedWord: async ({ error }) => {
    await refusesConditions(error, [['attribute_exists(Owner)'], ['a.b.status = n']], [['attribute_exists(holder)']]);
    const { update } = orders();
    expect(await outcome(() => update('REMOVE owner'))).toBe(error);
  },
  updateOfKey: async ({ error }) => {
    const { update } = orders();
    for (const name of ['pk', 'sk']) expect(await outcome(() => update(`REMOVE ${name}`))).toBe(error);
    expect(await outcome(() => update('REMOVE px'))).toBeUndefined();
  },
  repeatedClause: async ({ error }) => {
    const { update } = orders();
    expect(await outcome(() => update('REMOVE a REMOVE b'))).toBe(error);
    expect(await outcome(() => update('REMOVE a, b'))).toBeUndefined();
  },
  overlappingPaths: async ({ error }) => {
    const { update, put } = orders();
    put({ a: { M: { b: { S: 'x' } } } });
    for (const paths of ['a, a.b', 'a, a', 'a.b, a.b'])
      expect(await outcome(() => update(`REMOVE ${paths}`))).toBe(error);
    expect(await outcome(() => update('REMOVE a.b, a.c'))).toBeUndefined();
  },
  returnValues: async ({ error }) => {
    const { put, call } = orders();
    for (const ReturnValues of ['ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW', 'ALL']) {
      expect(await outcome(() => put({}, { ReturnValues }))).toBe(error);
      expect(await outcome(() => call('DeleteItem', { Key: KEY, ReturnValues }))).toBe(error);
    }
    for (const ReturnValues of ['NONE', 'ALL_OLD']) {
      expect(await outcome(() => put({}, { ReturnValues }))).toBeUndefined();
      expect(await outcome(() => call('DeleteItem', { Key: KEY, ReturnValues }))).toBeUndefined();
    }
  },
  returnValuesOnFailure: async ({ error }) => {
    const { put } = orders();
    const returned = (wanted: string) => outcome(() => put({}, { ReturnValuesOnConditionCheckFailure: wanted }));
    for (const wanted of ['ALL_NEW', 'all_old', '']) expect(await returned(wanted)).toBe(error);
    for (const wanted of ['NONE', 'ALL_OLD']) expect(await returned(wanted)).toBeUndefined();
  },
};

/** Performs a call that only the limit may refuse: that a condition does not hold, or an attribute is missing, is no refusal. */
function outcomeOf<T>(call: (input: T) => unknown, input: T): unknown {
  try {
    return call(input);
  } catch (error) {
    if (error instanceof Error && /conditional request failed|does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
