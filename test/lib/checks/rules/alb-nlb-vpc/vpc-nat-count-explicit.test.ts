import { vpcNatCountExplicit } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-nat-count-explicit';
import { cases, PARAMETER, ref } from '../../literal-fixture';
import { vpc } from '../../vpc-fixture';

const says =
  '1 NAT gateway for 2 zones: all lose their way out with one; allowed: one in each, a regional one, or none';
const one = { NatB: undefined };

cases(vpcNatCountExplicit, vpc, [
  ['compliant', 'each zone has one'],
  ['violation', 'two zones share one', one, says],
  ['not-applicable', 'in development', one, { strict: false }],
  ['compliant', 'one zone alone has a way out', { ...one, OutB: undefined }],
  [
    'compliant',
    'it is regional',
    { ...one, NatA: ['AWS::EC2::NatGateway', { VpcId: ref('Vpc'), AvailabilityMode: 'regional' }] },
  ],
  ['violation', 'it is of a zone', { ...one, 'NatA.AvailabilityMode': 'zonal' }, says],
  [
    'compliant',
    'one of two is regional',
    {
      C: ['AWS::EC2::Subnet', { VpcId: ref('Vpc'), AvailabilityZone: 'c' }],
      JoinC: ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('C'), RouteTableId: ref('TableA') }],
      'NatA.AvailabilityMode': 'regional',
    },
  ],
  [
    'violation',
    'two are not enough for three',
    {
      C: ['AWS::EC2::Subnet', { VpcId: ref('Vpc'), AvailabilityZone: 'c' }],
      JoinC: ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('C'), RouteTableId: ref('TableA') }],
    },
    '2 NAT gateway for 3 zones',
  ],
  ['violation', 'the other is of another VPC', { 'NatB.SubnetId': 'other' }, says],
  ['not-applicable', 'there is none', { ...one, NatA: undefined }],
  ['cannot-tell', 'a parameter says it', { ...one, 'NatA.AvailabilityMode': PARAMETER }],
]);
