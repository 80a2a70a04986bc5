import type { TemplateResource } from '../../../template/template-resource';
import { containersOf, isBehindLoadBalancer, scalableTargetOf, taskOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { type Rule, verdict } from '../../rule';

/** Other ways by which requests find the tasks that are well. */
const DISCOVERED = ['ServiceConnectConfiguration', 'ServiceRegistries', 'VpcLatticeConfigurations'];

/** Whether something calls the service, so that someone has to notice a task that does not answer. */
function isCalled(service: TemplateResource, inventory: Inventory): boolean {
  return containersOf(taskOf(service, inventory)).some(({ PortMappings = [] }) => PortMappings.length > 0);
}

export const ecsSelfHealingService: Rule = {
  id: 'ecs-self-healing-service',
  title: 'A service runs two tasks or more, is checked, and rolls a failed deployment back',
  why: 'With one task each crash is an outage of a minute, and with a MinimumHealthyPercent of 50 a deployment takes half of the tasks away. Without the circuit breaker, ECS starts a broken version again and again for hours.',
  fix: 'Set DesiredCount or MinCapacity to 2, LoadBalancers or Service Connect, and in DeploymentConfiguration MinimumHealthyPercent 100 and DeploymentCircuitBreaker with Enable and Rollback.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html',
  example: {
    fixed: {
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: { Ref: 'Task' },
          DesiredCount: 2,
          LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' }, ContainerName: 'api', ContainerPort: 8080 }],
          DeploymentConfiguration: {
            MinimumHealthyPercent: 100,
            DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          },
        },
      },
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ContainerDefinitions: [{ Name: 'api', PortMappings: [{ ContainerPort: 8080 }] }] },
      },
    },
    broken: [
      { 'Service.Properties.DesiredCount': 1 },
      { 'Service.Properties.DesiredCount': null },
      { 'Service.Properties.LoadBalancers': null },
      { 'Service.Properties.DeploymentConfiguration': null },
      { 'Service.Properties.DeploymentConfiguration.MinimumHealthyPercent': 99 },
      { 'Service.Properties.DeploymentConfiguration.DeploymentCircuitBreaker.Enable': false },
      { 'Service.Properties.DeploymentConfiguration.DeploymentCircuitBreaker.Rollback': false },
    ],
  },
  types: ['AWS::ECS::Service'],
  check: (service, inventory) => {
    const daemon = service.literal('SchedulingStrategy') === 'DAEMON';
    const rolling = ['ECS', undefined].includes(service.literal('DeploymentController.Type') as string | undefined);
    const scaled = scalableTargetOf(service, inventory);
    const tasks = scaled === undefined ? (service.number('DesiredCount') ?? 1) : (scaled.number('MinCapacity') ?? 0);
    // What a replica service has without being told (AWS: ECS, deployment configuration).
    const healthy = service.number('DeploymentConfiguration.MinimumHealthyPercent') ?? 100;
    const breaker = 'DeploymentConfiguration.DeploymentCircuitBreaker';
    const found = isBehindLoadBalancer(service) || DISCOVERED.some((property) => service.has(property));
    return verdict([
      inventory.strict && !daemon && tasks < 2 && `${tasks} task runs; allowed: at least 2, so that one can fail`,
      !daemon && healthy < 100 && `MinimumHealthyPercent is ${healthy}: a deployment takes tasks away; allowed: 100`,
      rolling &&
        !(service.flag(`${breaker}.Enable`) && service.flag(`${breaker}.Rollback`)) &&
        'a deployment that does not come up goes on for hours; allowed: DeploymentCircuitBreaker with Enable and Rollback',
      !daemon &&
        !found &&
        isCalled(service, inventory) &&
        'no load balancer checks the tasks that take requests; allowed: LoadBalancers, or Service Connect',
    ]);
  },
};
