import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../rule';

/** Monitoring with alarms is not optional. */
export const patternHasAlarms: Rule = {
  id: 'pattern-has-alarms',
  types: ['AWS::Lambda::Function', 'AWS::ECS::Service', 'AWS::RDS::DBCluster'],
  check: (workload, inventory) => {
    if (workload.type === 'AWS::Lambda::Function' && isDeploymentHelper(workload)) return notApplicable;
    const alarms = inventory.ofType('AWS::CloudWatch::Alarm').filter(({ stack }) => stack === workload.stack);
    return mustHold(
      alarms.length >= 3,
      `${alarms.length} alarms watch this stack; allowed: at least 3 (errors, latency, backlog)`,
    );
  },
};
