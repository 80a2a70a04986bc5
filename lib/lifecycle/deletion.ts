import { defaultDeletionPolicy, deletionProtection, LOAD_BALANCER_PROTECTION } from '../facts/deletion';
import type { TemplateResource } from '../template/template-resource';
import { CannotTell, isIntrinsic, literalOf } from '../template/template-resource';

/** An attribute of a load balancer. */
interface Attribute {
  readonly Key?: unknown;
  readonly Value?: unknown;
}

/** What stays of a resource that a stack does without. */
export type Remains = 'all' | 'snapshot' | 'nothing';

/** What the deletion of a stack does with a resource. */
export type Outcome = 'deleted' | 'kept' | 'refused';

/** The policy that decides what happens to a resource when the stack does without it. @throws CannotTell for an intrinsic */
export function deletionPolicy(resource: TemplateResource): string {
  const policy = literalOf(resource.deletionPolicy, 'DeletionPolicy') ?? undefined;
  return policy === undefined ? defaultDeletionPolicy(resource.type, resource.properties) : String(policy);
}

/** Whether the service refuses to delete a resource. @throws CannotTell where only deployment decides it */
function isProtected(resource: TemplateResource): boolean {
  if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
    return resource.list('LoadBalancerAttributes').some((attribute) => {
      const { Key, Value } = (literalOf(attribute, 'LoadBalancerAttributes') ?? {}) as Attribute;
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

/** What stays of a resource that the template has no more; undefined where only deployment decides it. */
export function remainsOfRemoved(resource: TemplateResource): Remains | undefined {
  try {
    return remains(deletionPolicy(resource));
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

/**
 * What stays of a resource that another one replaces. `UpdateReplacePolicy` decides, and without it nothing stays, whatever
 * `DeletionPolicy` says (AWS: CloudFormation, UpdateReplacePolicy). Undefined where only deployment decides it, or where the update
 * changes the policy.
 */
export function remainsOfReplaced(before: TemplateResource, after: TemplateResource): Remains | undefined {
  const [old, now] = [before, after].map(({ updateReplacePolicy }) =>
    isIntrinsic(updateReplacePolicy) ? undefined : remains(String(updateReplacePolicy ?? 'Delete')),
  );
  return old === now ? old : undefined;
}

function remains(policy: string): Remains {
  if (policy.startsWith('Retain')) return 'all';
  return policy === 'Snapshot' ? 'snapshot' : 'nothing';
}
