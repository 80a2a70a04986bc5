import { flagOf, itemsOf, type TemplateResource } from '../../../template/template-resource';
import { containersOf, servicesOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** Load balancers that look at paths; the others only whether a port opens. */
const HTTP = ['HTTP', 'HTTPS'];

function checkTargetGroup(group: TemplateResource, inventory: Inventory): Verdict {
  const serves = inventory
    .ofType('AWS::ECS::Service')
    .some((service) => service.list('LoadBalancers').some((each) => inventory.mentions(service, each, group)));
  if (!serves || !HTTP.includes(String(group.text('Protocol')))) return notApplicable;
  return verdict([
    group.flag('HealthCheckEnabled') === false && 'HealthCheckEnabled is false',
    !group.has('HealthCheckPath') && 'HealthCheckPath is not set: / may answer while the application cannot',
    !group.has('HealthCheckIntervalSeconds') && 'HealthCheckIntervalSeconds is not set',
  ]);
}

export const ecsBothHealthChecks: Rule = {
  id: 'ecs-both-health-checks',
  title: 'Each essential container of a service has a health check, and so has its target group',
  why: 'ECS without a container check sees only whether the process runs, and a load balancer that asks for / may get an answer while the application cannot work. Each misses failures that the other sees.',
  fix: 'Set HealthCheck.Command on each essential container, and HealthCheckPath and HealthCheckIntervalSeconds on the target group.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html',
  example: {
    fixed: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'api',
              HealthCheck: { Command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'] },
            },
          ],
        },
      },
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: { Ref: 'Task' },
          LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' }, ContainerName: 'api', ContainerPort: 8080 }],
        },
      },
      Targets: {
        Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
        Properties: { Protocol: 'HTTP', HealthCheckPath: '/health', HealthCheckIntervalSeconds: 10 },
      },
    },
    broken: [
      { 'Task.Properties.ContainerDefinitions.0.HealthCheck': null },
      { 'Task.Properties.ContainerDefinitions.0.HealthCheck.Command': ['NONE'] },
      { 'Task.Properties.ContainerDefinitions.1': { Name: 'proxy' } },
      { 'Targets.Properties.HealthCheckPath': null },
      { 'Targets.Properties.HealthCheckIntervalSeconds': null },
      { 'Targets.Properties.HealthCheckEnabled': false },
    ],
  },
  types: ['AWS::ECS::TaskDefinition', 'AWS::ElasticLoadBalancingV2::TargetGroup'],
  check: (resource, inventory) => {
    if (resource.type !== 'AWS::ECS::TaskDefinition') return checkTargetGroup(resource, inventory);
    // A task that runs to its end is not replaced for being unwell.
    if (servicesOf(resource, inventory).length === 0) return notApplicable;
    return verdict(
      containersOf(resource)
        .filter(({ Essential }) => flagOf(Essential, 'Essential') !== false)
        .map(({ Name, HealthCheck }) => {
          const [command] = itemsOf(HealthCheck?.Command, 'HealthCheck.Command');
          const checked = command !== undefined && command !== 'NONE';
          return !checked && `the container ${Name ?? ''} has no HealthCheck.Command: ECS sees only whether it runs`;
        }),
    );
  },
};
