import { expect, it } from 'vitest';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';

it('connects within a second, and bounds nothing else, unless it is told to', () => {
  expect(callTimeouts()).toEqual({ connectionTimeout: 1000, throwOnRequestTimeout: true });
});

it('bounds an answer, and counts a connection as dead after the same time', () => {
  expect(callTimeouts({ answerMs: 2000 })).toEqual({
    connectionTimeout: 1000,
    throwOnRequestTimeout: true,
    requestTimeout: 2000,
    socketTimeout: 2000,
  });
});

it('has each bound apart', () => {
  expect(callTimeouts({ connectMs: 1, idleMs: 3 })).toEqual({
    connectionTimeout: 1,
    throwOnRequestTimeout: true,
    socketTimeout: 3,
  });
  expect(callTimeouts({ answerMs: 2, idleMs: 3 })).toMatchObject({ requestTimeout: 2, socketTimeout: 3 });
});
