import { createHash } from 'node:crypto';
import { type IRole, Policy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';

/**
 * Lets a knowledge base's role use a store, by a policy of the store's own. When another store comes in its place the old policy goes
 * last, with the old store: until then the old data source, which deletes its vectors as it goes, still may.
 *
 * @param identity what makes it another store
 */
export function storeAccess(
  scope: Construct,
  role: IRole,
  identity: readonly unknown[],
  statement: PolicyStatement,
): Policy {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8);
  const policy = new Policy(scope, `Access${hash}`, { roles: [role], statements: [statement] });
  acknowledge(policy, inlinePolicyReasons());
  return policy;
}
