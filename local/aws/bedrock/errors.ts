import type { Limit } from '../../limits/limit';
import { AwsError } from '../service';

/** Status of each error, from the models of the SDK's four clients of Bedrock. */
const STATUS = {
  AccessDeniedException: 403,
  BadGatewayException: 502,
  ConflictException: 409,
  DependencyFailedException: 424,
  InternalServerException: 500,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelTimeoutException: 408,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  ValidationException: 400,
} as const;

/** Errors that Bedrock answers with. */
export type BedrockErrorCode = keyof typeof STATUS;

/** Errors that come in the middle of a stream (AWS: Bedrock, ConverseStreamOutput). */
export type StreamErrorType =
  | 'internalServerException'
  | 'modelStreamErrorException'
  | 'validationException'
  | 'throttlingException'
  | 'serviceUnavailableException';

/** An error answer of Bedrock. */
export function bedrockError(code: BedrockErrorCode, message: string): AwsError {
  return new AwsError(code, message, STATUS[code]);
}

/** The answer to what a limit does not accept, with the status that Bedrock has for its error. */
export function refusedBy({ error }: Limit & { readonly error: BedrockErrorCode }, message: string): AwsError {
  return bedrockError(error, message);
}

/** What a message of a broken constraint says. @param value where it may be told */
export function within({ min, max }: Limit, place: string, value?: unknown): string {
  const bounds = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`].filter(Boolean);
  const given = value === undefined ? 'Value' : `Value '${String(value)}'`;
  return `${given} at '${place}' failed to satisfy constraint: Member must be ${bounds.join(' and ')}`;
}

/** A request that Bedrock refuses for what it holds. */
export function invalid(message: string): AwsError {
  return bedrockError('ValidationException', message);
}

/** The connection is cut in the middle of an answer; no message says so. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}
