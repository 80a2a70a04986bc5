import { vpcSecurityGroupScope } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-security-group-scope';
import { att, type Case, cases, changed, type Literals, PARAMETER, ref } from '../../literal-fixture';

const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const allows = (range: object, FromPort: unknown = 443, ToPort: unknown = FromPort): Literals => ({
  Group: [GROUP, { SecurityGroupIngress: [{ FromPort, ToPort, ...range }] }],
});
const front = {
  Balancer: [BALANCER, { Scheme: 'internet-facing', SecurityGroups: [att('Group', 'GroupId')] }] as const,
};
const world = { CidrIp: '0.0.0.0/0' };
const wide = (range: string, ports: string) =>
  `it lets ${range} in, on ${ports}; allowed: a peer by SourceSecurityGroupId, or the world on 443 of a public load balancer`;

cases(vpcSecurityGroupScope, allows({ SourceSecurityGroupId: 'sg-1' }), [
  ['compliant', 'a peer gets in'],
  ['compliant', 'nobody does', { Group: [GROUP, {}] }],
  ['violation', 'the world does', allows(world), wide('0.0.0.0/0', '443 to 443')],
  ['violation', 'the world does by IPv6', allows({ CidrIpv6: '::/0' }), wide('::/0', '443 to 443')],
  [
    'violation',
    'the world gets everywhere',
    changed(allows(world), { 'Group.SecurityGroupIngress.0.FromPort': undefined }),
    wide('0.0.0.0/0', 'every port'),
  ],
  ['compliant', 'a range does', allows({ CidrIp: '10.0.0.0/8' })],
  ['compliant', 'the world gets to the front door', { ...allows(world), ...front }],
  ['violation', 'it gets to a port below', { ...allows(world, 442, 443), ...front }, wide('0.0.0.0/0', '442 to 443')],
  ['violation', 'it gets to a port above', { ...allows(world, 443, 444), ...front }, wide('0.0.0.0/0', '443 to 444')],
  ['compliant', 'ports are texts', { ...allows(world, '443'), ...front }],
  [
    'violation',
    'the balancer is internal',
    { ...allows(world), ...front, 'Balancer.Scheme': 'internal' },
    wide('0.0.0.0/0', '443 to 443'),
  ],
  [
    'violation',
    'a database wears it, too',
    { ...allows(world), ...front, Data: ['AWS::RDS::DBInstance', { VPCSecurityGroups: [ref('Group')] }] },
    wide('0.0.0.0/0', '443 to 443'),
  ],
  ...(
    [
      ['AWS::RDS::DBCluster', 'VpcSecurityGroupIds'],
      ['AWS::RDS::DBInstance', 'VPCSecurityGroups'],
      ['AWS::RDS::DBProxy', 'VpcSecurityGroupIds'],
      ['AWS::ElastiCache::ServerlessCache', 'SecurityGroupIds'],
      ['AWS::ElastiCache::ReplicationGroup', 'SecurityGroupIds'],
      ['AWS::ElastiCache::CacheCluster', 'VpcSecurityGroupIds'],
    ] as const
  ).map(
    ([type, property]): Case => [
      'violation',
      `a range gets to a ${type}`,
      { ...allows({ CidrIp: '10.0.0.0/8' }), Data: [type, { [property]: [ref('Group')] }] },
      'it lets 10.0.0.0/8 reach Data; allowed: a peer by SourceSecurityGroupId',
    ],
  ),
  [
    'compliant',
    'a peer gets to a database',
    { Data: ['AWS::RDS::DBCluster', { VpcSecurityGroupIds: [ref('Group')] }] },
  ],
  [
    'violation',
    'a rule beside lets the world in',
    { Beside: [INGRESS, { GroupId: att('Group', 'GroupId'), ...world }] },
    wide('0.0.0.0/0', 'every port'),
  ],
  [
    'compliant',
    'the range is that of the VPC',
    { ...allows({ CidrIp: att('Vpc', 'CidrBlock') }), Vpc: ['AWS::EC2::VPC', {}] },
  ],
  ['cannot-tell', 'the range is a parameter', allows({ CidrIp: PARAMETER })],
]);
cases(vpcSecurityGroupScope, { Beside: [INGRESS, { GroupId: 'sg-1', ...world }], Group: [GROUP, {}] }, [
  [
    'violation',
    'it lets the world into a group of elsewhere',
    {},
    'it lets 0.0.0.0/0 in; allowed: a peer by SourceSecurityGroupId',
  ],
  ['compliant', 'it lets a range in', { 'Beside.CidrIp': '10.0.0.0/8' }],
  ['compliant', 'it lets a peer in', { 'Beside.CidrIp': undefined, 'Beside.SourceSecurityGroupId': 'sg-2' }],
  ['not-applicable', 'it is judged with its group', { 'Beside.GroupId': ref('Group') }],
  ['cannot-tell', 'the range is a parameter', { 'Beside.CidrIp': PARAMETER }],
]);
