import { App, Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { refuseSelfSignUp } from '../../../lib/security/self-sign-up';

it('who may make an account is not for a pattern to say in a pool that is brought', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => refuseSelfSignUp(stack, 'login.selfSignUp')).not.toThrow();
  expect(() => refuseSelfSignUp(stack, 'login.selfSignUp', {})).not.toThrow();
  for (const selfSignUp of [true, false]) {
    expect(() => refuseSelfSignUp(stack, 'login.selfSignUp', { selfSignUp })).toThrow(
      new RegExp(`login.selfSignUp is ${selfSignUp}; allowed: only with a user pool of the pattern`),
    );
  }
});
