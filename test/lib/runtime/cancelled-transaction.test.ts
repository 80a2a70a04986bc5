import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancellationOf, isContention } from '../../../lib/runtime/cancelled-transaction';

const RETRYABLE = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const INVALID = ['ItemCollectionSizeLimitExceeded', 'ValidationError'];

function cancelled(...codes: readonly (string | undefined)[]): TransactionCanceledException {
  const reasons: CancellationReason[] = codes.map((Code) => (Code === undefined ? {} : { Code }));
  return new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

describe('A cancelled transaction', () => {
  it.each(RETRYABLE)('may be cured by another try after %s', (code) => {
    expect(cancellationOf(cancelled('None', code))).toBe('retryable');
    expect(isContention(cancelled('None', code))).toBe(true);
  });

  it.each([...INVALID, 'SomethingNew'])('is not cured by another try after %s', (code) => {
    expect(cancellationOf(cancelled('None', code))).toBe('invalid');
    expect(isContention(cancelled(code))).toBe(false);
  });

  it('is not retried without a reason, which says nothing of another try', () => {
    expect(cancellationOf(cancelled())).toBe('invalid');
    expect(cancellationOf(cancelled('None', undefined))).toBe('invalid');
    expect(cancellationOf(named('TransactionCanceledException'))).toBe('invalid');
  });

  it('counts a condition before everything else, and what is invalid before what is retryable', () => {
    const others = fc.array(fc.constantFrom('None', ...RETRYABLE, ...INVALID), { maxLength: 5 });
    fc.assert(
      fc.property(others, others, (before, after) => {
        const failed = cancelled(...before, 'ConditionalCheckFailed', ...after);
        expect(cancellationOf(failed)).toBe('condition');
        expect(isContention(failed)).toBe(false);
        expect(cancellationOf(cancelled(...before, 'ValidationError', ...after))).toBe('invalid');
      }),
    );
  });

  it('is known by its name, for a bundle may hold two copies of the SDK', () => {
    const error = Object.assign(named('TransactionCanceledException'), {
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    });
    expect(cancellationOf(error)).toBe('retryable');
  });
});

describe('Any other error', () => {
  it.each([named('ValidationException'), named('ConditionalCheckFailedException'), 'text', undefined, null, {}])(
    'is no cancelled transaction and no contention: %s',
    (error) => {
      expect(cancellationOf(error)).toBeUndefined();
      expect(isContention(error)).toBe(false);
    },
  );

  it.each([
    'TransactionConflictException',
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'TransactionInProgressException',
    'ReplicatedWriteConflictException',
  ])('is contention by the name %s', (name) => {
    expect(isContention(named(name))).toBe(true);
    expect(cancellationOf(named(name))).toBeUndefined();
  });
});
