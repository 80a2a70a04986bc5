import { databaseAlarms, isServerless } from '../../relational-database';
import { mustHold, notApplicable, type Rule } from '../../rule';

const PERCENT = 90;

/** Scaling stops at the ceiling you set, so watch it. */
export const auroraCapacityAlarm: Rule = {
  id: 'aurora-capacity-alarm',
  types: ['AWS::RDS::DBCluster'],
  check: (cluster, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!isServerless(cluster) || !inventory.strict) return notApplicable;
    const alarms = databaseAlarms('ACUUtilization', cluster, inventory);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? Number.POSITIVE_INFINITY) <= PERCENT),
      `no alarm on ACUUtilization; allowed: at ${PERCENT}% or below`,
    );
  },
};
