import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { accountUniqueName } from '../../../lib/naming/account-unique-name';
import { accountWideName } from '../../../lib/naming/account-wide-name';
import { stackOwnName } from '../../../lib/naming/stack-own-name';
import { vendedLogGroupName } from '../../../lib/naming/vended-log-group-name';
import { deployedName, STACK_ID } from '../../fixtures/deployed-name';

/** What CloudFormation makes of a name, in a stack of an id. */
function made(name: (scope: CfnResource) => string, stackId = STACK_ID, id = 'Shop'): string {
  const stack = new Stack(new App(), id);
  const scope = new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' });
  return deployedName(stack.resolve(name(scope)), stackId);
}

describe.each([
  ['stackOwnName', (scope: CfnResource) => stackOwnName(scope, { maxLength: 40 }), 40],
  ['stackOwnName with underscores', (scope: CfnResource) => stackOwnName(scope, { maxLength: 40, separator: '_' }), 40],
  ['vendedLogGroupName', (scope: CfnResource) => vendedLogGroupName(scope, 'states'), 512],
  ['accountWideName', (scope: CfnResource) => accountWideName(scope, 'Headers', 64), 64],
  ['accountUniqueName', (scope: CfnResource) => accountUniqueName(scope, 'guardrail'), 27],
] as const)('%s', (_, name, maxLength) => {
  it('has a part of the stack’s id, so that a second copy and a second try find it free', () => {
    expect(made(name)).toContain('5a2b8ae0');
    expect(made(name, STACK_ID.replace('5a2b8ae0', 'ffffffff'))).toBe(made(name).replace('5a2b8ae0', 'ffffffff'));
  });

  it('is the same in each synthesis, and as long as it may be', () => {
    expect(made(name)).toBe(made(name));
    const long = made(name, STACK_ID, 'A'.repeat(120));
    expect(long.length).toBeLessThanOrEqual(maxLength);
  });
});

it('names are readable, in lower case', () => {
  expect(made((scope) => stackOwnName(scope, { maxLength: 60 }))).toMatch(/^shop-queue-[0-9a-f]{8}-5a2b8ae0$/);
  expect(made((scope) => stackOwnName(scope, { maxLength: 60, separator: '_' }))).toMatch(
    /^shop_queue_[0-9a-f]{8}_5a2b8ae0$/,
  );
  expect(made((scope) => vendedLogGroupName(scope, 'states'))).toMatch(
    /^\/aws\/vendedlogs\/states\/shop-queue-[0-9a-f]{8}-5a2b8ae0$/,
  );
});
