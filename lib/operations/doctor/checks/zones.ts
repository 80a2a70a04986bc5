import { RESOURCE_ZONE_GAPS } from '../../../facts/zone-gap-resources';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { itemsOf } from '../aws/protocol';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, ok, willFail } from '../question';

/** Whether `Fn::GetAZs` has as many zones as are taken from it by position, and whether services work in these (`vpc-three-azs`). */
export const zones: Check = {
  id: 'zones',
  questions: (place) => {
    const users = place.resources.filter((resource) => positionsIn(resource.properties).length > 0);
    if (users.length === 0) return [];
    const count = 1 + Math.max(...users.flatMap(({ properties }) => positionsIn(properties)));
    return [{ subject: `${count} zones by position`, resources: users, ask: (aws) => looked(aws, place, count) }];
  },
};

/** The positions that a value takes from the list of zones. */
function positionsIn(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, argument]: readonly [string, unknown]) => {
    if (key !== 'Fn::Select' || !Array.isArray(argument)) return positionsIn(argument);
    const [position, list] = argument as readonly unknown[];
    const isOfZones = typeof list === 'object' && list !== null && 'Fn::GetAZs' in list;
    return isOfZones ? [Number(position)] : positionsIn(argument);
  });
}

/** What `Fn::GetAZs` gives: zones with a default subnet where there is any, else all (AWS: CloudFormation, Fn::GetAZs). */
async function looked(aws: Aws, place: Place, count: number): Promise<Answer> {
  const [{ availabilityZoneInfo }, { subnetSet }] = await Promise.all([
    aws.call('ec2:DescribeAvailabilityZones', {
      'Filter.1.Name': 'zone-type',
      'Filter.1.Value.1': 'availability-zone',
    }),
    aws.call('ec2:DescribeSubnets', { 'Filter.1.Name': 'default-for-az', 'Filter.1.Value.1': 'true' }),
  ]);
  const all = itemsOf(availabilityZoneInfo).filter(({ zoneState }) => zoneState === 'available');
  const withDefault = new Set(itemsOf(subnetSet).map(({ availabilityZone }) => availabilityZone));
  const listed = all
    .filter(({ zoneName }) => withDefault.size === 0 || withDefault.has(zoneName))
    .sort((a, b) => String(a.zoneName).localeCompare(String(b.zoneName)));
  if (listed.length < count) {
    const without = all.flatMap(({ zoneName }) =>
      listed.some((each) => each.zoneName === zoneName) ? [] : `${zoneName}`,
    );
    return willFail(
      `Fn::GetAZs gives ${listed.length} zones here, and ${count} are taken from it` +
        (without.length > 0
          ? `: it leaves out ${without.join(', ')}, without a default subnet`
          : ': take fewer, or another region'),
      ...without.map((zone) => `aws ec2 create-default-subnet --region ${place.region} --availability-zone ${zone}`),
    );
  }
  const taken = listed.slice(0, count);
  for (const gap of RESOURCE_ZONE_GAPS) {
    const at = taken.find(({ zoneId = '' }) => gap.zoneIds.includes(zoneId));
    const [resource] = place.ofType(gap.resourceType).filter((each) => isMeant(each, gap.where));
    if (at === undefined || resource === undefined) continue;
    return willFail(
      `${at.zoneName} is ${at.zoneId} in this account, where ${gap.resourceType} does not work (${resource.path}; ${gap.source}): ` +
        'deploy to another region, or choose the zones of the VPC by name',
    );
  }
  return ok(taken.map(({ zoneName, zoneId }) => `${zoneName} (${zoneId})`).join(', '));
}

function isMeant(
  resource: TemplateResource,
  where: { readonly path: string; readonly value: string } | undefined,
): boolean {
  if (where === undefined) return true;
  try {
    return resource.list(where.path).includes(where.value);
  } catch (error) {
    if (error instanceof CannotTell) return false;
    throw error;
  }
}
