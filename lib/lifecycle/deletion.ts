import { defaultDeletionPolicy, deletionProtection, LOAD_BALANCER_PROTECTION } from '../facts/deletion';
import type { TemplateResource } from '../template/template-resource';
import { CannotTell, literalOf } from '../template/template-resource';

/** What the deletion of a stack does with a resource. */
export type Outcome = 'deleted' | 'kept' | 'refused';

/** The policy that decides what happens to a resource when the stack does without it. @throws CannotTell for an intrinsic */
export function deletionPolicy(resource: TemplateResource): string {
  const policy = literalOf(resource.deletionPolicy, 'DeletionPolicy');
  return policy === undefined ? defaultDeletionPolicy(resource.type, resource.properties) : String(policy);
}

/** Whether the service refuses to delete a resource. @throws CannotTell where only deployment decides it */
export function isProtected(resource: TemplateResource): boolean {
  if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
    return resource.list('LoadBalancerAttributes').some((attribute) => {
      const { Key, Value } = attribute as { readonly Key?: unknown; readonly Value?: unknown };
      return Key === LOAD_BALANCER_PROTECTION && String(literalOf(Value, LOAD_BALANCER_PROTECTION)) === 'true';
    });
  }
  const protection = deletionProtection(resource.type);
  return protection !== undefined && String(resource.literal(protection.property)) === protection.on;
}

/** What happens to a resource when its stack is deleted. @throws CannotTell where only deployment decides it */
export function onDelete(resource: TemplateResource): Outcome {
  if (deletionPolicy(resource).startsWith('Retain')) return 'kept';
  return isProtected(resource) ? 'refused' : 'deleted';
}

/**
 * What happens to a resource when the first deployment of its stack fails: `Retain` keeps it there, too, and
 * `RetainExceptOnCreate` does not (AWS: CloudFormation, DeletionPolicy). Protection stops a rollback as it stops a deletion.
 *
 * @throws CannotTell where only deployment decides it
 */
export function onFailedCreate(resource: TemplateResource): Outcome {
  if (deletionPolicy(resource) === 'Retain') return 'kept';
  return isProtected(resource) ? 'refused' : 'deleted';
}

/** An outcome, or undefined where only deployment decides it. */
export function known(
  outcome: (resource: TemplateResource) => Outcome,
  resource: TemplateResource,
): Outcome | undefined {
  try {
    return outcome(resource);
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}
