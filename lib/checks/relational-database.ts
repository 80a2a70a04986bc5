import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

/** Clusters, and instances of their own. */
export const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** Whether an instance belongs to a cluster, which then says what holds for it. */
export function isMember(database: TemplateResource): boolean {
  return database.type === 'AWS::RDS::DBInstance' && database.has('DBClusterIdentifier');
}

/** Whether it copies another database, with that one's password and backups. */
export function isReplica(database: TemplateResource): boolean {
  return ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier'].some((property) =>
    database.has(property),
  );
}

/** The instances of a cluster. */
export function instancesOf(cluster: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.referrers('AWS::RDS::DBInstance', 'DBClusterIdentifier', cluster);
}

/** The target groups by which proxies pool the connections of a database. */
export function proxyTargetsOf(database: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  const property = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterIdentifiers' : 'DBInstanceIdentifiers';
  return inventory
    .ofType('AWS::RDS::DBProxyTargetGroup')
    .filter((group) => group.list(property).some((id) => inventory.names(group, id, database)));
}

/** Whether a cluster scales by capacity units. */
export function isServerless(cluster: TemplateResource): boolean {
  return cluster.type === 'AWS::RDS::DBCluster' && cluster.has('ServerlessV2ScalingConfiguration');
}

/** Alarms on a metric of a database: of the cluster, or of one of its instances. */
export function databaseAlarms(
  metric: string,
  database: TemplateResource,
  inventory: Inventory,
): readonly TemplateResource[] {
  return [database, ...instancesOf(database, inventory)].flatMap((each) => inventory.alarmsOn('AWS/RDS', metric, each));
}
