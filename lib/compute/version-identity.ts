import { createHash } from 'node:crypto';
import { AspectPriority, Aspects, type CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { resourceType } from '../facts/resource-types';
import { propertyOf, resourcesNamedIn } from '../naming/resource-references';

/**
 * Gives a function a new version when a resource that its environment names is replaced. A version keeps the values of its environment;
 * CDK makes a new one when the template's text changes, which names a resource by its logical id. A knowledge base that is replaced has
 * another id and the same logical id: the alias would go on with the one that is gone (CDK issue 25997).
 */
export function renewWithReferences(fn: LambdaFunction): void {
  const renew: IAspect = {
    visit: (node) => {
      if (node !== fn) return;
      const identity = identityOf(fn);
      if (identity !== undefined) fn.invalidateVersionBasedOn(identity);
    },
  };
  // After whatever else changes what it names.
  Aspects.of(fn).add(renew, { priority: AspectPriority.READONLY });
}

/** What cannot change in the resources that a function's environment names without their replacement; undefined without such. */
function identityOf(fn: LambdaFunction): string | undefined {
  const resource = fn.node.defaultChild;
  if (!(resource instanceof CfnFunction)) return undefined;
  const identities = identitiesIn(resource.environment, resource, new Set());
  if (identities.length === 0) return undefined;
  return createHash('sha256').update(JSON.stringify(identities)).digest('hex');
}

function identitiesIn(value: unknown, from: CfnResource, seen: Set<CfnResource>): readonly unknown[] {
  return [...resourcesNamedIn(value, from)].flatMap((target) => {
    if (seen.has(target)) return [];
    seen.add(target);
    const paths = resourceType(target.cfnResourceType)?.yes ?? [];
    const names = [...new Set(paths.map((path) => path.split('.')[0] ?? path))];
    const fixed = names.map((name) => [name, propertyOf(target, name)]).filter(([, found]) => found !== undefined);
    if (fixed.length === 0) return [];
    return [[target.cfnResourceType, Stack.of(target).resolve(fixed)], ...identitiesIn(fixed, target, seen)];
  });
}
