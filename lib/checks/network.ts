import { textOf } from '../template/literal-text';
import { CannotTell, isIntrinsic, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

const DEFAULT_ROUTES = ['0.0.0.0/0', '::/0'];
/** What a route may lead to, other than an internet gateway. */
const OTHER_TARGETS = [
  'NatGatewayId',
  'TransitGatewayId',
  'InstanceId',
  'NetworkInterfaceId',
  'VpcPeeringConnectionId',
];

/** The subnets of a list. @throws CannotTell when one is not in these templates */
export function subnetsIn(
  from: TemplateResource,
  ids: readonly unknown[],
  inventory: Inventory,
): readonly TemplateResource[] {
  return ids.map((id) => {
    const subnet = inventory.mustFind(from, id, 'a subnet');
    if (subnet.type !== 'AWS::EC2::Subnet') throw new CannotTell('a subnet comes from elsewhere');
    return subnet;
  });
}

/** The VPC of a subnet. @throws CannotTell when it is not in these templates */
export function vpcOf(subnet: TemplateResource, inventory: Inventory): TemplateResource {
  return inventory.mustFind(subnet, subnet.get('VpcId'), 'the VPC');
}

export function subnetsOf(vpc: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.referrers('AWS::EC2::Subnet', 'VpcId', vpc);
}

/** Zones of some subnets, each once. A zone by its position in the region counts as one, too. */
export function zonesOf(subnets: readonly TemplateResource[]): number {
  return new Set(
    subnets.map((subnet) => JSON.stringify(subnet.get('AvailabilityZone') ?? subnet.get('AvailabilityZoneId'))),
  ).size;
}

/** The route table of a subnet; undefined when it has the VPC's main one, which leads nowhere by itself. */
export function routeTableOf(subnet: TemplateResource, inventory: Inventory): TemplateResource | undefined {
  const association = inventory.referrers('AWS::EC2::SubnetRouteTableAssociation', 'SubnetId', subnet)[0];
  return association && inventory.mustFind(association, association.get('RouteTableId'), 'the route table');
}

function routesOf(subnet: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  const table = routeTableOf(subnet, inventory);
  if (table === undefined) return [];
  return inventory.referrers('AWS::EC2::Route', 'RouteTableId', table);
}

/** Whether a route leads to an internet gateway, so that what has a public address can be reached. */
function leadsToInternet(route: TemplateResource, inventory: Inventory): boolean {
  const gateway = route.get('GatewayId');
  if (gateway === undefined) return false;
  const found = inventory.referent(route, gateway);
  if (found === undefined && isIntrinsic(gateway))
    throw new CannotTell('the gateway of a route is not in these templates');
  return found === undefined ? textOf(gateway).startsWith('igw-') : found.type === 'AWS::EC2::InternetGateway';
}

/** Whether a subnet is public: one of its routes leads to an internet gateway. */
export function isPublicSubnet(subnet: TemplateResource, inventory: Inventory): boolean {
  return routesOf(subnet, inventory).some((route) => leadsToInternet(route, inventory));
}

/** Whether what has no public address gets out of a subnet: by a NAT gateway, a transit gateway or an appliance. */
export function hasWayOut(subnet: TemplateResource, inventory: Inventory): boolean {
  return routesOf(subnet, inventory).some(
    (route) =>
      DEFAULT_ROUTES.includes(textOf(route.get('DestinationCidrBlock') ?? route.get('DestinationIpv6CidrBlock'))) &&
      OTHER_TARGETS.some((target) => route.has(target)),
  );
}

/** NAT gateways of a VPC: in one of its subnets, or regional. */
export function natGatewaysOf(vpc: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.ofType('AWS::EC2::NatGateway').filter((nat) => {
    if (nat.has('VpcId')) return inventory.names(nat, nat.get('VpcId'), vpc);
    const subnet = inventory.referent(nat, nat.get('SubnetId'));
    return subnet !== undefined && inventory.names(subnet, subnet.get('VpcId'), vpc);
  });
}

/** An endpoint of a VPC for a service of AWS. */
export interface ServiceEndpoint {
  /** Such as `s3`, `ecr.api`. */
  readonly service: string;
  readonly kind: 'Gateway' | 'Interface' | string;
  readonly resource: TemplateResource;
}

export function endpointsOf(vpc: TemplateResource, inventory: Inventory): readonly ServiceEndpoint[] {
  return inventory.referrers('AWS::EC2::VPCEndpoint', 'VpcId', vpc).map((resource) => ({
    service: /com\.amazonaws\.[^.]+\.(.+)$/.exec(textOf(resource.get('ServiceName')))?.[1] ?? '',
    kind: resource.text('VpcEndpointType') ?? 'Gateway',
    resource,
  }));
}
