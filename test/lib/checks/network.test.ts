import { describe, expect, it } from 'vitest';
import {
  endpointsOf,
  hasWayOut,
  isPublicSubnet,
  natGatewaysOf,
  routeTableOf,
  subnetsIn,
  subnetsOf,
  vpcOf,
  zonesOf,
} from '../../../lib/checks/network';
import { CannotTell } from '../../../lib/template/template-resource';
import { type Change, changed, inventoryOf, join, PARAMETER, ref, resourceIn } from './literal-fixture';
import { vpc } from './vpc-fixture';

const read = (change: Change = {}) => {
  const inventory = inventoryOf(changed(vpc, change));
  return { inventory, of: (id: string) => resourceIn(inventory, id) };
};
const ids = (found: readonly { readonly logicalId: string }[]) => found.map(({ logicalId }) => logicalId);

describe('a subnet', () => {
  it('is found by a list, by its VPC and in its zone', () => {
    const { inventory, of } = read({ Far: ['AWS::EC2::Subnet', { VpcId: 'theirs' }] });
    const all = ['PublicA', 'PublicB', 'PrivateA', 'PrivateB'];
    expect(ids(subnetsOf(of('Vpc'), inventory))).toEqual(all);
    expect(subnetsIn(of('Vpc'), [ref('PublicA'), ref('Far')], inventory)).toEqual([of('PublicA'), of('Far')]);
    expect(() => subnetsIn(of('Vpc'), ['subnet-1'], inventory)).toThrow(
      new CannotTell('a subnet is not in these templates'),
    );
    expect(() => subnetsIn(of('Vpc'), [ref('Vpc')], inventory)).toThrow(
      new CannotTell('a subnet comes from elsewhere'),
    );
    expect(vpcOf(of('PublicA'), inventory)).toBe(of('Vpc'));
    expect(() => vpcOf(of('Far'), inventory)).toThrow(new CannotTell('the VPC is not in these templates'));
    expect(zonesOf(all.map(of))).toBe(2);
  });

  it('counts a zone by its id, and by its position, once', () => {
    const select = { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] };
    const zones = (one: object, other: object) => {
      const { of } = read({ PublicA: ['AWS::EC2::Subnet', one], PublicB: ['AWS::EC2::Subnet', other] });
      return zonesOf([of('PublicA'), of('PublicB')]);
    };
    expect(zones({ AvailabilityZoneId: 'a' }, { AvailabilityZoneId: 'b' })).toBe(2);
    expect(zones({ AvailabilityZone: select }, { AvailabilityZone: select })).toBe(1);
    expect(zonesOf([])).toBe(0);
  });

  it('has a route table, or the main one', () => {
    const { inventory, of } = read({ JoinB: undefined, 'JoinPublicB.RouteTableId': 'theirs' });
    expect(routeTableOf(of('PrivateA'), inventory)).toBe(of('TableA'));
    expect(routeTableOf(of('PrivateB'), inventory)).toBeUndefined();
    expect(() => routeTableOf(of('PublicB'), inventory)).toThrow(
      new CannotTell('the route table is not in these templates'),
    );
  });

  const isPublic = (id: string, change: Change = {}) => {
    const { inventory, of } = read(change);
    return isPublicSubnet(of(id), inventory);
  };
  it.each<[string, boolean, string, Change?]>([
    ['has a gateway', true, 'PublicA'],
    ['has a NAT gateway', false, 'PrivateA'],
    ['has no route', false, 'PrivateA', { OutA: undefined }],
    ['has the main route table', false, 'PublicA', { JoinPublicA: undefined }],
    ['has a gateway of elsewhere', true, 'PublicA', { 'Internet.GatewayId': 'igw-1' }],
    ['has a virtual private gateway', false, 'PublicA', { 'Internet.GatewayId': 'vgw-1' }],
    ['has one of the template', false, 'PublicA', { Gateway: ['AWS::EC2::VPNGateway', {}] }],
    ['has a route of another table', false, 'PublicA', { 'Internet.RouteTableId': ref('TableA') }],
  ])('that %s is public: %s', (_, open, id, change) => {
    expect(isPublic(id, change)).toBe(open);
  });
  it('cannot be told of a gateway that is a parameter', () => {
    expect(() => isPublic('PublicA', { 'Internet.GatewayId': PARAMETER })).toThrow(
      new CannotTell('the gateway of a route is not in these templates'),
    );
  });

  const out = (target: object) => {
    const { inventory, of } = read({ OutA: ['AWS::EC2::Route', { RouteTableId: ref('TableA'), ...target }] });
    return hasWayOut(of('PrivateA'), inventory);
  };
  const all = { DestinationCidrBlock: '0.0.0.0/0' };
  it.each(['NatGatewayId', 'TransitGatewayId', 'InstanceId', 'NetworkInterfaceId', 'VpcPeeringConnectionId'])(
    'gets out by %s',
    (target) => {
      expect([out({ ...all, [target]: 'a' }), out({ DestinationIpv6CidrBlock: '::/0', [target]: 'a' })]).toEqual([
        true,
        true,
      ]);
      expect([out({ DestinationCidrBlock: '10.0.0.0/8', [target]: 'a' }), out({ [target]: 'a' })]).toEqual([
        false,
        false,
      ]);
    },
  );
  it('does not by an internet gateway, without an address of its own', () => {
    expect(out({ ...all, GatewayId: 'igw-1' })).toBe(false);
  });
});

it('has NAT gateways in its subnets, or regional ones', () => {
  const nats = (change: Change = {}) => {
    const { inventory, of } = read(change);
    return ids(natGatewaysOf(of('Vpc'), inventory));
  };
  expect(nats()).toEqual(['NatA', 'NatB']);
  expect(
    nats({
      NatA: ['AWS::EC2::NatGateway', { VpcId: ref('Vpc') }],
      NatB: ['AWS::EC2::NatGateway', { VpcId: 'theirs' }],
    }),
  ).toEqual(['NatA']);
  expect(nats({ 'NatB.SubnetId': 'subnet-1' })).toEqual(['NatA']);
  expect(nats({ 'PublicB.VpcId': 'theirs' })).toEqual(['NatA']);
});

it('has endpoints, by the names of their services', () => {
  const endpoint = (ServiceName: unknown, more: object = {}) =>
    ['AWS::EC2::VPCEndpoint', { VpcId: ref('Vpc'), ServiceName, ...more }] as const;
  const { inventory, of } = read({
    S3: endpoint('com.amazonaws.eu-west-1.s3'),
    Ecr: endpoint(join('com.amazonaws.', PARAMETER, '.ecr.api'), { VpcEndpointType: 'Interface' }),
    China: endpoint('cn.com.amazonaws.cn-north-1.ecr.dkr'),
    Other: endpoint('com.example.service'),
    Away: endpoint('com.amazonaws.eu-west-1.sqs', { VpcId: 'theirs' }),
  });
  expect(endpointsOf(of('Vpc'), inventory).map(({ service, kind }) => [service, kind])).toEqual([
    ['s3', 'Gateway'],
    ['ecr.api', 'Interface'],
    ['ecr.dkr', 'Gateway'],
    ['', 'Gateway'],
  ]);
});
