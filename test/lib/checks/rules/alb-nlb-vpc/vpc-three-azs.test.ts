import { vpcThreeAzs } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-three-azs';
import { cases, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';

const subnet = (AvailabilityZone: string, tier?: unknown): Literal => [
  'AWS::EC2::Subnet',
  {
    VpcId: ref('Vpc'),
    AvailabilityZone,
    Tags: [{ Key: 'Name', Value: 'x' }, ...(tier === undefined ? [] : [{ Key: 'aws-cdk:subnet-name', Value: tier }])],
  },
];
const vpc: Literals = {
  Vpc: ['AWS::EC2::VPC', {}],
  A: subnet('a', 'app'),
  B: subnet('b', 'app'),
  C: subnet('c', 'app'),
};
const says = (tier: string, zones: number) => `its ${tier} subnets span ${zones} zones; allowed: at least 3`;

cases(vpcThreeAzs, vpc, [
  ['compliant', 'they span three zones'],
  ['violation', 'they span two', { C: subnet('b', 'app') }, says('app', 2)],
  ['violation', 'one tier does', { C2: subnet('c', 'data') }, says('data', 1)],
  ['violation', 'neither does', { C: subnet('c', 'data') }, [says('app', 2), says('data', 1)]],
  [
    'violation',
    'those without a name are private',
    { A: subnet('a'), B: subnet('b'), C: undefined },
    says('private', 2),
  ],
  [
    'violation',
    'a parameter names them',
    { A: subnet('a', PARAMETER), B: undefined, C: undefined },
    says('private', 1),
  ],
  [
    'violation',
    'those with a way to the internet are public',
    {
      A: subnet('a'),
      B: undefined,
      C: undefined,
      Table: ['AWS::EC2::RouteTable', {}],
      Join: ['AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('A'), RouteTableId: ref('Table') }],
      Route: ['AWS::EC2::Route', { RouteTableId: ref('Table'), GatewayId: 'igw-1' }],
    },
    says('public', 1),
  ],
  ['not-applicable', 'in development', { C: undefined }, { strict: false }],
  ['not-applicable', 'it has none', { A: undefined, B: undefined, C: undefined }],
]);
