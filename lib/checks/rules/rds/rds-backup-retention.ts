import { DATABASES, isMember, isReplica } from '../../relational-database';
import { notApplicable, type Rule, verdict } from '../../rule';

/** What RDS keeps when it is not told (AWS: RDS, backup retention period, by the API). */
const DEFAULT_DAYS = 1;
const LONGEST_DAYS = 35;

export const rdsBackupRetention: Rule = {
  id: 'rds-backup-retention',
  title: 'A database keeps its automatic backups for 7 to 35 days',
  why: 'The default is one day: a deleted table that is noticed two days later cannot be restored.',
  fix: 'Set BackupRetentionPeriod to 7 or more; 35 is the most. In the CDK, set backupRetention or backup.',
  severity: 'error',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html',
  example: {
    fixed: {
      Orders: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql', BackupRetentionPeriod: 7 } },
      Ledger: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', BackupRetentionPeriod: 35 } },
    },
    broken: [
      { 'Orders.Properties.BackupRetentionPeriod': 6 },
      { 'Orders.Properties.BackupRetentionPeriod': null },
      { 'Ledger.Properties.BackupRetentionPeriod': 36 },
    ],
  },
  types: DATABASES,
  check: (database, inventory) => {
    if (isMember(database) || isReplica(database)) return notApplicable;
    const days = database.number('BackupRetentionPeriod') ?? DEFAULT_DAYS;
    // What development holds can be made again; that there are backups at all is checked there too.
    const shortest = inventory.strict ? 7 : 1;
    const found =
      (days < shortest || days > LONGEST_DAYS) &&
      `BackupRetentionPeriod is ${days} days; allowed: ${shortest} to ${LONGEST_DAYS}`;
    // Too few backups are not none.
    return days < 1 ? verdict([found]) : verdict([], [found]);
  },
};
