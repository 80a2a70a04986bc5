import type { TemplateResource } from '../../../template/template-resource';
import { type Inventory, metricsOf } from '../../inventory';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** Whether an alarm is in a stack, or watches something of it from another. */
function watches(alarm: TemplateResource, stack: string, inventory: Inventory): boolean {
  if (alarm.stack === stack) return true;
  const watched = metricsOf(alarm).flatMap(({ Dimensions = [] }) =>
    Dimensions.map(({ Value }) => inventory.referent(alarm, Value)),
  );
  return watched.some((resource) => resource?.stack === stack);
}

/** Monitoring with alarms is not optional. */
export const patternHasAlarms: Rule = {
  id: 'pattern-has-alarms',
  types: ['AWS::Lambda::Function', 'AWS::ECS::Service', 'AWS::RDS::DBCluster'],
  check: (workload, inventory) => {
    if (workload.type === 'AWS::Lambda::Function' && isDeploymentHelper(workload)) return notApplicable;
    const alarms = inventory
      .ofType('AWS::CloudWatch::Alarm')
      .filter((alarm) => watches(alarm, workload.stack, inventory));
    return mustHold(
      alarms.length >= 3,
      `${alarms.length} alarms watch this stack; allowed: at least 3 (errors, latency, backlog)`,
    );
  },
};
