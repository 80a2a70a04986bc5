import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { type Refusal, RefusedValueError, refuse, warn } from '../../../lib/validation/refuse';

const stack = () => new Stack(new App({ builtinCloudFormationValidation: false }), 'Mine');
const refusal: Refusal = {
  prop: 'timeout',
  value: 901,
  allowed: '1 to 900 s',
  fix: 'lower it',
  catalogueId: 'lambda-max-timeout-15m',
};
const refused = (path: string, more: Partial<Refusal> = {}) =>
  new RefusedValueError(path, { ...refusal, ...more }).message;

it('says where, what, what is allowed, why and what to do', () => {
  const construct = new Construct(stack(), 'Fn');
  expect(() => refuse(construct, refusal)).toThrow(
    'Mine/Fn: timeout is 901; allowed: 1 to 900 s. [lambda-max-timeout-15m] Fix: lower it',
  );
});

it('can be caught by its name, with its parts', () => {
  const error = new RefusedValueError('Mine/Fn', refusal);
  expect([error.name, error.constructPath, error.refusal]).toEqual(['RefusedValueError', 'Mine/Fn', refusal]);
});

it.each([
  ['a', "'a'"],
  [['a', 1], "'a', 1"],
  [[], ''],
  [undefined, 'undefined'],
  [true, 'true'],
])('writes the value %j as %s', (value, text) => {
  expect(refused('It', { value })).toContain(`timeout is ${text}; allowed`);
});

it('names the app for what is in no construct, and no row for what is malformed', () => {
  const { catalogueId: _, ...malformed } = refusal;
  expect(new RefusedValueError('', malformed).message).toBe('app: timeout is 901; allowed: 1 to 900 s. Fix: lower it');
});

it('warns in a way that can be acknowledged', () => {
  const mine = stack();
  warn(mine, 'lambda-max-timeout-15m', 'It may be slow.');
  Annotations.fromStack(mine).hasWarning(
    '/Mine',
    Match.stringLikeRegexp('It may be slow.*groundplan:lambda-max-timeout-15m'),
  );
});
