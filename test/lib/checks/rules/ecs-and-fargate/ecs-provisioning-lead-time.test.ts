import { ecsProvisioningLeadTime } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-provisioning-lead-time';
import { PREDEFINED, scaled, TRACKING } from '../../ecs-fixture';
import { bounds, cases } from '../../literal-fixture';

const grace = 'tasks are killed while they start; allowed: at least 30, their start time';
const slow = 's before it scales out again; allowed: ScaleOutCooldown of at most 60 s';
const COOLDOWN = `Cpu.${TRACKING}.ScaleOutCooldown`;

bounds(ecsProvisioningLeadTime, scaled, 'Service.HealthCheckGracePeriodSeconds', {
  min: 30,
  unset: 'violation',
  says: grace,
});
bounds(ecsProvisioningLeadTime, scaled, COOLDOWN, { max: 60, unset: 'violation', says: slow });
bounds(ecsProvisioningLeadTime, scaled, 'Target.MinCapacity', {
  min: 2,
  unset: 'violation',
  says: 'MinCapacity is below 2',
  named: false,
});
bounds(ecsProvisioningLeadTime, scaled, 'Task.ContainerDefinitions.0.HealthCheck.StartPeriod', {
  max: 60,
  unset: 'compliant',
  says: 'HealthCheckGracePeriodSeconds is 60: tasks are killed while they start',
});
cases(ecsProvisioningLeadTime, scaled, [
  ['violation', 'it waits as long as AWS likes', { [COOLDOWN]: undefined }, 'it waits 300 s'],
  [
    'violation',
    'both policies wait',
    { [COOLDOWN]: 61, [`Requests.${TRACKING}.ScaleOutCooldown`]: 90 },
    'it waits 61, 90 s',
  ],
  ['compliant', 'a policy of another kind may wait', { [COOLDOWN]: 61, 'Cpu.PolicyType': 'StepScaling' }],
  ['violation', 'nothing scales it', { Target: undefined }, 'its number of tasks is fixed; allowed: a scalable target'],
  ['violation', 'nothing scales it by requests', { Requests: undefined }, 'nothing scales it by requests'],
  ['violation', 'both go by CPU', { [`Requests.${PREDEFINED}`]: 'ECSServiceAverageCPUUtilization' }, 'by requests'],
  [
    'violation',
    'one check of two takes longer',
    { 'Task.ContainerDefinitions.1': { HealthCheck: { StartPeriod: 90 } } },
    'allowed: at least 90',
  ],
  [
    'violation',
    'a container says nothing, and gets a second',
    { 'Task.ContainerDefinitions': [{}], 'Service.HealthCheckGracePeriodSeconds': 0 },
    'at least 1,',
  ],
  [
    'compliant',
    'that second is enough',
    { 'Task.ContainerDefinitions': [{}], 'Service.HealthCheckGracePeriodSeconds': 1 },
  ],
  ['compliant', 'development runs one', { 'Target.MinCapacity': 1, Requests: undefined }, { strict: false }],
  ['compliant', 'development does not scale', { Target: undefined }, { strict: false }],
  ['violation', 'development waits, too', { [COOLDOWN]: 61 }, 'it waits 61 s', { strict: false }],
  ['not-applicable', 'no load balancer is in front', { 'Service.LoadBalancers': [], Target: undefined }],
  ['cannot-tell', 'its task is elsewhere', { 'Service.TaskDefinition': 'theirs' }],
]);
