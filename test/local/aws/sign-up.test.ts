import { expect, it } from 'vitest';
import type { InvokeTrigger, PreSignUpEvent } from '../../../local/aws/sign-up';
import { LocalUserPool, subjectOf } from '../../../local/aws/user-pool';

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool';
const poolWith = (preSignUp?: InvokeTrigger) =>
  new LocalUserPool(
    ISSUER,
    () => 0,
    () => 'id',
    preSignUp,
  );

it('tells the trigger of each account once, before it is there', async () => {
  const told: PreSignUpEvent[] = [];
  const pool = poolWith(async (event) => {
    told.push(event);
    return event;
  });
  await pool.admit('ann@example.com', 'client');
  await pool.admit('ann@example.com', 'client');
  await pool.admit('ben@example.com', 'client', 'PreSignUp_AdminCreateUser');
  expect(told.map(({ triggerSource }) => triggerSource)).toEqual(['PreSignUp_SignUp', 'PreSignUp_AdminCreateUser']);
  expect(told[0]).toEqual({
    version: '1',
    triggerSource: 'PreSignUp_SignUp',
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_Pool',
    userName: subjectOf('ann@example.com'),
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
    request: { userAttributes: { email: 'ann@example.com' }, validationData: null },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
});

it('passes on an error of its own, and makes no account', async () => {
  let asked = 0;
  const pool = poolWith(async () => {
    asked += 1;
    throw new RangeError('a fault of this test');
  });
  for (const _ of [1, 2]) await expect(pool.admit('ann@example.com', 'client')).rejects.toThrow(RangeError);
  expect(asked).toBe(2);
  await expect(poolWith().admit('ann@example.com', 'client')).resolves.toBeUndefined();
});
