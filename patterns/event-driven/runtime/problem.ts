import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

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

/** Answers with what went wrong. What we did not foresee is logged and answered without its details. */
export function problemAnswer(error: unknown, requestId: string, logger: Logger): APIGatewayProxyStructuredResultV2 {
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

function unforeseen(error: unknown, logger: Logger): Problem {
  logger.error('Request failed', { error: error as Error });
  if (isFromAws(error)) {
    return new Problem(503, 'unavailable', 'A service behind the API did not answer; nothing was lost, try again.');
  }
  return new Problem(500, 'internal', 'Something went wrong on our side.');
}

/** Errors of AWS and of the way there carry the SDK's metadata or a system code. */
function isFromAws(error: unknown): boolean {
  return error instanceof Error && ('$metadata' in error || 'code' in error);
}
