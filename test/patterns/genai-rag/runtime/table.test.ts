import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  Cancelled,
  expiry,
  isExpired,
  keyOf,
  transact,
  type Write,
} from '../../../../patterns/genai-rag/runtime/table';
import { StandTiming } from './timing-fixture';

const CALLER = { tenant: 't-acme', user: 'ada' };
const WRITES: Write[] = [{ Delete: { TableName: 'conversations', Key: keyOf(CALLER, 'a') } }];

/** A table whose answers to transactions are given, the last one again and again. */
function tableOf(...answers: (Error | undefined)[]) {
  const sent: unknown[] = [];
  const send = async ({ input }: { readonly input: unknown }) => {
    sent.push(input);
    const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
    if (answer !== undefined) throw answer;
    return {};
  };
  return { sent, table: { name: 'conversations', client: { send: send as never } } };
}
const cancelled = (
  CancellationReasons?: ConstructorParameters<typeof TransactionCanceledException>[0]['CancellationReasons'],
) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    ...(CancellationReasons !== undefined && { CancellationReasons }),
  });

describe('a transaction', () => {
  it('is written as it was given', async () => {
    const { sent, table } = tableOf(undefined);
    await transact(table, new StandTiming(), WRITES);
    expect(sent).toEqual([{ TransactItems: WRITES }]);
  });

  it('that did not happen says which conditions did not hold, and what was there', async () => {
    const error = cancelled([
      { Code: 'None', Item: { a: { N: '0' } } },
      { Code: 'ConditionalCheckFailed', Item: { a: { N: '1' } } },
      { Code: 'ConditionalCheckFailed' },
    ]);
    const { table } = tableOf(error);
    const failure = await transact(table, new StandTiming(), WRITES).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(Cancelled);
    const { failed, items } = failure as Cancelled;
    expect([...failed]).toEqual([1, 2]);
    expect([...items]).toEqual([[1, { a: 1 }]]);
  });

  it('is tried again where others were in the way', async () => {
    const { sent, table } = tableOf(cancelled([{ Code: 'TransactionConflict' }]), undefined);
    await transact(table, new StandTiming(), WRITES);
    expect(sent).toHaveLength(2);
  });

  it('fails with any other error as it is', async () => {
    const alike = Object.assign(new Error('a copy'), {
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
    for (const error of [new Error('lost'), cancelled(), cancelled([{ Code: 'ValidationError' }]), alike]) {
      const { table } = tableOf(error);
      await expect(transact(table, new StandTiming(), WRITES)).rejects.toBe(error);
    }
  });
});

describe('an item', () => {
  it('is below the key of its user', () => {
    expect(keyOf(CALLER, 'turn#1')).toEqual({ pk: 'user#t-acme#ada', sk: 'turn#1' });
  });

  it('is past its time from its second on, and has none without a time', () => {
    const timing = new StandTiming(10_000);
    expect([9, 10, 11].map((expiresAt) => isExpired({ expiresAt }, timing))).toEqual([true, true, false]);
    expect(isExpired({}, timing)).toBe(false);
  });

  it('is kept for so long, never a part of a second less', () => {
    expect([1000, 1001, 1999, 2000].map((now) => expiry(new StandTiming(now), 60))).toEqual([61, 62, 62, 62]);
  });
});
