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
  if (isFromAService(error)) {
    return new Problem(503, 'unavailable', 'A service behind the API did not answer; nothing was lost, try again.');
  }
  return new Problem(500, 'internal', 'Something went wrong on our side.');
}

/**
 * Errors of AWS and of the way to a service carry the SDK's metadata or a system code. What PostgreSQL refuses carries a
 * severity too: it did answer, and trying again would not help.
 */
function isFromAService(error: unknown): boolean {
  return error instanceof Error && ('$metadata' in error || ('code' in error && !('severity' in error)));
}
