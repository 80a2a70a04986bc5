import { ecsTargetTracking } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-target-tracking';
import { scaled, TARGET } from '../../ecs-fixture';
import { cases, PARAMETER } from '../../literal-fixture';

const says = 'no policy tracks a target; allowed: PolicyType TargetTrackingScaling';

cases(ecsTargetTracking, { Target: TARGET, ...scaled }, [
  ['compliant', 'policies track a target'],
  ['violation', 'there is none', { Cpu: undefined, Requests: undefined }, says],
  [
    'violation',
    'policies are of another',
    { 'Cpu.ScalingTargetId': 'other', 'Requests.ScalingTargetId': 'other' },
    says,
  ],
  [
    'violation',
    'one goes by steps',
    { 'Cpu.PolicyType': 'StepScaling' },
    'a policy scales by hand-made steps; allowed: TargetTrackingScaling alone',
  ],
  [
    'violation',
    'both do',
    { 'Cpu.PolicyType': 'StepScaling', 'Requests.PolicyType': 'StepScaling' },
    [says, 'hand-made steps'],
  ],
  ['not-applicable', 'it scales a table', { 'Target.ServiceNamespace': 'dynamodb', 'Cpu.PolicyType': 'StepScaling' }],
  ['cannot-tell', 'a parameter says it', { 'Cpu.PolicyType': PARAMETER }],
]);
