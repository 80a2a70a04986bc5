import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Grant, Role } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { combinedGrant } from '../../../lib/security/combined-grant';

it('is all permissions as one, without those that were not needed', () => {
  const role = new Role(new Stack(), 'Role', { assumedBy: new AccountPrincipal('111122223333') });
  const grantOf = (action: string) => Grant.addToPrincipal({ grantee: role, actions: [action], resourceArns: ['*'] });
  const all = combinedGrant(grantOf('a:A'), undefined, grantOf('b:B'), grantOf('c:C'));
  expect(all.principalStatements.flatMap(({ actions }) => actions)).toEqual(['a:A', 'b:B', 'c:C']);
  const one = grantOf('d:D');
  expect(combinedGrant(one)).toBe(one);
});
