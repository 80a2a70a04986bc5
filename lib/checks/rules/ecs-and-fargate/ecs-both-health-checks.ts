import { flagOf, type TemplateResource } from '../../../template/template-resource';
import { containersOf, servicesOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** Load balancers that look at paths; the others only whether a port opens. */
const HTTP = ['HTTP', 'HTTPS'];

function checkTargetGroup(group: TemplateResource, inventory: Inventory): Verdict {
  const serves = inventory
    .ofType('AWS::ECS::Service')
    .some((service) => service.list('LoadBalancers').some((each) => inventory.mentions(service, each, group)));
  if (!serves || !HTTP.includes(String(group.literal('Protocol')))) return notApplicable;
  return verdict([
    group.flag('HealthCheckEnabled') === false && 'HealthCheckEnabled is false',
    !group.has('HealthCheckPath') && 'HealthCheckPath is not set: / may answer while the application cannot',
    !group.has('HealthCheckIntervalSeconds') && 'HealthCheckIntervalSeconds is not set',
  ]);
}

/** A container health check and an ALB health check are both required, since each misses failures the other sees. */
export const ecsBothHealthChecks: Rule = {
  id: 'ecs-both-health-checks',
  types: ['AWS::ECS::TaskDefinition', 'AWS::ElasticLoadBalancingV2::TargetGroup'],
  check: (resource, inventory) => {
    if (resource.type !== 'AWS::ECS::TaskDefinition') return checkTargetGroup(resource, inventory);
    // A task that runs to its end is not replaced for being unwell.
    if (servicesOf(resource, inventory).length === 0) return notApplicable;
    return verdict(
      containersOf(resource)
        .filter(({ Essential }) => flagOf(Essential, 'Essential') !== false)
        .map(({ Name, HealthCheck }) => {
          const [command] = HealthCheck?.Command ?? [];
          const checked = command !== undefined && command !== 'NONE';
          return !checked && `the container ${Name ?? ''} has no HealthCheck.Command: ECS sees only whether it runs`;
        }),
    );
  },
};
