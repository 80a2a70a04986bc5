import { expect, it } from 'vitest';
import { DATA_TYPES, groupsOf, ingressOf, isWorld, rangeOf, wearersOf } from '../../../lib/checks/security-groups';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, inventoryOf, type Literals, PARAMETER, ref, resourceIn } from './literal-fixture';

const WORN = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'SecurityGroups',
  'AWS::RDS::DBCluster': 'VpcSecurityGroupIds',
  'AWS::RDS::DBInstance': 'VPCSecurityGroups',
  'AWS::RDS::DBProxy': 'VpcSecurityGroupIds',
  'AWS::ElastiCache::ServerlessCache': 'SecurityGroupIds',
  'AWS::ElastiCache::ReplicationGroup': 'SecurityGroupIds',
  'AWS::ElastiCache::CacheCluster': 'VpcSecurityGroupIds',
};
const base: Literals = {
  Group: [
    'AWS::EC2::SecurityGroup',
    { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/8' }, { CidrIpv6: '::/0' }, { SourceSecurityGroupId: 'sg-1' }] },
  ],
  Other: ['AWS::EC2::SecurityGroup', {}],
  Beside: ['AWS::EC2::SecurityGroupIngress', { GroupId: att('Group', 'GroupId'), CidrIp: att('Vpc', 'CidrBlock') }],
  Elsewhere: ['AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', CidrIp: PARAMETER }],
  Vpc: ['AWS::EC2::VPC', {}],
};
const inventory = inventoryOf(base);
const group = resourceIn(inventory, 'Group');

it('knows who gets in, by a list or by a rule beside it', () => {
  const ingress = ingressOf(group, inventory);
  expect(ingress.map(({ holder }) => holder.logicalId)).toEqual(['Group', 'Group', 'Group', 'Beside']);
  expect(ingress.map((each) => rangeOf(each, inventory))).toEqual([
    '10.0.0.0/8',
    '::/0',
    undefined,
    'the range of Vpc',
  ]);
  expect(ingressOf(resourceIn(inventory, 'Other'), inventory)).toEqual([]);
  const elsewhere = { holder: resourceIn(inventory, 'Elsewhere'), rule: { CidrIp: PARAMETER } };
  expect(() => rangeOf(elsewhere, inventory)).toThrow(
    new CannotTell('the range that a security group lets in is known only at deployment'),
  );
});

it.each(Object.entries(WORN))('%s wears groups by %s', (type, property) => {
  const worn = inventoryOf({
    ...base,
    It: [type, { [property]: [att('Other', 'GroupId'), ref('Group')] }],
    Bare: [type, {}],
    Away: [type, { [property]: ['sg-1'] }],
  });
  const of = (id: string) => resourceIn(worn, id);
  expect(groupsOf(of('It'), worn)).toEqual([of('Other'), of('Group')]);
  expect(groupsOf(of('Bare'), worn)).toEqual([]);
  expect(() => groupsOf(of('Away'), worn)).toThrow(new CannotTell('a security group is not in these templates'));
  expect(wearersOf(of('Group'), worn)).toEqual([of('It')]);
});

it('tells data from load balancers, and the world from a range', () => {
  expect(DATA_TYPES).toEqual(Object.keys(WORN).slice(1));
  expect(['0.0.0.0/0', '::/0', '10.0.0.0/8', undefined].map(isWorld)).toEqual([true, true, false, false]);
});
