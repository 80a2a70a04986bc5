import { describe, expect, it } from 'vitest';
import { problemAnswer } from '../../../lib/runtime/problem';

const named = (name: string, more: object) => Object.assign(new Error(name), { name, ...more });
const fromAws = (name: string, httpStatusCode?: number, more: object = {}) =>
  named(name, { $fault: 'client', $metadata: { attempts: 1, ...(httpStatusCode && { httpStatusCode }) }, ...more });

/** What an API answers, and what it logs. */
function answerTo(error: unknown): { status: number; retryAfter?: string; code: string; logged: number } {
  let logged = 0;
  const { statusCode, headers, body } = problemAnswer(error, 'request-1', {
    error: () => {
      logged += 1;
    },
  });
  const { code, detail } = JSON.parse(body) as { code: string; detail: string };
  expect(detail).not.toContain((error as Error).message);
  return { status: statusCode, retryAfter: headers['retry-after'], code, logged };
}

describe('an error that was not foreseen', () => {
  it.each([
    ['throttling', fromAws('ThrottlingException', 400)],
    ['a full table', fromAws('ProvisionedThroughputExceededException', 400)],
    ['transactions that met', fromAws('TransactionCanceledException', 400)],
    ['too many requests', fromAws('AnythingException', 429)],
    ['what the SDK calls retryable', fromAws('AnythingException', 400, { $retryable: { throttling: true } })],
    ['a service in trouble', fromAws('InternalServerError', 500)],
    ['a service that is away', fromAws('ServiceUnavailable', 503)],
    ['no answer', fromAws('TimeoutError')],
    ['a connection that was refused', named('Error', { code: 'ECONNREFUSED' })],
    ['a connection that was cut', named('Error', { code: 'ECONNRESET' })],
  ])('is 503 where a later try may succeed: %s', (_, error) => {
    expect(answerTo(error)).toEqual({ status: 503, retryAfter: '1', code: 'unavailable', logged: 1 });
  });

  it.each([
    ['a request that DynamoDB refuses', fromAws('ValidationException', 400)],
    ['a message that SQS refuses', fromAws('InvalidMessageContents', 400)],
    ['a parameter that SNS refuses', fromAws('InvalidParameterException', 400)],
    ['a right that is missing', fromAws('AccessDeniedException', 403)],
    ['a table that is not there', fromAws('ResourceNotFoundException', 400)],
    ['a statement that PostgreSQL refuses', named('error', { code: '22021', severity: 'ERROR' })],
    ['an argument that Node.js refuses', named('TypeError', { code: 'ERR_INVALID_URL' })],
    ['a fault of ours', new TypeError('x is not a function')],
  ])('is 500, and promises nothing, where no later try would: %s', (_, error) => {
    expect(answerTo(error)).toEqual({ status: 500, retryAfter: undefined, code: 'internal', logged: 1 });
  });
});
