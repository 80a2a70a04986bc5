import { expect } from 'vitest';
import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { type AccessRequest, type Grant, Policies } from './policies';

/** Why an action is granted that no recorded call and no known delivery shows, with AWS's page. */
export type Reasons = Readonly<Record<string, string>>;

/** What DynamoDB does with a table's key for whoever uses the table; granted for use through DynamoDB alone. */
export const TABLE_KEY_REASONS: Reasons = {
  'kms:DescribeKey':
    'DynamoDB asks for the state of the key in the name of whoever uses the table (DynamoDB: encryption at rest, usage notes).',
  'kms:Encrypt': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:GenerateDataKey': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:ReEncryptFrom': "DynamoDB's documented set of key actions for those who use the table.",
  'kms:ReEncryptTo': "DynamoDB's documented set of key actions for those who use the table.",
};

/** Each request once. */
export function distinct(requests: readonly AccessRequest[]): AccessRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

/** Fails for the first request that the template's policies do not allow. */
export async function expectAllowed(template: ResolvedTemplate, requests: readonly AccessRequest[]): Promise<void> {
  const policies = policiesOf(template);
  for (const request of distinct(requests)) {
    expect(await policies.evaluate(request), JSON.stringify(request)).toBe('Allowed');
  }
}

/** Fails for the first request that the template's policies do not deny. */
export async function expectDenied(template: ResolvedTemplate, requests: readonly AccessRequest[]): Promise<void> {
  const policies = policiesOf(template);
  for (const request of requests) {
    expect(await policies.evaluate(request), JSON.stringify(request)).toMatch(/^(Ex|Im)plicitlyDenied$/);
  }
}

/** What is granted to roles although nobody used it: for a stated reason, and without one. */
export function unusedGrants(
  template: ResolvedTemplate,
  used: readonly AccessRequest[],
  reasons: Reasons,
): { readonly stated: ReadonlySet<string>; readonly unstated: readonly Grant[] } {
  const grants = policiesOf(template).grants();
  const unused = grants.filter((grant) => !isUsed(grant, grants, used, template.deployment.account));
  const isStated = ({ action, via }: Grant) =>
    reasons[action] !== undefined && (!action.startsWith('kms:') || via?.startsWith('dynamodb.') === true);
  return {
    stated: new Set(unused.filter(isStated).map(({ action }) => action)),
    unstated: unused.filter((grant) => !isStated(grant)),
  };
}

/** A grant of a key for one service is used through that service; one without a condition, by what has no such grant. */
function isUsed(grant: Grant, all: readonly Grant[], used: readonly AccessRequest[], account: string): boolean {
  const { role, action, resources, via } = grant;
  const conditions = all.flatMap((each) => (each.role === role && each.action === action ? [each.via] : []));
  const uses = used.filter((each) => {
    const through = each.context?.['kms:ViaService'];
    const counts = via === undefined ? through === undefined || !conditions.includes(through) : through === via;
    return each.principal === `arn:aws:iam::${account}:role/${role}` && each.action === action && counts;
  });
  return resources.every((resource) => uses.some((each) => covers(resource, each.resource)));
}

/** Tells whether a granted resource, with IAM's wildcards, covers one that was used. */
function covers(granted: string, used: string): boolean {
  const pattern = granted
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(used);
}

/** The one resource of a type whose logical id has a part. @throws Error when none or several have */
export function find(template: ResolvedTemplate, type: string, part = ''): ResolvedResource & { readonly arn: string } {
  const [found, ...more] = template.ofType(type).filter(({ logicalId }) => logicalId.includes(part));
  if (found?.arn === undefined || more.length > 0) throw new Error(`The template has not one ${type} with ${part}`);
  return { ...found, arn: found.arn };
}

function policiesOf(template: ResolvedTemplate): Policies {
  return new Policies(template, template.deployment.account);
}
