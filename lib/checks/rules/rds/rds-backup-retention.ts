import { DATABASES, isMember, isReplica } from '../../relational-database';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** What RDS keeps when it is not told (AWS: RDS, backup retention period, by the API). */
const DEFAULT_DAYS = 1;
const LONGEST_DAYS = 35;

/** Point-in-time recovery keeps up to 35 days; snapshots for longer. */
export const rdsBackupRetention: Rule = {
  id: 'rds-backup-retention',
  types: DATABASES,
  check: (database, inventory) => {
    if (isMember(database) || isReplica(database)) return notApplicable;
    const days = database.number('BackupRetentionPeriod') ?? DEFAULT_DAYS;
    // What development holds can be made again; that there are backups at all is checked there too.
    const shortest = inventory.strict ? 7 : 1;
    return mustHold(
      days >= shortest && days <= LONGEST_DAYS,
      `BackupRetentionPeriod is ${days} days; allowed: ${shortest} to ${LONGEST_DAYS}`,
    );
  },
};
