import { expect } from 'vitest';
import { OverlappingWrites } from '../../../local/aws/dynamodb/overlapping-writes';
import { AwsError } from '../../../local/aws/service';
import { sleep } from '../../../local/clock/clock';
import type { TRANSACTION_LIMITS } from '../../../local/limits/dynamodb';
import { onBothSides, outcome } from './both-sides-fixture';
import { KEY, orders, putOf, TableName, type TestsOf, text } from './dynamodb-fixture';

/** How long a write is in flight. */
export const FLIGHT_MS = 15;

/** A table whose writes take 15 ms of virtual time. */
export function overlapping() {
  const { store, clock } = orders();
  const tables = new OverlappingWrites(store, () => sleep(clock, FLIGHT_MS));
  return {
    tables,
    transact: (sks: readonly string[], token?: string) =>
      tables.call('TransactWriteItems', {
        TransactItems: sks.map((sk) => putOf(sk)),
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

/** Counts how often a transaction was performed. */
const count = (by = 1) => ({
  Update: {
    TableName,
    Key: KEY,
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: String(by) } },
  },
});

export const TRANSACTION_TESTS: TestsOf<typeof TRANSACTION_LIMITS> = {
  transactionItems: (limit) => {
    const { transact } = orders();
    const items = (length: number) => Array.from({ length: Math.max(0, length) }, (_, index) => putOf(`${index}`));
    return onBothSides(limit, (length) => transact(items(length)), { furthest: 100 });
  },
  transactionBytes: async (limit) => {
    const { transact } = orders();
    const whole = 400_000;
    const frame = 'pkpsks'.length + 'x'.length;
    const items = (bytes: number) =>
      Array.from({ length: Math.ceil(bytes / whole) }, (_, index) => {
        const size = Math.min(whole, bytes - index * whole);
        // Of one digit or two.
        return putOf(`${index}`, { x: text(size - frame + 1 - `${index}`.length) });
      });
    await onBothSides(limit, (bytes) => transact(items(bytes)), { runs: 5 });
    // What is deleted, checked or updated counts too.
    const { put, transact: also } = orders();
    for (let index = 0; index < 11; index += 1) put({ sk: { S: `${index}` }, x: text(whole) });
    const check = (index: number) => ({ TableName, Key: { ...KEY, sk: { S: `${index}` } } });
    const ConditionExpression = 'attribute_exists(pk)';
    const actions = (length: number) =>
      Array.from({ length }, (_, index) =>
        index % 2 === 0 ? { Delete: check(index) } : { ConditionCheck: { ...check(index), ConditionExpression } },
      );
    expect(await outcome(() => also(actions(11)))).toBe(limit.error);
    expect(await outcome(() => also(actions(10)))).toBeUndefined();
  },
  transactionDuplicate: async ({ error }) => {
    const { transact } = orders();
    const others = [
      { Delete: { TableName, Key: KEY } },
      { ConditionCheck: { TableName, Key: KEY, ConditionExpression: 'attribute_exists(pk)' } },
      count(),
    ];
    for (const other of others) expect(await outcome(() => transact([putOf('s'), other]))).toBe(error);
    expect(await outcome(() => transact([putOf('s'), putOf('t')]))).toBeUndefined();
  },
  transactionAction: async ({ error }) => {
    const { transact } = orders();
    for (const item of [{}, { Get: { TableName, Key: KEY } }, { ...putOf('s'), ...count() }]) {
      expect(await outcome(() => transact([item]))).toBe(error);
    }
  },
  transactionCancelled: async ({ error }) => {
    const { transact, put, get } = orders();
    put({ n: { S: 'no number' } });
    const failed = { ...count().Update, ConditionExpression: 'attribute_not_exists(pk)' };
    for (const [item, code] of [
      [{ Update: failed }, 'ConditionalCheckFailed'],
      [count(), 'ValidationError'],
    ] as const) {
      let reasons: unknown;
      expect(
        await outcome(() => {
          try {
            transact([putOf('t'), item]);
          } catch (refusal) {
            reasons = refusal instanceof AwsError ? refusal.members['CancellationReasons'] : undefined;
            throw refusal;
          }
        }),
      ).toBe(error);
      expect(reasons).toMatchObject([{ Code: 'None' }, { Code: code }]);
    }
    expect(get({ ...KEY, sk: { S: 't' } })).toBeUndefined();
  },
  conditionFailed: async ({ error }) => {
    const { put, call, get } = orders();
    put({ n: { N: '1' } });
    const ConditionExpression = 'attribute_not_exists(pk)';
    expect(await outcome(() => put({}, { ConditionExpression }))).toBe(error);
    expect(await outcome(() => call('DeleteItem', { Key: KEY, ConditionExpression }))).toBe(error);
    expect(get()).toHaveProperty('n');
  },
  tokenLength: (limit) => {
    const { transact } = orders();
    const token = (length: number) => 't'.repeat(Math.max(0, length));
    return onBothSides(limit, (length) => transact([putOf('s')], { ClientRequestToken: token(length) }), {
      furthest: 60,
    });
  },
  tokenReuse: async ({ error }) => {
    const { transact } = orders();
    const once = (by: number) => outcome(() => transact([count(by)], { ClientRequestToken: 'token' }));
    expect(await once(1)).toBeUndefined();
    expect(await once(2)).toBe(error);
    expect(await once(1)).toBeUndefined();
  },
  tokenMemory: async ({ max }) => {
    for (const [seconds, times] of [
      [0, '1'],
      [max - 1, '1'],
      [max, '2'],
      [3 * max, '2'],
    ] as const) {
      const { transact, get, clock } = orders();
      transact([count()], { ClientRequestToken: 'token' });
      await clock.during(sleep(clock, seconds * 1000));
      transact([count()], { ClientRequestToken: 'token' });
      expect({ seconds, n: get()?.['n'] }).toEqual({ seconds, n: { N: times } });
    }
  },
  transactionConflict: ({ error }) =>
    conflictsInFlight(error, ({ transact }) => [() => transact(['a', 'b']), () => transact(['b', 'c'])]),
  writeConflict: async ({ error }) => {
    const Key = { ...KEY, sk: { S: 'a' } };
    for (const [action, input] of [
      ['PutItem', { Item: Key }],
      ['UpdateItem', { Key, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } }],
      ['DeleteItem', { Key }],
    ] as const) {
      await conflictsInFlight(error, ({ tables, transact }) => [
        () => transact(['a']),
        () => tables.call(action, { TableName, ...input }),
      ]);
    }
  },
  tokenInProgress: ({ error }) =>
    conflictsInFlight(error, ({ transact }) => [() => transact(['a'], 'token'), () => transact(['a'], 'token')]),
};
