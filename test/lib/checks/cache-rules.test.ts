import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { network } from './network-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';

const VPC = 'AWS::EC2::VPC';
const SUBNET = 'AWS::EC2::Subnet';
const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const SERVICE = 'AWS::ECS::Service';
const CACHE = 'AWS::ElastiCache::ServerlessCache';
const FUNCTION = 'AWS::Lambda::Function';
const AWSVPC = 'NetworkConfiguration.AwsvpcConfiguration';

const CONTAINER = 'AWS::ECS::TaskDefinition';
const letIn = (containing: string, rule: object) => (t: MutableTemplate) => {
  t.properties(GROUP, containing)['SecurityGroupIngress'] = [rule];
};

const replication = resources({
  Cache: [
    'AWS::ElastiCache::ReplicationGroup',
    { AutomaticFailoverEnabled: true, MultiAZEnabled: true, NumNodeGroups: 2, ReplicasPerNodeGroup: 1 },
  ],
  Alone: ['AWS::ElastiCache::CacheCluster', { Engine: 'redis', NumCacheNodes: 1 }],
});
const REPLICATION = 'AWS::ElastiCache::ReplicationGroup';

table('cache-multi-az', REPLICATION, replication, [
  { verdict: 'compliant', when: 'each shard has a replica that takes over' },
  {
    verdict: 'violation',
    when: 'nothing takes over',
    change: (t) => t.set(REPLICATION, 'AutomaticFailoverEnabled', false),
  },
  { verdict: 'violation', when: 'all may be in one zone', change: (t) => t.drop(REPLICATION, 'MultiAZEnabled') },
  {
    verdict: 'violation',
    when: 'there is no replica',
    change: (t) => t.set(REPLICATION, 'ReplicasPerNodeGroup', 0),
    says: /1 node/,
  },
  {
    verdict: 'not-applicable',
    when: 'development has one node',
    change: (t) => t.drop(REPLICATION, 'MultiAZEnabled'),
    strict: false,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says it',
    change: (t) => t.set(REPLICATION, 'MultiAZEnabled', PARAMETER),
  },
]);

table('cache-multi-az', 'AWS::ElastiCache::CacheCluster', replication, [
  { verdict: 'violation', when: 'it is alone', says: /one node/ },
  {
    verdict: 'not-applicable',
    when: 'it is memcached',
    change: (t) => t.set('AWS::ElastiCache::CacheCluster', 'Engine', 'memcached'),
  },
]);

table('cache-multi-az', CACHE, network, [
  { verdict: 'compliant', when: 'it is serverless, over three zones' },
  {
    verdict: 'violation',
    when: 'it is in one',
    change: (t) => (t.properties(CACHE)['SubnetIds'] as unknown[]).splice(1),
    says: /1 zone/,
  },
  { verdict: 'compliant', when: 'it takes the default VPC', change: (t) => t.drop(CACHE, 'SubnetIds') },
]);

const api = { subject: 'Api' };
table('cache-vpc-reachability', FUNCTION, network, [
  { verdict: 'compliant', when: 'it is in the VPC, and let in', ...api },
  {
    verdict: 'violation',
    when: 'it is in none',
    change: (t) => t.drop(FUNCTION, 'VpcConfig', 'Api'),
    ...api,
    says: /in no VPC/,
  },
  {
    verdict: 'violation',
    when: 'it is in another',
    change: (t) => {
      t.add('Other', VPC, {});
      t.add('There', SUBNET, { VpcId: { Ref: 'Other' } });
      t.set(FUNCTION, 'VpcConfig.SubnetIds', [{ Ref: 'There' }], 'Api');
    },
    ...api,
    says: /another VPC/,
  },
  {
    verdict: 'violation',
    when: 'it is not let in',
    change: (t) => t.remove(INGRESS, 'Cached'),
    ...api,
    says: /let in/,
  },
  {
    verdict: 'not-applicable',
    when: 'it holds no address',
    change: (t) => t.drop(FUNCTION, 'Environment', 'Api'),
    ...api,
  },
  {
    verdict: 'cannot-tell',
    when: 'its subnets come from elsewhere',
    change: (t) => t.set(FUNCTION, 'VpcConfig.SubnetIds', ['subnet-1'], 'Api'),
    ...api,
  },
]);

table('cache-vpc-reachability', CONTAINER, network, [
  { verdict: 'compliant', when: 'its service is in the VPC, and let in' },
  {
    verdict: 'violation',
    when: 'its service is not let in',
    change: (t) => t.set(SERVICE, `${AWSVPC}.SecurityGroups`, []),
  },
  { verdict: 'cannot-tell', when: 'nobody says where it runs', change: (t) => t.remove(SERVICE) },
]);

table('cache-vpc-reachability', CACHE, network, [
  { verdict: 'compliant', when: 'it lets its clients in' },
  {
    verdict: 'violation',
    when: 'it lets a range in',
    change: letIn('Cached', { CidrIp: '10.0.0.0/8' }),
    says: /10\.0\.0\.0/,
  },
  { verdict: 'violation', when: 'it lets a prefix list in', change: letIn('Cached', { SourcePrefixListId: 'pl-1' }) },
  {
    verdict: 'violation',
    when: 'it wears the default group',
    change: (t) => t.drop(CACHE, 'SecurityGroupIds'),
    says: /default/,
  },
]);
