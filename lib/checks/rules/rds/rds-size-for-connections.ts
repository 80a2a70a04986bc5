import { maxConnections } from '../../../facts/postgres-connections';
import type { TemplateResource } from '../../../template/template-resource';
import { endpointsHeldBy } from '../../endpoint-holders';
import { mostExecutions } from '../../execution-bound';
import type { Inventory } from '../../inventory';
import { DATABASES, isMember, isServerless, proxyTargetsOf } from '../../relational-database';
import { type Rule, verdict } from '../../rule';

const TINY = /^db\.t\d\w*\.(nano|micro|small)$/;

/** Connections that a serverless PostgreSQL cluster takes; undefined for others. */
function connectionsOf(cluster: TemplateResource): number | undefined {
  if (!isServerless(cluster) || cluster.literal('Engine') !== 'aurora-postgresql') return undefined;
  const capacity = 'ServerlessV2ScalingConfiguration';
  return maxConnections(cluster.number(`${capacity}.MinCapacity`) ?? 0, cluster.number(`${capacity}.MaxCapacity`) ?? 0);
}

/** Copies that functions may run of themselves, each with at least one connection straight to the database. */
function directClients(database: TemplateResource, inventory: Inventory): number {
  return inventory
    .ofType('AWS::Lambda::Function')
    .filter((fn) => !inventory.makesCustomResource(fn))
    .filter((fn) =>
      endpointsHeldBy(fn, inventory).some(({ kind, target }) => kind === 'database' && target === database),
    )
    .reduce((sum, fn) => sum + (mostExecutions(fn, inventory) ?? inventory.accountConcurrency), 0);
}

export const rdsSizeForConnections: Rule = {
  id: 'rds-size-for-connections',
  title: 'A database takes as many connections as its functions and proxies may open',
  why: 'The connections follow from the size: an Aurora PostgreSQL cluster of at most 1 ACU takes 189. Beyond that the database refuses clients, and a peak in traffic becomes an outage.',
  fix: 'Raise MaxCapacity or DBInstanceClass (db.t4g.medium or larger), lower ReservedConcurrentExecutions, use a proxy, and let MaxConnectionsPercent of its proxies add up to at most 100.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html',
  example: {
    fixed: {
      Orders: {
        Type: 'AWS::RDS::DBCluster',
        Properties: {
          Engine: 'aurora-postgresql',
          ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 1 },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          ReservedConcurrentExecutions: 189,
          Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Orders', 'Endpoint.Address'] } } },
        },
      },
      Ledger: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', DBInstanceClass: 'db.t4g.medium' } },
      WebPool: {
        Type: 'AWS::RDS::DBProxyTargetGroup',
        Properties: {
          DBProxyName: { Ref: 'WebProxy' },
          DBInstanceIdentifiers: [{ Ref: 'Ledger' }],
          ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 60 },
        },
      },
      JobPool: {
        Type: 'AWS::RDS::DBProxyTargetGroup',
        Properties: {
          DBProxyName: { Ref: 'JobProxy' },
          DBInstanceIdentifiers: [{ Ref: 'Ledger' }],
          ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 40 },
        },
      },
    },
    broken: [
      { 'Function.Properties.ReservedConcurrentExecutions': 190 },
      { 'Function.Properties.ReservedConcurrentExecutions': null },
      { 'Ledger.Properties.DBInstanceClass': 'db.t4g.small' },
      { 'JobPool.Properties.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': 41 },
      { 'JobPool.Properties.ConnectionPoolConfigurationInfo': null },
    ],
  },
  types: DATABASES,
  check: (database, inventory) => {
    const size = String(database.literal('DBInstanceClass') ?? database.literal('DBClusterInstanceClass') ?? '');
    const tiny =
      inventory.strict && TINY.test(size) && `${size} takes few connections; allowed: db.t*.medium or larger`;
    if (isMember(database)) return verdict([tiny]);
    const limit = connectionsOf(database);
    const clients = directClients(database, inventory);
    const shares = proxyTargetsOf(database, inventory).map(
      (group) => group.number('ConnectionPoolConfigurationInfo.MaxConnectionsPercent') ?? 100,
    );
    const share = shares.reduce((sum, percent) => sum + percent, 0);
    return verdict([
      tiny,
      limit !== undefined &&
        clients > limit &&
        `functions may open ${clients} connections, and it takes ${limit}; allowed: a proxy, more ACU, or less reserved concurrency`,
      share > 100 && `its proxies may take ${share}% of its connections; allowed: 100% in all (MaxConnectionsPercent)`,
    ]);
  },
};
