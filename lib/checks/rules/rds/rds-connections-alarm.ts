import { DATABASES, databaseAlarms, isMember } from '../../relational-database';
import { mustHold, notApplicable, type Rule, verdict } from '../../rule';

/** Connection exhaustion should page before it fails. */
export const rdsConnectionsAlarm: Rule = {
  id: 'rds-connections-alarm',
  types: [...DATABASES, 'AWS::RDS::DBProxy'],
  check: (resource, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!inventory.strict || isMember(resource)) return notApplicable;
    if (resource.type === 'AWS::RDS::DBProxy') {
      return verdict(
        ['ClientConnections', 'DatabaseConnectionsBorrowLatency'].map(
          (metric) =>
            inventory.alarmsOn('AWS/RDS', metric, resource).length === 0 && `no alarm on ${metric} of the proxy`,
        ),
      );
    }
    return mustHold(
      databaseAlarms('DatabaseConnections', resource, inventory).length > 0,
      'no alarm on DatabaseConnections; allowed: at 80% of what it takes, or below',
    );
  },
};
