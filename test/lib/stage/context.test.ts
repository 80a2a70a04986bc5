import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { type ContextKey, readContext } from '../../../lib';

const COMPUTE: ContextKey = { shape: /^(lambda|fargate)$/, allowed: 'lambda or fargate' };

function read(context: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) {
  return readContext(
    new App({ context: { ...cdkJson.context, ...context } }).node,
    { compute: COMPUTE, mailFrom: { shape: /@/, allowed: 'an e-mail address' } },
    environment,
  );
}

describe('the app context', () => {
  it('is dev, nobody and any environment when nothing is said', () => {
    const { stage, alarmEmail, env } = read({});
    expect([stage.name, alarmEmail, env]).toEqual(['dev', undefined, { account: undefined, region: undefined }]);
  });

  it("takes account and region from the CLI's environment, and -c before it", () => {
    const environment = { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-1' };
    expect(read({}, environment).env).toEqual({ account: '111111111111', region: 'eu-west-1' });
    expect(read({ account: '222222222222', region: 'us-gov-west-1' }, environment).env).toEqual({
      account: '222222222222',
      region: 'us-gov-west-1',
    });
  });

  it('takes stage, e-mail and the concurrency quota', () => {
    const { stage, alarmEmail } = read({ stage: 'prod', alarmEmail: 'ops@example.com', accountConcurrency: '300' });
    expect([stage.name, stage.accountConcurrency, alarmEmail]).toEqual(['prod', 300, 'ops@example.com']);
  });

  it.each([
    [{}, 'Shop'],
    [{ stage: 'dev' }, 'Shop'],
    [{ stage: 'staging' }, 'Shop-staging'],
    [{ stage: 'prod' }, 'Shop-prod'],
    [{ name: 'my-branch' }, 'Shop-my-branch'],
    [{ name: 'blue', stage: 'prod' }, 'Shop-blue-prod'],
  ])('names the stacks of %o after the copy and the stage', (context, expected) => {
    expect(read(context).stackName('Shop')).toBe(expected);
  });

  it.each(['', 'A', '1st', 'a-', 'a_b', 'a'.repeat(21)])('refuses %j as the name of a copy', (name) => {
    expect(() => read({ name })).toThrow(/context name is '.*'; allowed: 1 to 20 of a-z, 0-9 and inner hyphens/);
  });

  it.each(['a', 'a1', 'a'.repeat(20)])('takes %j as the name of a copy', (name) => {
    expect(read({ name }).stackName('Shop')).toBe(`Shop-${name}`);
  });

  it('takes the keys that it is given, and gives their values by key', () => {
    expect(read({ compute: 'fargate' }).options).toEqual({ compute: 'fargate', mailFrom: undefined });
    expect(readContext(new App({ context: {} }).node).options).toEqual({});
  });

  it.each([
    [{ compute: 'ec2' }, /context compute is 'ec2'; allowed: lambda or fargate/],
    [{ compute: true }, /context compute is true; allowed: lambda or fargate/],
    [
      { warehouse: 'true' },
      /context key warehouse is 'true'; allowed: the keys .*accountConcurrency, groundplan:regionHas, compute, mailFrom/,
    ],
    [{ stage: 'production' }, /context stage is 'production'; allowed: dev, staging, prod/],
    [{ alarmEmail: 'ops' }, /context alarmEmail is 'ops'; allowed: an e-mail address/],
    [{ account: '12' }, /context account is '12'; allowed: an account id of 12 digits/],
    [{ region: 'Frankfurt' }, /context region is 'Frankfurt'/],
    [{ accountConcurrency: 'many' }, /context accountConcurrency is 'many'/],
    [{ stag: 'prod' }, /context key stag is 'prod'; allowed: the keys stage, name, alarmEmail.*remove -c stag/],
  ])('refuses %o with one clear error', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});
