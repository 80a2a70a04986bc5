import { CannotTell, isIntrinsic, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

/** Who may come in by a security group. */
export interface Ingress {
  /** The resource that says so: the group, or a rule beside it. */
  readonly holder: TemplateResource;
  readonly rule: Readonly<Record<string, unknown>>;
}

/** Everything that a group lets in: by its own list, and by rules beside it. */
export function ingressOf(group: TemplateResource, inventory: Inventory): readonly Ingress[] {
  const own = group.maps<Ingress['rule']>('SecurityGroupIngress').map((rule) => ({ holder: group, rule }));
  const beside = inventory
    .referrers('AWS::EC2::SecurityGroupIngress', 'GroupId', group)
    .map((holder) => ({ holder, rule: holder.properties }));
  return [...own, ...beside];
}

/** Where each thing in a VPC names the security groups that it wears. */
const WORN: Readonly<Record<string, string>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'SecurityGroups',
  'AWS::RDS::DBCluster': 'VpcSecurityGroupIds',
  'AWS::RDS::DBInstance': 'VPCSecurityGroups',
  'AWS::RDS::DBProxy': 'VpcSecurityGroupIds',
  'AWS::ElastiCache::ServerlessCache': 'SecurityGroupIds',
  'AWS::ElastiCache::ReplicationGroup': 'SecurityGroupIds',
  'AWS::ElastiCache::CacheCluster': 'VpcSecurityGroupIds',
};

/** Databases, their proxies and caches. */
export const DATA_TYPES = Object.keys(WORN).filter((type) => !type.includes('LoadBalancing'));

/** The groups that a thing wears. @throws CannotTell when one is not in these templates */
export function groupsOf(wearer: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  const property = WORN[wearer.type] ?? '';
  return wearer.list(property).map((id) => inventory.mustFind(wearer, id, 'a security group'));
}

/** Load balancers, databases and caches that wear a group. */
export function wearersOf(group: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory
    .ofType(...Object.keys(WORN))
    .filter((each) => each.list(WORN[each.type] ?? '').some((id) => inventory.names(each, id, group)));
}

const WORLD = ['0.0.0.0/0', '::/0'];

/** A range of addresses that a rule lets in; undefined when it names a peer. @throws CannotTell for a range known at deployment */
export function rangeOf({ holder, rule }: Ingress, inventory: Inventory): string | undefined {
  const range = rule['CidrIp'] ?? rule['CidrIpv6'];
  if (!isIntrinsic(range)) return range === undefined ? undefined : String(range);
  // The range of a VPC of these templates is not the world, whatever it is.
  const found = inventory.referent(holder, range);
  if (found === undefined) throw new CannotTell('the range that a security group lets in is known only at deployment');
  return `the range of ${found.logicalId}`;
}

export const isWorld = (range: string | undefined): boolean => range !== undefined && WORLD.includes(range);
