import { Construct, RootConstruct } from 'constructs';
import { expect, it } from 'vitest';
import { isHidden, leaveUnwatched, leaveWithoutAlarms, reasonUnwatched } from '../../../lib/validation/unwatched';

it('keeps the reason of a resource, and of no other', () => {
  const root = new RootConstruct();
  const [left, other] = [new Construct(root, 'Left'), new Construct(root, 'Other')];
  leaveUnwatched(left, 'It runs at deployments alone.');
  expect([left, other].map(reasonUnwatched)).toEqual(['It runs at deployments alone.', undefined]);
});

it('hides what is left, and shows what is left without alarms', () => {
  const root = new RootConstruct();
  const [left, shown, other] = ['Left', 'Shown', 'Other'].map((id) => new Construct(root, id));
  if (left === undefined || shown === undefined || other === undefined) throw new Error('three are made');
  leaveUnwatched(left, 'It runs at deployments alone.');
  leaveWithoutAlarms(shown, 'The API counts its errors.');
  expect([left, shown, other].map(isHidden)).toEqual([true, false, false]);
  expect(reasonUnwatched(shown)).toBe('The API counts its errors.');
});

it.each(['', ' \n'])('takes no reason such as %j', (reason) => {
  const left = new Construct(new RootConstruct(), 'Left');
  expect(() => leaveUnwatched(left, reason)).toThrow(new RangeError('Left is left without alarms: say why'));
  expect(() => leaveWithoutAlarms(left, reason)).toThrow(RangeError);
  expect(reasonUnwatched(left)).toBeUndefined();
});
