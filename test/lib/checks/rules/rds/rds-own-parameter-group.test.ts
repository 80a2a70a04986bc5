import { rdsOwnParameterGroup } from '../../../../../lib/checks/rules/rds/rds-own-parameter-group';
import { cases, PARAMETER, ref } from '../../literal-fixture';

for (const [type, property] of [
  ['AWS::RDS::DBCluster', 'DBClusterParameterGroupName'],
  ['AWS::RDS::DBInstance', 'DBParameterGroupName'],
] as const) {
  const group = (name: unknown) => ({ [`Database.${property}`]: name });
  const says = `${property} is RDS's default, which cannot be changed; allowed: a parameter group of the stack`;
  cases(
    rdsOwnParameterGroup,
    {
      Database: [type, { [property]: ref('Group'), PreferredMaintenanceWindow: 'sun:03:00-sun:04:00' }],
      Group: [type.replace(/DB\w+/, 'DBParameterGroup'), {}],
    },
    [
      ['compliant', 'it has one of the stack'],
      ['compliant', 'it has one by name', group('mine')],
      ['violation', 'it has RDS’s own', group('default.postgres17'), says],
      ['violation', 'it says nothing', group(undefined), says],
      ['violation', 'it names something else', { Group: ['AWS::RDS::OptionGroup', {}] }, says],
      ['cannot-tell', 'a parameter is it', group(PARAMETER)],
      [
        'violation',
        'AWS chooses when',
        { 'Database.PreferredMaintenanceWindow': undefined },
        'PreferredMaintenanceWindow is not set',
      ],
    ],
  );
}
cases(rdsOwnParameterGroup, { Database: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'its' }] }, [
  ['not-applicable', 'its cluster says it'],
]);
