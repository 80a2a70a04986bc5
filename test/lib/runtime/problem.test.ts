import { describe, expect, it } from 'vitest';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';

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
  const passing: (string | [string, Error])[] = [
    ['throttling', fromAws('ThrottlingException', 400)],
    ['a full table', fromAws('ProvisionedThroughputExceededException', 400)],
    ['transactions that met', fromAws('TransactionCanceledException', 400)],
    ['too many requests', fromAws('AnythingException', 429)],
    ['what the SDK calls retryable', fromAws('AnythingException', 400, { $retryable: { throttling: true } })],
    ...['BandwidthLimitExceeded', 'LimitExceededException', 'PriorRequestNotComplete', 'RequestTimeout', 'SlowDown'],
    ...['RequestLimitExceeded', 'RequestTimeoutException', 'Throttling', 'RequestThrottled', 'ThrottledException'],
    ...['RequestThrottledException', 'TooManyRequestsException', 'TransactionConflictException'],
    ...['TransactionInProgressException', 'ModelNotReadyException'],
  ];
  it.each(passing.map((each): [string, Error] => (typeof each === 'string' ? [each, fromAws(each, 400)] : each)))(
    'is 503 where a later try may succeed, also by its name: %s',
    (_, error) => {
      expect(answerTo(error)).toEqual({ status: 503, retryAfter: '1', code: 'unavailable', logged: 1 });
    },
  );

  it.each([
    ['a status below those of clients', fromAws('AnythingException', 399)],
    ['a status above those of clients', fromAws('AnythingException', 500)],
    ['metadata of nothing', named('AnythingException', { $metadata: undefined })],
    ['a code of its own', named('Error', { code: 'X_ERR_INVALID_URL' })],
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
    ['the lowest status of a client’s mistake', fromAws('AnythingException', 400)],
    ['the highest status of a client’s mistake', fromAws('AnythingException', 499)],
    ['a missing argument', named('TypeError', { code: 'ERR_MISSING_ARGS' })],
    ['a number out of range', named('RangeError', { code: 'ERR_OUT_OF_RANGE' })],
    ['a right that is missing', fromAws('AccessDeniedException', 403)],
    ['a table that is not there', fromAws('ResourceNotFoundException', 400)],
    ['a statement that PostgreSQL refuses', named('error', { code: '22021', severity: 'ERROR' })],
    ['an argument that Node.js refuses', named('TypeError', { code: 'ERR_INVALID_URL' })],
    ['a fault of ours', new TypeError('x is not a function')],
  ])('is 500, and promises nothing, where no later try would: %s', (_, error) => {
    expect(answerTo(error)).toEqual({ status: 500, retryAfter: undefined, code: 'internal', logged: 1 });
  });
});

describe('a problem that was foreseen', () => {
  const logger = {
    error: () => {
      throw new Error('nothing to log');
    },
  };

  it('is told as it is, and logs nothing', () => {
    const { statusCode, headers, body } = problemAnswer(new Problem(404, 'not_found', 'None.', 'id'), 'r1', logger);
    expect([statusCode, headers]).toEqual([404, { 'content-type': 'application/problem+json' }]);
    const told = { type: 'about:blank', status: 404, code: 'not_found', detail: 'None.', field: 'id', requestId: 'r1' };
    expect(JSON.parse(body)).toEqual(told);
  });

  it('says when to come again where it passes', () => {
    expect(problemAnswer(new Problem(503, 'busy', 'Later.'), 'r1', logger).headers).toMatchObject({
      'retry-after': '1',
    });
  });
});

it.each(['text', undefined, null, { code: 'ECONNRESET' }])('is our fault when it is no error: %s', (thrown) => {
  const { statusCode } = problemAnswer(thrown, 'request-1', { error: () => {} });
  expect(statusCode).toBe(500);
});
