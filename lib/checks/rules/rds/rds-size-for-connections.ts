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

/** Connection limits follow instance size; a tiny dev instance takes production down. */
export const rdsSizeForConnections: Rule = {
  id: 'rds-size-for-connections',
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
