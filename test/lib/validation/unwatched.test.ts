import { Construct, RootConstruct } from 'constructs';
import { expect, it } from 'vitest';
import { leaveUnwatched, reasonUnwatched } from '../../../lib/validation/unwatched';

it('keeps the reason of a resource, and of no other', () => {
  const root = new RootConstruct();
  const [left, other] = [new Construct(root, 'Left'), new Construct(root, 'Other')];
  leaveUnwatched(left, 'It runs at deployments alone.');
  expect([left, other].map(reasonUnwatched)).toEqual(['It runs at deployments alone.', undefined]);
});

it.each(['', ' \n'])('takes no reason such as %j', (reason) => {
  const left = new Construct(new RootConstruct(), 'Left');
  expect(() => leaveUnwatched(left, reason)).toThrow(new RangeError('Left is left without alarms: say why'));
  expect(reasonUnwatched(left)).toBeUndefined();
});
