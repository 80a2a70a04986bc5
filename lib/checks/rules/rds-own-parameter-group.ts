import type { Inventory } from '../inventory';
import { DATABASES, isMember } from '../relational-database';
import { notApplicable, type Rule, verdict } from '../rule';
import { isIntrinsic, type TemplateResource } from '../template-resource';

/** Whether the group can be changed: RDS's own cannot. */
function isOwn(database: TemplateResource, property: string, inventory: Inventory): boolean {
  const name = database.get(property);
  if (!isIntrinsic(name)) return name !== undefined && !String(name).startsWith('default');
  return inventory.mustFind(database, name, 'the parameter group').type.endsWith('ParameterGroup');
}

/** Parameter changes often need a reboot, so plan them in a maintenance window. */
export const rdsOwnParameterGroup: Rule = {
  id: 'rds-own-parameter-group',
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
