import { subnetsIn, zonesOf } from '../network';
import { compliant, mustHold, notApplicable, type Rule, verdict } from '../rule';
import { numberOf, type TemplateResource } from '../template-resource';

/** Nodes of each shard. */
function nodesOf(group: TemplateResource): number {
  const [shard] = group.list('NodeGroupConfiguration') as { readonly ReplicaCount?: unknown }[];
  const replicas = group.number('ReplicasPerNodeGroup') ?? numberOf(shard?.ReplicaCount, 'ReplicaCount');
  return replicas === undefined ? (group.number('NumCacheClusters') ?? 1) : replicas + 1;
}

/** Failover only exists if replicas and automatic failover are on. A serverless cache has both by itself, in the zones of its subnets. */
export const cacheMultiAz: Rule = {
  id: 'cache-multi-az',
  types: ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::ElastiCache::CacheCluster'],
  check: (cache, inventory) => {
    // Development does without a second node, which costs as much as the first.
    if (!inventory.strict) return notApplicable;
    if (cache.type === 'AWS::ElastiCache::ServerlessCache') {
      // Without subnets it takes those of the default VPC.
      if (!cache.has('SubnetIds')) return compliant;
      const zones = zonesOf(subnetsIn(cache, cache.list('SubnetIds'), inventory));
      return mustHold(zones >= 2, `its subnets are in ${zones} zone; allowed: at least 2`);
    }
    if (cache.type === 'AWS::ElastiCache::CacheCluster') {
      if (cache.literal('Engine') === 'memcached') return notApplicable;
      return verdict(['a cache cluster of its own is one node; allowed: a ReplicationGroup or a ServerlessCache']);
    }
    // A secondary of a global datastore takes its settings from there.
    if (cache.has('GlobalReplicationGroupId')) return notApplicable;
    const nodes = nodesOf(cache);
    return verdict([
      cache.flag('AutomaticFailoverEnabled') !== true && 'AutomaticFailoverEnabled is not true',
      cache.flag('MultiAZEnabled') !== true && 'MultiAZEnabled is not true',
      nodes < 2 && `${nodes} node for each shard; allowed: at least 2`,
    ]);
  },
};
