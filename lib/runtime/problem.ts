import type { Logger } from '@aws-lambda-powertools/logger';

/** A request that cannot be served, told to its sender as problem+json (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** For programs: stays the same when the text changes. */
    readonly code: string,
    detail: string,
    /** The header, parameter or member at fault. */
    readonly field?: string,
  ) {
    super(detail);
  }
}

/** An HTTP answer that tells a problem. */
export interface ProblemAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Answers with what went wrong. What we did not foresee is logged and answered without its details. */
export function problemAnswer(error: unknown, requestId: string, logger: Pick<Logger, 'error'>): ProblemAnswer {
  const problem = error instanceof Problem ? error : unforeseen(error, logger);
  const { status, code, message: detail, field } = problem;
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 503 && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ type: 'about:blank', status, code, detail, field, requestId }),
  };
}

function unforeseen(error: unknown, logger: Pick<Logger, 'error'>): Problem {
  logger.error('Request failed', { error: error as Error });
  if (isPassing(error)) {
    return new Problem(503, 'unavailable', 'A service behind the API is unavailable. Nothing was lost; try again.');
  }
  return new Problem(500, 'internal', 'The service failed to process the request.');
}

/** What AWS answers with a status of 4xx and a later try cures (AWS SDKs and Tools Reference Guide, Retry behavior). */
const PASSING: ReadonlySet<string> = new Set([
  ...['BandwidthLimitExceeded', 'LimitExceededException', 'PriorRequestNotComplete', 'RequestTimeout', 'SlowDown'],
  ...['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'RequestTimeoutException', 'Throttling'],
  ...['RequestThrottled', 'RequestThrottledException', 'ThrottledException', 'ThrottlingException'],
  ...['TooManyRequestsException', 'TransactionCanceledException', 'TransactionConflictException'],
  ...['TransactionInProgressException', 'ModelNotReadyException'],
]);
/** Codes by which Node.js says that its caller is wrong: no service had a part in it. */
const OWN_MISTAKE = /^ERR_(INVALID_|MISSING_ARGS|OUT_OF_RANGE)/;

/**
 * Whether the same request may succeed later. Errors of AWS and of the way to a service carry the SDK's metadata or a system code. A
 * service that refuses a request as it is (a 4xx) refuses it again, and so does PostgreSQL, whose refusals carry a severity: both did
 * answer. What a client can send so that they refuse it is checked before, and answered with its field.
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('$metadata' in error) {
    const status = (error.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
    const refuses = status !== undefined && status >= 400 && status < 500 && status !== 429;
    return !refuses || '$retryable' in error || PASSING.has(error.name);
  }
  return 'code' in error && !('severity' in error) && !OWN_MISTAKE.test(String(error.code));
}
