import { cacheMultiAz } from '../../../../../lib/checks/rules/elasticache-memorydb-documentdb/cache-multi-az';
import { bounds, cases, changed, type Literals, mustBe, ref } from '../../literal-fixture';

const GROUP = 'AWS::ElastiCache::ReplicationGroup';
const group: Literals = {
  Group: [GROUP, { AutomaticFailoverEnabled: true, MultiAZEnabled: true, NumCacheClusters: 2 }],
};
const says = 'node for each shard; allowed: at least 2';

bounds(cacheMultiAz, group, 'Group.NumCacheClusters', { min: 2, unset: 'violation', says });
bounds(cacheMultiAz, group, 'Group.ReplicasPerNodeGroup', { min: 1, unset: 'compliant', says, named: false });
const sharded = changed(group, { 'Group.NodeGroupConfiguration': [{ ReplicaCount: 1 }] });
bounds(cacheMultiAz, sharded, 'Group.NodeGroupConfiguration.0.ReplicaCount', {
  min: 1,
  unset: 'compliant',
  says,
  named: false,
});
mustBe(
  cacheMultiAz,
  group,
  'Group.AutomaticFailoverEnabled',
  true,
  'AutomaticFailoverEnabled is not true',
  'violation',
);
mustBe(cacheMultiAz, group, 'Group.MultiAZEnabled', true, 'MultiAZEnabled is not true', 'violation');
cases(cacheMultiAz, group, [
  ['violation', 'there is no replica', { 'Group.ReplicasPerNodeGroup': 0 }, '1 node for each shard'],
  ['not-applicable', 'in development', { 'Group.MultiAZEnabled': false }, { strict: false }],
  ['not-applicable', 'a global datastore decides', { Group: [GROUP, { GlobalReplicationGroupId: 'global' }] }],
]);

const subnet = (AvailabilityZone: string) => ['AWS::EC2::Subnet', { AvailabilityZone }] as const;
const serverless: Literals = {
  Cache: ['AWS::ElastiCache::ServerlessCache', { SubnetIds: [ref('A'), ref('B')] }],
  A: subnet('a'),
  B: subnet('b'),
};
cases(cacheMultiAz, serverless, [
  ['compliant', 'its subnets lie in two zones'],
  ['violation', 'they lie in one', { 'B.AvailabilityZone': 'a' }, 'its subnets are in 1 zone; allowed: at least 2'],
  ['compliant', 'it has those of the default VPC', { 'Cache.SubnetIds': undefined }],
  ['cannot-tell', 'its subnets are elsewhere', { 'Cache.SubnetIds': ['subnet-1'] }],
]);
cases(cacheMultiAz, { Cache: ['AWS::ElastiCache::CacheCluster', { Engine: 'redis' }] }, [
  ['violation', 'it is one node', {}, 'a cache cluster of its own is one node'],
  ['not-applicable', 'it is Memcached', { 'Cache.Engine': 'memcached' }],
]);
