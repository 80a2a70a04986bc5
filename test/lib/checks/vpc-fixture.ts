import { type Literal, type Literals, ref } from './literal-fixture';

const subnet = (AvailabilityZone: string): Literal => ['AWS::EC2::Subnet', { VpcId: ref('Vpc'), AvailabilityZone }];
const table: Literal = ['AWS::EC2::RouteTable', { VpcId: ref('Vpc') }];
const joined = (Subnet: string, Table: string): Literal => [
  'AWS::EC2::SubnetRouteTableAssociation',
  { SubnetId: ref(Subnet), RouteTableId: ref(Table) },
];
const route = (Table: string, target: object): Literal => [
  'AWS::EC2::Route',
  { RouteTableId: ref(Table), DestinationCidrBlock: '0.0.0.0/0', ...target },
];

/** Two zones, each with a public subnet and with a private one that has a NAT gateway. */
export const vpc: Literals = {
  Vpc: ['AWS::EC2::VPC', {}],
  Gateway: ['AWS::EC2::InternetGateway', {}],
  PublicA: subnet('a'),
  PublicB: subnet('b'),
  PrivateA: subnet('a'),
  PrivateB: subnet('b'),
  Public: table,
  TableA: table,
  TableB: table,
  JoinPublicA: joined('PublicA', 'Public'),
  JoinPublicB: joined('PublicB', 'Public'),
  JoinA: joined('PrivateA', 'TableA'),
  JoinB: joined('PrivateB', 'TableB'),
  Internet: route('Public', { GatewayId: ref('Gateway') }),
  OutA: route('TableA', { NatGatewayId: ref('NatA') }),
  OutB: route('TableB', { NatGatewayId: ref('NatB') }),
  NatA: ['AWS::EC2::NatGateway', { SubnetId: ref('PublicA') }],
  NatB: ['AWS::EC2::NatGateway', { SubnetId: ref('PublicB') }],
};
