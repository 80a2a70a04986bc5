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

/** S3 and DynamoDB traffic must use gateway endpoints, not NAT. */
export const vpcGatewayEndpoints: Rule = {
  id: 'vpc-gateway-endpoints',
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
