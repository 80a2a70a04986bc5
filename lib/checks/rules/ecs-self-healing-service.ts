import { containersOf, isBehindLoadBalancer, scalableTargetOf, taskOf } from '../containers';
import type { Inventory } from '../inventory';
import { type Rule, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

/** Other ways by which requests find the tasks that are well. */
const DISCOVERED = ['ServiceConnectConfiguration', 'ServiceRegistries', 'VpcLatticeConfigurations'];

/** Whether something calls the service, so that someone has to notice a task that does not answer. */
function isCalled(service: TemplateResource, inventory: Inventory): boolean {
  return containersOf(taskOf(service, inventory)).some(({ PortMappings = [] }) => PortMappings.length > 0);
}

/** A service with desired count, ALB health checks and restart is what makes containers self-heal. */
export const ecsSelfHealingService: Rule = {
  id: 'ecs-self-healing-service',
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
