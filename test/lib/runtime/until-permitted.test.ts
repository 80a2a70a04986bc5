import { beforeAll, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../lib/runtime/observability';
import { PAUSES_SECONDS, untilPermitted } from '../../../lib/runtime/until-permitted';

beforeAll(() => {
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});

const named = (name: string, message = 'no') => Object.assign(new Error(message), { name });

/** Fails with each of these, in order, and then answers. */
function work(...failures: unknown[]) {
  return vi.fn(async () => {
    const [failure] = failures.splice(0, 1);
    if (failure !== undefined) throw failure;
    return 'done';
  });
}

describe('a permission that is not known yet', () => {
  it.each([
    named('AccessDeniedException'),
    named('AccessDenied'),
    new Error(
      'CREATE EXTERNAL SCHEMA lake: failed: ERROR: Not authorized to get credentials of role arn:aws:iam::1:role/a',
    ),
    named('ValidationException', 'Failed to validate permissions for log group: a, with role: b.'),
    named('InvalidParameterException', 'The role defined for the function cannot be assumed by Lambda.'),
  ])('is waited for: %s', async (refusal) => {
    const asked = work(refusal, refusal);
    await expect(untilPermitted(asked, [0, 0])).resolves.toBe('done');
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('is not waited for longer than the pauses', async () => {
    const refusal = named('AccessDeniedException', 'still not');
    const asked = work(refusal, refusal, refusal, refusal);
    await expect(untilPermitted(asked, [0, 0])).rejects.toBe(refusal);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('is waited for about a minute', () => {
    expect(PAUSES_SECONDS.reduce((sum, seconds) => sum + seconds, 0)).toBe(59);
  });

  it.each([named('ValidationException', 'a bad name'), named('NotAccessDenied'), 'a text'])(
    'is nothing else: %s fails at once',
    async (failure) => {
      const asked = work(failure);
      await expect(untilPermitted(asked, [0])).rejects.toBe(failure);
      expect(asked).toHaveBeenCalledTimes(1);
    },
  );
});
