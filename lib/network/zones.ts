import { CfnResource, Fn, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnSubnet, type ISubnet, type Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { REGIONS_WITH_GAPS, ZONE_GAPS, type ZonalService, zonePrefix, zonesWithoutGaps } from '../facts/zones';
import { refuse, warn } from '../validation/refuse';

/** Two zones only are open to most accounts there (AWS: Redshift Serverless considerations). */
export const REGION_OF_TWO_ZONES = 'us-west-1';

const ID = /^([a-z]+\d)-az\d$/;
const NAME = /^([a-z]+(?:-[a-z]+)+-\d)[a-z]$/;

/** Subnets whose zone was set by its id or name: CDK knows them by their position alone. */
const PLACED = new WeakSet<ISubnet>();

/**
 * Zones by position and not by name, so that synth needs no look-up in an account and a stack without one gets as many, too:
 * an environment-agnostic VPC of CDK has two, whatever it is asked for (vpc-three-azs).
 */
export function zonesByPosition(count: number): string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
}

/**
 * Places the subnets of a VPC that was made of {@link zonesByPosition}: in the zones that were named, or, in a region where a zone lacks
 * what blocks here use, in those that do not, by their ids. Elsewhere the position stays. It changes nothing that CDK knows of the VPC.
 *
 * @param named ids such as `use1-az1`, or names such as `us-east-1a`, which {@link refuseZones} has seen
 */
export function placeSubnets(scope: Construct, vpc: Vpc, named: readonly string[] | undefined): void {
  const positions = vpc.availabilityZones;
  const zones = named ?? defaultZones(scope)?.slice(0, positions.length);
  if (zones === undefined) return;
  for (const subnet of [...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets]) {
    const zone = zones[positions.indexOf(subnet.availabilityZone)];
    const resource = subnet.node.defaultChild;
    if (zone === undefined || !(resource instanceof CfnSubnet)) continue;
    resource.availabilityZone = ID.test(zone) ? undefined : zone;
    resource.availabilityZoneId = ID.test(zone) ? zone : undefined;
    PLACED.add(subnet);
  }
}

/** The name of a subnet's zone, for what takes no id. */
export function zoneOf(subnet: ISubnet): string {
  const resource = subnet.node.defaultChild;
  return PLACED.has(subnet) && resource instanceof CfnSubnet ? resource.attrAvailabilityZone : subnet.availabilityZone;
}

function defaultZones(scope: Construct): readonly string[] | undefined {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region)) return zonesWithoutGaps(region);
  warn(
    scope,
    'vpc-three-azs',
    `Cannot check the Availability Zones, which are taken by position: the stack has no explicit region, and in ${REGIONS_WITH_GAPS.join(', ')} one of them lacks ${Object.values(ZONE_GAPS)[0]?.join(', ')}. Give the stack an env with a region, or name the zones (zones: ['use1-az1', ...]).`,
  );
  return undefined;
}

/**
 * Refuses zones that cannot be, now; and at synth those that lack what the stacks of the app use in the region.
 *
 * @param counts how many there may be
 */
export function refuseZones(scope: Construct, zones: readonly string[], counts: readonly number[]): void {
  const refuseAs = (value: unknown, allowed: string, fix: string): never =>
    refuse(scope, { prop: 'zones', value, allowed, fix, catalogueId: 'vpc-three-azs' });
  const { region } = Stack.of(scope);
  const example = Token.isUnresolved(region) ? 'use1' : (zonePrefix(region) ?? 'use1');
  const list = 'list them with `aws ec2 describe-availability-zones`';
  if (!counts.includes(zones.length)) refuseAs(zones, `${counts.join(' or ')} zones`, list);
  for (const [index, zone] of zones.entries()) {
    const own = ID.exec(zone)?.[1] ?? NAME.exec(zone)?.[1];
    if (own === undefined || Token.isUnresolved(zone)) {
      refuseAs(zone, `the id of an Availability Zone, such as ${example}-az1, or its name, such as us-east-1a`, list);
    }
    if (zones.indexOf(zone) !== index) refuseAs(zones, 'each zone once', 'take another zone for the second');
    if (ID.test(zone) !== ID.test(zones[0] ?? ''))
      refuseAs(zones, 'ids or names, not both', 'write all of them as ids');
    const ofRegion = ID.test(zone) ? zonePrefix(region) : region;
    if (!Token.isUnresolved(region) && ofRegion !== undefined && own !== ofRegion) {
      refuseAs(zone, `a zone of ${region}, such as ${example}-az1`, list);
    }
  }
  scope.node.addValidation({ validate: () => refuseGaps(scope, zones) });
}

/** @throws RefusedValueError for a zone without what is used; of a zone by name no one can tell. */
function refuseGaps(scope: Construct, zones: readonly string[]): string[] {
  const used = servicesUsedWith(Stack.of(scope));
  for (const zone of zones) {
    const lacking = (ZONE_GAPS[zone] ?? []).filter((service) => used.has(service));
    if (lacking.length === 0) continue;
    const { region } = Stack.of(scope);
    refuse(scope, {
      prop: 'zones',
      value: zone,
      allowed: `zones that have what the app uses; this one has no ${lacking.join(', ')}`,
      fix: `choose among ${(zonesWithoutGaps(region) ?? ['the other zones of the region']).join(', ')}`,
      catalogueId: 'vpc-three-azs',
    });
  }
  return [];
}

/** What is used in the app's stacks of one region: the network may have a stack of its own. */
function servicesUsedWith(stack: Stack): ReadonlySet<ZonalService> {
  const { region, node } = stack;
  const app = Stage.of(stack) ?? node.root;
  return new Set(
    app.node
      .findAll()
      .filter((each): each is CfnResource => CfnResource.isCfnResource(each) && Stack.of(each).region === region)
      .flatMap(zonalServiceOf),
  );
}

function zonalServiceOf(resource: CfnResource): readonly ZonalService[] {
  if (resource.cfnResourceType === 'AWS::CloudFront::VpcOrigin') return ['CloudFront VPC origins'];
  if (resource.cfnResourceType === 'AWS::RDS::DBProxy') return ['RDS Proxy'];
  const isTask = resource.cfnResourceType === 'AWS::ECS::TaskDefinition';
  const text = isTask ? JSON.stringify(Stack.of(resource).resolve(resource._toCloudFormation())) : '';
  return /"CpuArchitecture":"ARM64"/.test(text) ? ['Fargate with ARM64'] : [];
}
