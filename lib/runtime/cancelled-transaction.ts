/** Why DynamoDB cancelled a transaction, as far as a caller can act on it. */
export type CancellationKind = 'condition' | 'retryable' | 'invalid';

/** Reasons that another try may cure (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html). */
const RETRYABLE = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Refusals of a single request that another try may cure. The SDK repeats what was throttled by itself, a bounded number of times;
 * an item that a transaction holds it does not (docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
 */
const CONTENTION = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/**
 * Classifies a cancelled transaction by its reasons
 * (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html): a condition that did not hold counts before
 * what another try may cure. Undefined for any other error.
 *
 * A reason that is not known, or none at all, is `invalid`: nothing says that another try would end otherwise.
 */
export function cancellationOf(error: unknown): CancellationKind | undefined {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return undefined;
  const codes = codesOf(error);
  if (codes.includes('ConditionalCheckFailed')) return 'condition';
  return codes.length > 0 && codes.every((code) => RETRYABLE.has(code)) ? 'retryable' : 'invalid';
}

/**
 * Whether another try may cure the error: a transaction in conflict or throttled, an item that a transaction holds
 * (TransactionConflictException), throttling.
 */
export function isContention(error: unknown): boolean {
  return cancellationOf(error) === 'retryable' || (error instanceof Error && CONTENTION.has(error.name));
}

/** Codes of the writes at fault. The SDK's class is not asked for: a bundle may hold two copies of it. */
function codesOf(error: Error): string[] {
  const { CancellationReasons } = error as { readonly CancellationReasons?: readonly { readonly Code?: string }[] };
  return (CancellationReasons ?? []).flatMap(({ Code }) => (Code === undefined || Code === 'None' ? [] : [Code]));
}
