import { numberOf, type TemplateResource } from '../../../template/template-resource';
import { subnetsIn, zonesOf } from '../../network';
import { compliant, mustHold, notApplicable, type Rule, verdict } from '../../rule';

/** Nodes of each shard. */
function nodesOf(group: TemplateResource): number {
  const [shard] = group.maps<{ readonly ReplicaCount?: unknown }>('NodeGroupConfiguration');
  const replicas = group.number('ReplicasPerNodeGroup') ?? numberOf(shard?.ReplicaCount, 'ReplicaCount');
  return replicas === undefined ? (group.number('NumCacheClusters') ?? 1) : replicas + 1;
}

/** Failover only exists if replicas and automatic failover are on. A serverless cache has both by itself, in the zones of its subnets. */
export const cacheMultiAz: Rule = {
  id: 'cache-multi-az',
  title: 'A cache fails over by itself to a replica in another zone',
  why: 'A cache of one node is gone with its node: all reads go to the database until a new one is up and filled. With a replica and automatic failover, writes go on after 15 to 30 seconds.',
  fix: 'Set AutomaticFailoverEnabled and MultiAZEnabled to true with NumCacheClusters 2 or ReplicasPerNodeGroup 1, or use a ServerlessCache with subnets in two zones.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html',
  example: {
    fixed: {
      Sessions: {
        Type: 'AWS::ElastiCache::ReplicationGroup',
        Properties: {
          ReplicationGroupDescription: 'sessions',
          AutomaticFailoverEnabled: true,
          MultiAZEnabled: true,
          NumCacheClusters: 2,
        },
      },
      Pages: {
        Type: 'AWS::ElastiCache::ServerlessCache',
        Properties: {
          ServerlessCacheName: 'pages',
          Engine: 'valkey',
          SubnetIds: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }],
        },
      },
      SubnetA: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1a' } },
      SubnetB: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1b' } },
    },
    broken: [
      { 'Sessions.Properties.AutomaticFailoverEnabled': null },
      { 'Sessions.Properties.MultiAZEnabled': false },
      { 'Sessions.Properties.NumCacheClusters': 1 },
      { 'Sessions.Properties.NumCacheClusters': null },
      { 'SubnetB.Properties.AvailabilityZone': 'eu-west-1a' },
      {
        Sessions: {
          Type: 'AWS::ElastiCache::CacheCluster',
          Properties: { Engine: 'redis', CacheNodeType: 'cache.t4g.small', NumCacheNodes: 1 },
        },
      },
    ],
  },
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
