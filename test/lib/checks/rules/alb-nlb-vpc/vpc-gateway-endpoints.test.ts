import { vpcGatewayEndpoints } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-gateway-endpoints';
import { type Case, cases, type Literal, type Literals, ref } from '../../literal-fixture';
import { vpc } from '../../vpc-fixture';

const endpoint = (service: string, more: object = {}): Literal => [
  'AWS::EC2::VPCEndpoint',
  {
    VpcId: ref('Vpc'),
    ServiceName: `com.amazonaws.eu-west-1.${service}`,
    VpcEndpointType: 'Gateway',
    RouteTableIds: [ref('TableA'), ref('TableB')],
    ...more,
  },
];
const reached: Literals = { ...vpc, S3: endpoint('s3'), Table: endpoint('dynamodb') };
const lacks = (subnets: string, service: string) =>
  `${subnets}: no gateway endpoint for ${service}, which is free; allowed: one on every private route table`;
const both = 'PrivateA, PrivateB';
const quiet = { NatA: undefined, NatB: undefined };

cases(vpcGatewayEndpoints, reached, [
  ['compliant', 'each private route table has both'],
  ['violation', 'there is none for S3', { S3: undefined }, lacks(both, 's3')],
  ['violation', 'there is none for DynamoDB', { Table: undefined }, lacks(both, 'dynamodb')],
  ['violation', 'one table has none', { 'S3.RouteTableIds': [ref('TableA')] }, lacks('PrivateB', 's3')],
  ['violation', 'it costs by the hour', { S3: endpoint('s3', { VpcEndpointType: 'Interface' }) }, lacks(both, 's3')],
  ['compliant', 'it does not say its kind', { S3: endpoint('s3', { VpcEndpointType: undefined }) }],
  ['violation', 'it is of another VPC', { S3: endpoint('s3', { VpcId: 'other' }) }, lacks(both, 's3')],
  [
    'violation',
    'a subnet has the main route table',
    { JoinB: undefined },
    [lacks('PrivateB', 's3'), lacks('PrivateB', 'dynamodb')],
  ],
  ['not-applicable', 'nothing there calls', { ...quiet, S3: undefined }],
  ...(
    [
      ['AWS::Lambda::Function', { VpcConfig: { SubnetIds: [ref('PrivateA')] } }],
      ['AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ref('PrivateA')] } } }],
      ['AWS::EC2::Instance', { SubnetId: ref('PrivateA') }],
      ['AWS::AutoScaling::AutoScalingGroup', { VPCZoneIdentifier: [ref('PrivateA')] }],
    ] as const
  ).flatMap(([type, properties]): Case[] => [
    ['violation', `a ${type} calls`, { ...quiet, S3: undefined, Code: [type, properties] }, lacks(both, 's3')],
    ['not-applicable', `a ${type} is elsewhere`, { ...quiet, S3: undefined, Code: [type, {}] }],
  ]),
]);
