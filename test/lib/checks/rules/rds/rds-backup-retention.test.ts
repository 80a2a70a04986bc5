import { rdsBackupRetention } from '../../../../../lib/checks/rules/rds/rds-backup-retention';
import { bounds, cases, type Literals } from '../../literal-fixture';

for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']) {
  const database: Literals = { Database: [type, { BackupRetentionPeriod: 7 }] };
  const path = 'Database.BackupRetentionPeriod';
  bounds(rdsBackupRetention, database, path, { min: 7, max: 35, unset: 'violation', says: 'days; allowed: 7 to 35' });
  bounds(rdsBackupRetention, database, path, {
    min: 1,
    max: 35,
    unset: 'compliant',
    says: 'days; allowed: 1 to 35',
    options: { strict: false },
  });
  cases(rdsBackupRetention, database, [
    ['violation', 'a day is what RDS keeps', { [path]: undefined }, 'BackupRetentionPeriod is 1 days'],
    ['not-applicable', 'it copies another', { [path]: 0, 'Database.SourceDBClusterIdentifier': 'other' }],
  ]);
}
cases(rdsBackupRetention, { Database: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'its' }] }, [
  ['not-applicable', 'its cluster says it'],
]);
