import { cacheVpcReachability } from '../../../../../lib/checks/rules/elasticache-memorydb-documentdb/cache-vpc-reachability';
import { att, cases, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';

const CACHE = 'AWS::ElastiCache::ServerlessCache';
const FN = 'AWS::Lambda::Function';
const GROUP = 'AWS::EC2::SecurityGroup';
const SERVICE = 'AWS::ECS::Service';
const subnet = (vpc: string): Literal => ['AWS::EC2::Subnet', { VpcId: ref(vpc) }];
const place = { SubnetIds: [ref('Subnet')], SecurityGroupIds: [att('Mine', 'GroupId')] };
const around: Literals = {
  Cache: [CACHE, { SubnetIds: [ref('Subnet')], SecurityGroupIds: [att('Theirs', 'GroupId')] }],
  Subnet: subnet('Vpc'),
  Elsewhere: subnet('Other'),
  Vpc: ['AWS::EC2::VPC'],
  Other: ['AWS::EC2::VPC'],
  Mine: [GROUP],
  Theirs: [GROUP],
  In: [
    'AWS::EC2::SecurityGroupIngress',
    { GroupId: att('Theirs', 'GroupId'), SourceSecurityGroupId: att('Mine', 'GroupId') },
  ],
};
const address = att('Cache', 'Endpoint.Address');
const fn: Literals = { Fn: [FN, { Environment: { Variables: { CACHE: address } }, VpcConfig: place }], ...around };
const shut = 'none of its security groups is let in by Cache';

cases(cacheVpcReachability, fn, [
  ['compliant', 'its security group is let in'],
  ['violation', 'it is in no VPC', { 'Fn.VpcConfig': undefined }, 'it is in no VPC, and cannot reach Cache'],
  ['violation', 'it names no subnet', { 'Fn.VpcConfig.SubnetIds': [] }, 'it is in no VPC'],
  ['violation', 'it is in another VPC', { 'Fn.VpcConfig.SubnetIds': [ref('Elsewhere')] }, 'in another VPC than Cache'],
  ['violation', 'nobody is let in', { In: undefined }, shut],
  ['violation', 'another is let in', { 'In.SourceSecurityGroupId': att('Theirs', 'GroupId') }, shut],
  ['violation', 'it is let in elsewhere', { 'In.GroupId': att('Mine', 'GroupId') }, shut],
  ['violation', 'it wears no group', { 'Fn.VpcConfig.SecurityGroupIds': [] }, shut],
  ['cannot-tell', 'its group is elsewhere', { 'Fn.VpcConfig.SecurityGroupIds': ['sg-1'] }],
  ['cannot-tell', 'its subnet is elsewhere', { 'Fn.VpcConfig.SubnetIds': ['subnet-1'] }],
  ['cannot-tell', 'the cache names no subnet', { 'Cache.SubnetIds': [] }],
  ['not-applicable', 'it holds no address', { 'Fn.Environment': undefined }],
  ['not-applicable', 'it holds that of a database', { Cache: ['AWS::RDS::DBCluster', {}] }],
  ['not-applicable', 'it is another store', { Cache: ['AWS::MemoryDB::Cluster', {}] }],
  ['compliant', 'a variable names it twice', { 'Fn.Environment.Variables': { A: address, B: address } }],
  [
    'compliant',
    'the cache has a subnet group',
    {
      Cache: [
        'AWS::ElastiCache::ReplicationGroup',
        { CacheSubnetGroupName: ref('Subnets'), SecurityGroupIds: [ref('Theirs')] },
      ],
      Subnets: ['AWS::ElastiCache::SubnetGroup', { SubnetIds: [ref('Subnet')] }],
    },
  ],
]);

const task: Literals = {
  Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Environment: [{ Name: 'CACHE', Value: address }] }] }],
  Service: [
    SERVICE,
    {
      TaskDefinition: ref('Task'),
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ref('Subnet')], SecurityGroups: [ref('Mine')] } },
    },
  ],
  ...around,
};
cases(cacheVpcReachability, task, [
  ['compliant', 'its service is let in'],
  ['violation', 'its service is not', { In: undefined }, shut],
  [
    'violation',
    'its service is in another VPC',
    { 'Service.NetworkConfiguration.AwsvpcConfiguration.Subnets': [ref('Elsewhere')] },
    'another VPC',
  ],
  [
    'violation',
    'its service names no subnet',
    { 'Service.NetworkConfiguration.AwsvpcConfiguration.Subnets': [] },
    'another VPC',
  ],
  ['cannot-tell', 'nobody runs it', { Service: undefined }],
  ['cannot-tell', 'it is where its machine is', { 'Service.NetworkConfiguration': undefined }],
]);

cases(cacheVpcReachability, around, [
  ['compliant', 'it names its clients'],
  ['violation', 'it wears no group', { 'Cache.SecurityGroupIds': [] }, "it wears the VPC's default security group"],
  ['violation', 'a range is let in', { 'In.CidrIp': '10.0.0.0/16' }, 'its security group lets 10.0.0.0/16 in'],
  ['violation', 'a prefix list is', { 'In.SourcePrefixListId': 'pl-1' }, 'its security group lets a prefix list in'],
  ['cannot-tell', 'a parameter is', { 'In.CidrIp': PARAMETER }],
]);
