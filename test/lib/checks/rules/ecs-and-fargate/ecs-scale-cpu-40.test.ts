import { ecsScaleCpu40 } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-scale-cpu-40';
import { PREDEFINED, scaled, TRACKING } from '../../ecs-fixture';
import { bounds, cases } from '../../literal-fixture';

const VALUE = `Cpu.${TRACKING}.TargetValue`;
const none = 'nothing scales it by CPU; allowed: target tracking at 40% or less';

bounds(ecsScaleCpu40, scaled, VALUE, { max: 40, unset: 'violation', says: '% CPU, too late; allowed: 40% or less' });
cases(ecsScaleCpu40, scaled, [
  ['violation', 'it does not say', { [VALUE]: undefined }, 'it scales at 100% CPU'],
  ['violation', 'nothing scales it by CPU', { Cpu: undefined }, none],
  ['violation', 'memory does', { [`Cpu.${PREDEFINED}`]: 'ECSServiceAverageMemoryUtilization' }, none],
  ['violation', 'nothing scales it', { Target: undefined }, none],
  ['not-applicable', 'no load balancer is in front', { Cpu: undefined, 'Service.LoadBalancers': [] }],
  ['violation', 'work of a queue scales too late', { [VALUE]: 50, 'Service.LoadBalancers': [] }, 'at 50% CPU'],
  ['not-applicable', 'development does not scale', { Target: undefined }, { strict: false }],
  ['violation', 'development scales too late', { [VALUE]: 50 }, 'at 50% CPU', { strict: false }],
]);
