import { textOf } from '../template/literal-text';
import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

/** A container as a task definition writes it. */
export interface ContainerDocument {
  readonly Name?: string;
  readonly Image?: unknown;
  readonly Essential?: unknown;
  readonly Command?: readonly unknown[];
  readonly Environment?: readonly { readonly Name?: unknown; readonly Value?: unknown }[];
  readonly Secrets?: readonly { readonly Name?: unknown; readonly ValueFrom?: unknown }[];
  readonly HealthCheck?: { readonly Command?: readonly unknown[]; readonly StartPeriod?: unknown };
  readonly PortMappings?: readonly unknown[];
  readonly LogConfiguration?: { readonly LogDriver?: string; readonly Options?: Readonly<Record<string, unknown>> };
}

export function containersOf(task: TemplateResource): readonly ContainerDocument[] {
  return task.maps<ContainerDocument>('ContainerDefinitions');
}

/** Services that run a task definition. */
export function servicesOf(task: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.referrers('AWS::ECS::Service', 'TaskDefinition', task);
}

/** What a service runs. @throws CannotTell when it is not in these templates */
export function taskOf(service: TemplateResource, inventory: Inventory): TemplateResource {
  return inventory.mustFind(service, service.get('TaskDefinition'), 'the task definition');
}

/** Whether requests reach a service through a load balancer: people wait for it. */
export function isBehindLoadBalancer(service: TemplateResource): boolean {
  return service.list('LoadBalancers').length > 0;
}

/** What scales the number of a service's tasks. */
export function scalableTargetOf(service: TemplateResource, inventory: Inventory): TemplateResource | undefined {
  const name = service.properties['ServiceName'];
  return inventory.ofType('AWS::ApplicationAutoScaling::ScalableTarget').find((target) => {
    const id = target.get('ResourceId');
    return inventory.mentions(target, id, service) || (typeof name === 'string' && textOf(id).endsWith(`/${name}`));
  });
}

/** Policies of a scalable target. */
export function policiesOf(target: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.ofType('AWS::ApplicationAutoScaling::ScalingPolicy').filter((policy) => {
    if (policy.has('ScalingTargetId')) return inventory.names(policy, policy.get('ScalingTargetId'), target);
    return JSON.stringify(policy.get('ResourceId')) === JSON.stringify(target.get('ResourceId'));
  });
}

const TRACKING = 'TargetTrackingScalingPolicyConfiguration';

/** The metric that a policy tracks, by AWS's name; undefined when it is one of your own, or none. */
export function trackedMetric(policy: TemplateResource): unknown {
  return policy.literal(`${TRACKING}.PredefinedMetricSpecification.PredefinedMetricType`);
}

/** A number of a policy's target tracking. */
export function tracking(policy: TemplateResource, name: 'TargetValue' | 'ScaleOutCooldown'): number | undefined {
  return policy.number(`${TRACKING}.${name}`);
}
