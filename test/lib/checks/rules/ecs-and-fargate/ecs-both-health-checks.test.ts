import { ecsBothHealthChecks } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-both-health-checks';
import { cases, type Literals, mustBe, ref } from '../../literal-fixture';

const container = (more: object = {}) => ({ Name: 'api', HealthCheck: { Command: ['CMD', '/check'] }, ...more });
const one = (more: object) => ({ 'Task.ContainerDefinitions': [container(), container({ Name: 'web', ...more })] });
const task: Literals = {
  Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [container()] }],
  Service: ['AWS::ECS::Service', { TaskDefinition: ref('Task') }],
};
const says = 'the container web has no HealthCheck.Command: ECS sees only whether it runs';
cases(ecsBothHealthChecks, task, [
  ['compliant', 'each container is looked at'],
  ['violation', 'one is not', one({ HealthCheck: undefined }), says],
  ['violation', 'its command is NONE', one({ HealthCheck: { Command: ['NONE'] } }), says],
  ['violation', 'its command is empty', one({ HealthCheck: { Command: [] } }), says],
  ['violation', 'it says nothing', one({ HealthCheck: {} }), says],
  ['violation', 'it is essential', one({ HealthCheck: {}, Essential: true }), says],
  ['compliant', 'it is not', one({ HealthCheck: {}, Essential: false })],
  ['compliant', 'it is not, as text', one({ HealthCheck: {}, Essential: 'false' })],
  ['violation', 'it has no name', { 'Task.ContainerDefinitions': [{}] }, 'the container  has no'],
  ['not-applicable', 'no service runs it', { Service: undefined, ...one({ HealthCheck: {} }) }],
]);

const group: Literals = {
  Group: [
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    { Protocol: 'HTTP', HealthCheckPath: '/health', HealthCheckIntervalSeconds: 10 },
  ],
  Service: ['AWS::ECS::Service', { LoadBalancers: [{ TargetGroupArn: ref('Group') }] }],
};
mustBe(ecsBothHealthChecks, group, 'Group.HealthCheckEnabled', true, 'HealthCheckEnabled is false', 'compliant');
cases(ecsBothHealthChecks, group, [
  ['compliant', 'it asks for health'],
  ['violation', 'it asks for the front page', { 'Group.HealthCheckPath': undefined }, 'HealthCheckPath is not set'],
  [
    'violation',
    'it asks when AWS likes',
    { 'Group.HealthCheckIntervalSeconds': undefined },
    'HealthCheckIntervalSeconds is not set',
  ],
  [
    'violation',
    'it does so with TLS',
    { 'Group.Protocol': 'HTTPS', 'Group.HealthCheckPath': undefined },
    'HealthCheckPath',
  ],
  ['not-applicable', 'it is for TCP', { 'Group.Protocol': 'TCP', 'Group.HealthCheckPath': undefined }],
  [
    'violation',
    'a service is behind two',
    { 'Service.LoadBalancers.1': { TargetGroupArn: 'other' }, 'Group.HealthCheckPath': undefined },
    'HealthCheckPath',
  ],
  ['not-applicable', 'no service is behind', { Service: undefined, 'Group.HealthCheckPath': undefined }],
  [
    'not-applicable',
    'a service is behind another',
    { 'Service.LoadBalancers.0.TargetGroupArn': 'other', 'Group.HealthCheckPath': undefined },
  ],
]);
