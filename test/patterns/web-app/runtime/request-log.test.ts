// @project unit

import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { log, logging } from '../../../../patterns/web-app/runtime/request-log';

afterEach(() => vi.restoreAllMocks());

function lines() {
  const told: unknown[][] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(logger, level).mockImplementation((...line: unknown[]) => {
      told.push([level, ...line]);
    });
  return told;
}

describe('the log', () => {
  it('knows the request of each line, however deep and late, also of two at once', async () => {
    const told = lines();
    const work = async (name: string) => {
      await pause(0);
      log.info(`from ${name}`);
    };
    await Promise.all(['a', 'b'].map((requestId) => logging({ requestId }, () => work(requestId))));
    log.info('outside');
    expect(told).toEqual([
      ['info', 'from a', { requestId: 'a' }],
      ['info', 'from b', { requestId: 'b' }],
      ['info', 'outside', {}],
    ]);
  });

  it('returns what the work returns', () => {
    expect(logging({ requestId: 'a' }, () => 7)).toBe(7);
  });

  it('tells what is said beside the message, and an error as one', () => {
    const told = lines();
    const error = new TypeError('broken');
    logging({ requestId: 'a' }, () => {
      log.info('Listening', { port: 1 });
      log.warn('lost', error);
      log.error('failed', error);
      log.error('failed', 'a text');
      log.warn('lost', 'a text');
    });
    expect(told).toEqual([
      ['info', 'Listening', { requestId: 'a', port: 1 }],
      ['warn', 'lost', { requestId: 'a', error }],
      ['error', 'failed', { requestId: 'a', error }],
      ['error', 'failed', { requestId: 'a', error: new Error('a text') }],
      ['warn', 'lost', { requestId: 'a', error: new Error('a text') }],
    ]);
  });
});
