import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { servicesOf } from '../../containers';
import { endpointsHeldBy, HOLDERS } from '../../endpoint-holders';
import type { Inventory } from '../../inventory';
import { subnetsIn, vpcOf } from '../../network';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';
import { groupsOf, ingressOf, rangeOf } from '../../security-groups';

const CACHES = ['AWS::ElastiCache::ServerlessCache', 'AWS::ElastiCache::ReplicationGroup'];

/** Where a function, or a service's tasks, are in a VPC. */
interface Placement {
  readonly from: TemplateResource;
  readonly subnets: readonly unknown[];
  readonly groups: readonly unknown[];
}

/** Undefined: outside of every VPC. */
function placementsOf(holder: TemplateResource, inventory: Inventory): readonly (Placement | undefined)[] {
  if (holder.type === 'AWS::Lambda::Function') {
    if (holder.list('VpcConfig.SubnetIds').length === 0) return [undefined];
    const groups = holder.list('VpcConfig.SecurityGroupIds');
    return [{ from: holder, subnets: holder.list('VpcConfig.SubnetIds'), groups }];
  }
  const services = servicesOf(holder, inventory);
  if (services.length === 0) throw new CannotTell('who runs the task says where');
  return services.map((service) => {
    const network = 'NetworkConfiguration.AwsvpcConfiguration';
    // In other modes than awsvpc a task is where its machine is.
    if (!service.has(network)) throw new CannotTell('the task is where its machine is');
    return {
      from: service,
      subnets: service.list(`${network}.Subnets`),
      groups: service.list(`${network}.SecurityGroups`),
    };
  });
}

function vpcOfCache(cache: TemplateResource, inventory: Inventory): TemplateResource {
  const group = cache.has('SubnetIds')
    ? cache
    : inventory.mustFind(cache, cache.get('CacheSubnetGroupName'), "the cache's subnet group");
  const [subnet] = subnetsIn(group, group.list('SubnetIds'), inventory);
  if (subnet === undefined) throw new CannotTell('the cache names no subnet');
  return vpcOf(subnet, inventory);
}

function findings(placement: Placement | undefined, cache: TemplateResource, inventory: Inventory): string[] {
  if (placement === undefined) return [`it is in no VPC, and cannot reach ${cache.logicalId}; allowed: VpcConfig`];
  const [subnet] = subnetsIn(placement.from, placement.subnets, inventory);
  if (subnet === undefined || vpcOf(subnet, inventory) !== vpcOfCache(cache, inventory))
    return [`it is in another VPC than ${cache.logicalId}`];
  const worn = placement.groups.map((id) => inventory.mustFind(placement.from, id, 'a security group'));
  const letIn = groupsOf(cache, inventory)
    .flatMap((group) => ingressOf(group, inventory))
    .map(({ holder, rule }) => inventory.referent(holder, rule['SourceSecurityGroupId']));
  return worn.some((group) => letIn.includes(group))
    ? []
    : [`none of its security groups is let in by ${cache.logicalId}`];
}

function checkCache(cache: TemplateResource, inventory: Inventory): Verdict {
  const groups = groupsOf(cache, inventory);
  return verdict([
    groups.length === 0 && "it wears the VPC's default security group; allowed: one that names its clients",
    ...groups
      .flatMap((group) => ingressOf(group, inventory))
      .map((ingress) => {
        const range = rangeOf(ingress, inventory) ?? (ingress.rule['SourcePrefixListId'] && 'a prefix list');
        return (
          range !== undefined && `its security group lets ${String(range)} in; allowed: SourceSecurityGroupId alone`
        );
      }),
  ]);
}

export const cacheVpcReachability: Rule = {
  id: 'cache-vpc-reachability',
  title: 'What holds the address of a cache is in its VPC, in a security group that the cache lets in',
  why: 'A cache has no address on the internet. From outside of its VPC, or from a security group that it does not let in, each connection hangs until it times out, and the request with it.',
  fix: 'Give the function a VpcConfig in the VPC of the cache, and let its security group in by SourceSecurityGroupId on port 6379, and by no range of addresses.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.html',
  example: {
    fixed: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Environment: { Variables: { CACHE: { 'Fn::GetAtt': ['Cache', 'Endpoint.Address'] } } },
          VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ 'Fn::GetAtt': ['Client', 'GroupId'] }] },
        },
      },
      Client: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'the function' } },
      Cache: {
        Type: 'AWS::ElastiCache::ServerlessCache',
        Properties: {
          ServerlessCacheName: 'pages',
          Engine: 'valkey',
          SubnetIds: [{ Ref: 'Subnet' }],
          SecurityGroupIds: [{ 'Fn::GetAtt': ['Cached', 'GroupId'] }],
        },
      },
      Cached: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'the cache',
          SecurityGroupIngress: [
            {
              IpProtocol: 'tcp',
              FromPort: 6379,
              ToPort: 6379,
              SourceSecurityGroupId: { 'Fn::GetAtt': ['Client', 'GroupId'] },
            },
          ],
        },
      },
    },
    broken: [
      { 'Function.Properties.VpcConfig': null },
      { 'Function.Properties.VpcConfig.SecurityGroupIds': [{ 'Fn::GetAtt': ['Cached', 'GroupId'] }] },
      { 'Cached.Properties.SecurityGroupIngress': null },
      {
        'Cached.Properties.SecurityGroupIngress.1': {
          IpProtocol: 'tcp',
          FromPort: 6379,
          ToPort: 6379,
          CidrIp: '10.0.0.0/16',
        },
      },
      { 'Cache.Properties.SecurityGroupIds': null },
      {
        'Function.Properties.VpcConfig.SubnetIds': [{ Ref: 'OtherSubnet' }],
        OtherSubnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'OtherVpc' } } },
        OtherVpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
      },
    ],
  },
  types: [...HOLDERS, ...CACHES],
  check: (resource, inventory) => {
    if (CACHES.includes(resource.type)) return checkCache(resource, inventory);
    const held = endpointsHeldBy(resource, inventory).filter(
      ({ kind, target }) => kind === 'cache' && CACHES.includes(target.type),
    );
    const caches = [...new Set(held.map(({ target }) => target))];
    if (caches.length === 0) return notApplicable;
    const placements = placementsOf(resource, inventory);
    return verdict(caches.flatMap((cache) => placements.flatMap((placement) => findings(placement, cache, inventory))));
  },
};
