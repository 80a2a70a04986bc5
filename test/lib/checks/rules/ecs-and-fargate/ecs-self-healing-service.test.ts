import { ecsSelfHealingService } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-self-healing-service';
import { scaled } from '../../ecs-fixture';
import { bounds, type Case, cases, changed, mustBe } from '../../literal-fixture';

const BREAKER = 'Service.DeploymentConfiguration.DeploymentCircuitBreaker';
const few = 'task runs; allowed: at least 2, so that one can fail';
const broken = 'a deployment that does not come up goes on for hours';
const unseen = 'no load balancer checks the tasks that take requests; allowed: LoadBalancers, or Service Connect';
const fixed = changed(scaled, { Target: undefined, 'Service.DesiredCount': 2 });

bounds(ecsSelfHealingService, scaled, 'Target.MinCapacity', { min: 2, unset: 'violation', says: few });
bounds(ecsSelfHealingService, fixed, 'Service.DesiredCount', { min: 2, unset: 'violation', says: few });
bounds(ecsSelfHealingService, scaled, 'Service.DeploymentConfiguration.MinimumHealthyPercent', {
  min: 100,
  unset: 'compliant',
  says: 'a deployment takes tasks away; allowed: 100',
});
mustBe(ecsSelfHealingService, scaled, `${BREAKER}.Enable`, true, broken, 'violation');
mustBe(ecsSelfHealingService, scaled, `${BREAKER}.Rollback`, true, broken, 'violation');
cases(ecsSelfHealingService, fixed, [
  ['violation', 'one runs unless told', { 'Service.DesiredCount': undefined }, `1 ${few}`],
  ['compliant', 'in development', { 'Service.DesiredCount': 1 }, { strict: false }],
  [
    'compliant',
    'one runs on each machine',
    {
      'Service.SchedulingStrategy': 'DAEMON',
      'Service.DesiredCount': 1,
      'Service.DeploymentConfiguration.MinimumHealthyPercent': 0,
      'Service.LoadBalancers': [],
    },
  ],
  ['violation', 'replicas run', { 'Service.SchedulingStrategy': 'REPLICA', 'Service.DesiredCount': 1 }, few],
  ['violation', 'there is no breaker', { [BREAKER]: undefined }, broken],
  ['violation', 'ECS deploys', { [BREAKER]: undefined, 'Service.DeploymentController.Type': 'ECS' }, broken],
  ['compliant', 'something else deploys', { [BREAKER]: undefined, 'Service.DeploymentController.Type': 'CODE_DEPLOY' }],
  ['violation', 'nothing finds its tasks', { 'Service.LoadBalancers': [] }, unseen],
  [
    'violation',
    'one container of two is asked',
    { 'Service.LoadBalancers': [], 'Task.ContainerDefinitions.1': {} },
    unseen,
  ],
  ...['ServiceConnectConfiguration', 'ServiceRegistries', 'VpcLatticeConfigurations'].map(
    (name): Case => ['compliant', `${name} finds them`, { 'Service.LoadBalancers': [], [`Service.${name}`]: {} }],
  ),
  [
    'compliant',
    'nothing asks them',
    { 'Service.LoadBalancers': [], 'Task.ContainerDefinitions.0.PortMappings': undefined },
  ],
  ['compliant', 'they have no port', { 'Service.LoadBalancers': [], 'Task.ContainerDefinitions.0.PortMappings': [] }],
  ['cannot-tell', 'its task is elsewhere', { 'Service.LoadBalancers': [], 'Service.TaskDefinition': 'theirs' }],
]);
