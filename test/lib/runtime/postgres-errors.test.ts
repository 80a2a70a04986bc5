import { describe, expect, it } from 'vitest';
import {
  DatabaseUnavailable,
  isConnectionLost,
  isDuplicate,
  isPoolExhausted,
  isTooSlow,
} from '../../../lib/runtime/postgres-errors';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);
/** What the server says. */
const told = (code: unknown) => error('told', { severity: 'ERROR', code });

describe('a lost connection', () => {
  it.each(['57P01', '57P02', '57P03', '57P05', '25006', '08000', '08006', '08P01'])('is the state %s', (code) => {
    expect(isConnectionLost(told(code))).toBe(true);
  });

  it.each(['57014', '57P04', '23505', '42703', '10808', '', 'ECONNRESET'])('is not the state %j', (code) => {
    expect(isConnectionLost(told(code))).toBe(false);
  });

  it.each(['Connection terminated', 'Connection terminated unexpectedly', 'Query read timeout'])('is: %s', (text) => {
    expect(isConnectionLost(error(text))).toBe(true);
    expect(isConnectionLost(error(`The text: ${text}`))).toBe(false);
    // By its words a server says something else.
    expect(isConnectionLost(error(text, { severity: 'ERROR', code: '42703' }))).toBe(false);
  });

  it('is a client that cannot be asked', () => {
    expect(isConnectionLost(error('Client has encountered a connection error and is not queryable'))).toBe(true);
    expect(isConnectionLost(error('Client  is not queryable'))).toBe(true);
    expect(isConnectionLost(error('Client was told of it'))).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])('is the code %s of the system', (code) => {
    expect(isConnectionLost(error('x', { code }))).toBe(true);
  });

  it.each(['57P01', '08006', 'E', 'e', 'XECONNRESET', 'ECONNRESET1', 'ERR_1'])('is not the code %s of it', (code) => {
    expect(isConnectionLost(error('x', { code }))).toBe(false);
  });

  it.each([undefined, null, 'Connection terminated', { message: 'Connection terminated' }, error('x')])(
    'is not %s',
    (other) => {
      expect(isConnectionLost(other)).toBe(false);
    },
  );
});

describe('other troubles', () => {
  it('are told by what the pool says', () => {
    const text = 'timeout exceeded when trying to connect';
    expect(isPoolExhausted(error(text))).toBe(true);
    expect(isPoolExhausted(error(`${text}, again`))).toBe(true);
    for (const other of [error(`no ${text}`), error('x'), { message: text }, undefined]) {
      expect(isPoolExhausted(other)).toBe(false);
    }
  });

  it.each([
    ['a statement that took too long', isTooSlow, '57014'],
    ['a row that is there', isDuplicate, '23505'],
  ] as const)('are told by their state: %s', (_, is, code) => {
    expect(is(told(code))).toBe(true);
    for (const other of [told('57P01'), error('x'), error(code), { code }, undefined]) expect(is(other)).toBe(false);
  });

  it('have a code that a caller may try again for', () => {
    expect(new DatabaseUnavailable('x').code).toBe('DATABASE_UNAVAILABLE');
  });
});
