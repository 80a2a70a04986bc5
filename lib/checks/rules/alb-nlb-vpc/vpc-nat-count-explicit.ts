import { hasWayOut, natGatewaysOf, subnetsOf, zonesOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

export const vpcNatCountExplicit: Rule = {
  id: 'vpc-nat-count-explicit',
  title: 'A VPC has a NAT gateway in each zone that sends through one, or a regional one',
  why: 'A NAT gateway lives in one zone. When that zone fails, all private subnets that send through it lose their way out.',
  fix: 'Add a NAT gateway to each zone and lead the route table of the zone to it (natGateways in the CDK), use AvailabilityMode regional, or do without one.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
  example: {
    fixed: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      PublicA: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: 'eu-west-1a' },
      },
      PublicB: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: 'eu-west-1b' },
      },
      NatA: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'PublicA' } } },
      NatB: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'PublicB' } } },
      PrivateA: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: 'eu-west-1a' },
      },
      PrivateB: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: 'eu-west-1b' },
      },
      TableA: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      TableB: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      AssociationA: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'PrivateA' }, RouteTableId: { Ref: 'TableA' } },
      },
      AssociationB: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'PrivateB' }, RouteTableId: { Ref: 'TableB' } },
      },
      OutA: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: 'TableA' },
          DestinationCidrBlock: '0.0.0.0/0',
          NatGatewayId: { Ref: 'NatA' },
        },
      },
      OutB: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: 'TableB' },
          DestinationCidrBlock: '0.0.0.0/0',
          NatGatewayId: { Ref: 'NatB' },
        },
      },
    },
    broken: [{ NatB: null, 'OutB.Properties.NatGatewayId': { Ref: 'NatA' } }],
  },
  types: ['AWS::EC2::VPC'],
  check: (vpc, inventory) => {
    const gateways = natGatewaysOf(vpc, inventory);
    // In development one for all zones is what costs least.
    if (gateways.length === 0 || !inventory.strict) return notApplicable;
    const regional = gateways.some((nat) => nat.literal('AvailabilityMode') === 'regional');
    const zones = zonesOf(subnetsOf(vpc, inventory).filter((subnet) => hasWayOut(subnet, inventory)));
    return verdict([
      !regional &&
        gateways.length < zones &&
        `${gateways.length} NAT gateway for ${zones} zones: all lose their way out with one; allowed: one in each, a regional one, or none`,
    ]);
  },
};
