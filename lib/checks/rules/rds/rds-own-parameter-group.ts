import { textOf } from '../../../template/literal-text';
import { isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { DATABASES, isMember } from '../../relational-database';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Whether the group can be changed: RDS's own cannot. */
function isOwn(database: TemplateResource, property: string, inventory: Inventory): boolean {
  const name = database.get(property);
  if (!isIntrinsic(name)) return name !== undefined && !textOf(name).startsWith('default');
  return inventory.mustFind(database, name, 'the parameter group').type.endsWith('ParameterGroup');
}

export const rdsOwnParameterGroup: Rule = {
  id: 'rds-own-parameter-group',
  title: 'A database has a parameter group and a maintenance window of its own',
  why: 'The default group cannot be changed: to turn on one parameter you attach another group and restart the database. Without a window AWS chooses when it restarts, in the middle of your day perhaps.',
  fix: 'Name an AWS::RDS::DBClusterParameterGroup or DBParameterGroup of the stack, and set PreferredMaintenanceWindow, such as sun:03:00-sun:04:00.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html',
  example: {
    fixed: {
      Database: {
        Type: 'AWS::RDS::DBCluster',
        Properties: {
          Engine: 'aurora-postgresql',
          DBClusterParameterGroupName: { Ref: 'Parameters' },
          PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
        },
      },
      Parameters: {
        Type: 'AWS::RDS::DBClusterParameterGroup',
        Properties: { Family: 'aurora-postgresql16', Parameters: { log_min_duration_statement: '1000' } },
      },
    },
    broken: [
      { 'Database.Properties.DBClusterParameterGroupName': 'default.aurora-postgresql16' },
      { 'Database.Properties.DBClusterParameterGroupName': null },
      { 'Database.Properties.PreferredMaintenanceWindow': null },
    ],
  },
  types: DATABASES,
  check: (database, inventory) => {
    if (isMember(database)) return notApplicable;
    const property = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
    return verdict([
      !isOwn(database, property, inventory) &&
        `${property} is RDS's default, which cannot be changed; allowed: a parameter group of the stack`,
      !database.has('PreferredMaintenanceWindow') &&
        'PreferredMaintenanceWindow is not set: AWS chooses when it reboots',
    ]);
  },
};
