import { expect, it } from 'vitest';
import { cannotTell, ok, willFail } from '../../../../lib/operations/doctor/question';

it('has three answers, of which one has nothing to do', () => {
  expect(ok('fine')).toEqual({ is: 'ok', reason: 'fine' });
  expect(willFail('no', 'a', 'b')).toEqual({ is: 'will-fail', reason: 'no', commands: ['a', 'b'] });
  expect(cannotTell('perhaps')).toEqual({ is: 'cannot-tell', reason: 'perhaps' });
  expect(cannotTell('perhaps', 'a')).toEqual({ is: 'cannot-tell', reason: 'perhaps', commands: ['a'] });
});
