import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isPublicSubnet, subnetsIn } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Where databases, caches and tasks name their subnets. */
const SUBNETS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::RDS::DBProxy': 'VpcSubnetIds',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
  'AWS::ElastiCache::ServerlessCache': 'SubnetIds',
  'AWS::ECS::Service': 'NetworkConfiguration.AwsvpcConfiguration.Subnets',
};
const PUBLIC_FLAG = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];
const ADDRESS = 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp';

function publicSubnets(resource: TemplateResource, inventory: Inventory): readonly string[] {
  const ids = resource.list(SUBNETS[resource.type] ?? '');
  const subnets = subnetsIn(resource, ids, inventory);
  return subnets.filter((subnet) => isPublicSubnet(subnet, inventory)).map(({ logicalId }) => logicalId);
}

/** Databases, caches and app tasks sit in private subnets. */
export const vpcDataPrivate: Rule = {
  id: 'vpc-data-private',
  types: [...Object.keys(SUBNETS), ...PUBLIC_FLAG],
  check: (resource, inventory) => {
    if (PUBLIC_FLAG.includes(resource.type)) {
      return verdict([resource.flag('PubliclyAccessible') === true && 'PubliclyAccessible is true; allowed: false']);
    }
    const service = resource.type === 'AWS::ECS::Service';
    if (service && !resource.has('NetworkConfiguration.AwsvpcConfiguration')) return notApplicable;
    // The flag alone is enough to object, wherever the subnets come from.
    const address = service && resource.literal(ADDRESS) === 'ENABLED';
    if (address) return verdict(['AssignPublicIp is ENABLED; allowed: DISABLED, in private subnets']);
    return verdict(
      publicSubnets(resource, inventory).map(
        (id) => `${id} has a route to an internet gateway; allowed: private subnets`,
      ),
    );
  },
};
