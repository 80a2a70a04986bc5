import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { endpointsOf, isPublicSubnet, natGatewaysOf, routeTableOf, subnetsOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

const SERVICES = ['s3', 'dynamodb'];
/** Where code of yours names the subnets that it runs in. */
const CODE: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'VpcConfig.SubnetIds',
  'AWS::ECS::Service': 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
  'AWS::EC2::Instance': 'SubnetId',
  'AWS::AutoScaling::AutoScalingGroup': 'VPCZoneIdentifier',
};

/** Whether something in a VPC can call S3: code that runs there, or whatever a NAT gateway is for. */
function hasCallers(vpc: TemplateResource, subnets: readonly TemplateResource[], inventory: Inventory): boolean {
  if (natGatewaysOf(vpc, inventory).length > 0) return true;
  return Object.entries(CODE).some(([type, path]) =>
    inventory.ofType(type).some((code) => {
      const ids = code.get(path);
      return subnets.some((subnet) => inventory.mentions(code, ids, subnet));
    }),
  );
}

export const vpcGatewayEndpoints: Rule = {
  id: 'vpc-gateway-endpoints',
  title: 'Every private route table has the gateway endpoints of S3 and DynamoDB',
  why: 'Without them, each gigabyte to and from S3 and DynamoDB goes through the NAT gateway for about $0.045, or does not get out at all. Gateway endpoints are free.',
  fix: 'Add an AWS::EC2::VPCEndpoint of type Gateway for s3 and for dynamodb, with all private route tables in RouteTableIds (gatewayEndpoints of Vpc in the CDK).',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html',
  example: {
    fixed: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Private: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      Association: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'Private' }, RouteTableId: { Ref: 'Table' } },
      },
      S3: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.eu-west-1.s3',
          RouteTableIds: [{ Ref: 'Table' }],
        },
      },
      DynamoDb: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.eu-west-1.dynamodb',
          RouteTableIds: [{ Ref: 'Table' }],
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { VpcConfig: { SubnetIds: [{ Ref: 'Private' }] } },
      },
    },
    broken: [
      { S3: null },
      { DynamoDb: null },
      { 'S3.Properties.RouteTableIds': null },
      { 'DynamoDb.Properties.VpcEndpointType': 'Interface' },
      { Other: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } } },
    ],
  },
  types: ['AWS::EC2::VPC'],
  check: (vpc, inventory) => {
    const subnets = subnetsOf(vpc, inventory);
    // What AWS runs in a VPC and reaches by itself calls nothing through it.
    if (!hasCallers(vpc, subnets, inventory)) return notApplicable;
    const endpoints = endpointsOf(vpc, inventory).filter(({ kind }) => kind === 'Gateway');
    const lacking = subnets.filter((subnet) => !isPublicSubnet(subnet, inventory));
    return verdict(
      SERVICES.map((service) => {
        const gateways = endpoints.filter((endpoint) => endpoint.service === service);
        const around = lacking.filter((subnet) => {
          const table = routeTableOf(subnet, inventory);
          return !gateways.some(
            ({ resource }) =>
              table !== undefined && inventory.mentions(resource, resource.list('RouteTableIds'), table),
          );
        });
        return (
          around.length > 0 &&
          `${around.map(({ logicalId }) => logicalId).join(', ')}: no gateway endpoint for ${service}, which is free; allowed: one on every private route table`
        );
      }),
    );
  },
};
