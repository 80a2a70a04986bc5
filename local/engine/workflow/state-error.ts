import type { AwsError } from '../../aws/service';
import type { Limit } from '../../limits/limit';

/** An error of a state by its name in the Amazon States Language. */
export class StateError extends Error {
  constructor(
    /** For example `States.Timeout`. */
    readonly error: string,
    cause: string,
  ) {
    super(cause);
  }
}

/** What the execution reports when a limit is exceeded. */
export function beyond({ error = '', limit }: Limit): StateError {
  return new StateError(error, limit);
}

/**
 * Exceptions that DynamoDB's API model declares, by their codes. AWS's SDK for Java has a class for each, and for all others
 * one: `DynamoDbException`. Step Functions names the error after the class
 * (docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
 */
export const MODELLED_EXCEPTIONS: readonly string[] = [
  'ConditionalCheckFailedException',
  'DuplicateItemException',
  'IdempotentParameterMismatchException',
  'InternalServerError',
  'InvalidEndpointException',
  'ItemCollectionSizeLimitExceededException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'ResourceInUseException',
  'ResourceNotFoundException',
  'ThrottlingException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
];

/** The name and the cause that a state reports for an error answer of DynamoDB. */
export function serviceError({ code, message, status }: AwsError, requestId: string): StateError {
  const modelled = MODELLED_EXCEPTIONS.includes(code);
  const exception = code.endsWith('Exception') ? code : `${code}Exception`;
  return new StateError(
    `DynamoDb.${modelled ? exception : 'DynamoDbException'}`,
    `${message} (Service: DynamoDb, Status Code: ${status}, Request ID: ${requestId})`,
  );
}

/**
 * Whether a Retry or Catch takes an error (Step Functions: Handling errors in workflows). `States.ALL` does not take
 * `States.DataLimitExceeded`, nothing takes `States.Runtime`, and `States.TaskFailed` takes all but time-outs.
 */
export function covers(names: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  if (names.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout');
}
