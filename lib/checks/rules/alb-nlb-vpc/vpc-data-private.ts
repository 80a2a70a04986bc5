import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isPublicSubnet, subnetsIn } from '../../network';
import { isMember, isReplica } from '../../relational-database';
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

/**
 * Whether RDS makes a database public that does not say: in the default VPC, which has an internet gateway (AWS: CreateDBInstance and
 * AWS::RDS::DBCluster, PubliclyAccessible). Members are where their cluster is, replicas may be where their source is, and of clusters
 * Aurora has no such property.
 */
function isPublicUnsaid(database: TemplateResource): boolean {
  if (database.has('PubliclyAccessible') || isMember(database) || isReplica(database)) return false;
  const cluster = database.type === 'AWS::RDS::DBCluster';
  if (cluster && (database.text('Engine') ?? 'aurora').startsWith('aurora')) return false;
  return [undefined, 'default'].includes(database.get('DBSubnetGroupName') as string | undefined);
}

function publicSubnets(resource: TemplateResource, inventory: Inventory): readonly string[] {
  const ids = resource.list(SUBNETS[resource.type] ?? '');
  const subnets = subnetsIn(resource, ids, inventory);
  return subnets.filter((subnet) => isPublicSubnet(subnet, inventory)).map(({ logicalId }) => logicalId);
}

export const vpcDataPrivate: Rule = {
  id: 'vpc-data-private',
  title: 'Databases, caches and tasks are in private subnets, without a public address',
  why: 'In a public subnet, one wrong security group rule opens a database to the whole internet. In a private subnet no route leads to it from there.',
  fix: 'Use subnets without a route to an internet gateway (PRIVATE_ISOLATED or PRIVATE_WITH_EGRESS in the CDK), PubliclyAccessible false and AssignPublicIp DISABLED.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  example: {
    fixed: {
      Gateway: { Type: 'AWS::EC2::InternetGateway' },
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Public: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
      PublicTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      PublicAssociation: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: 'Public' }, RouteTableId: { Ref: 'PublicTable' } },
      },
      PublicRoute: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: 'PublicTable' },
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: { Ref: 'Gateway' },
        },
      },
      Private: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
      SubnetGroup: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Private' }] } },
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { DBSubnetGroupName: { Ref: 'SubnetGroup' }, PubliclyAccessible: false },
      },
      Cache: {
        Type: 'AWS::ElastiCache::ServerlessCache',
        Properties: { Engine: 'valkey', SubnetIds: [{ Ref: 'Private' }] },
      },
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          NetworkConfiguration: {
            AwsvpcConfiguration: { Subnets: [{ Ref: 'Private' }], AssignPublicIp: 'DISABLED' },
          },
        },
      },
    },
    broken: [
      { 'SubnetGroup.Properties.SubnetIds': [{ Ref: 'Public' }] },
      { 'Database.Properties.PubliclyAccessible': true },
      { 'Database.Properties.PubliclyAccessible': null, 'Database.Properties.DBSubnetGroupName': null },
      { 'Cache.Properties.SubnetIds': [{ Ref: 'Public' }] },
      { 'Service.Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets': [{ Ref: 'Public' }] },
      { 'Service.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': 'ENABLED' },
    ],
  },
  types: [...Object.keys(SUBNETS), ...PUBLIC_FLAG],
  check: (resource, inventory) => {
    if (PUBLIC_FLAG.includes(resource.type)) {
      return verdict([
        resource.flag('PubliclyAccessible') === true && 'PubliclyAccessible is true; allowed: false',
        isPublicUnsaid(resource) &&
          'PubliclyAccessible is not set, which is true in the default VPC; allowed: false, or a DBSubnetGroupName',
      ]);
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
