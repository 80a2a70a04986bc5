/** What some Availability Zones lack, by what a template has of it. */
export type ZonalService = 'CloudFront VPC origins' | 'Fargate' | 'Fargate with ARM64' | 'RDS Proxy';

const ORIGINS = 'CloudFront VPC origins';
const FARGATE = ['Fargate', 'Fargate with ARM64'] as const;
const PROXY = 'RDS Proxy';

/**
 * Zones that lack a service, by their id: a name such as `us-east-1a` is another zone in each account. Read on 1 December 2026.
 *
 * - AWS: CloudFront, restrict access with VPC origins, supported AWS Regions: the AZ exceptions.
 * - AWS: ECS, supported Regions for AWS Fargate: the zones of Tokyo and N. California, and of Linux with ARM64 in N. Virginia.
 * - RDS Proxy: no list of AWS's; hashicorp/terraform-provider-aws#17781 has AWS Support's word for use1-az3. The proxy is made without
 *   the subnets in such a zone, and nothing is said.
 */
export const ZONE_GAPS: Readonly<Record<string, readonly ZonalService[]>> = {
  'use1-az3': [ORIGINS, 'Fargate with ARM64', PROXY],
  'usw1-az2': [ORIGINS, ...FARGATE],
  'apne1-az3': [ORIGINS, ...FARGATE],
  'cac1-az3': [ORIGINS],
};

/** The ids of zones that lack a service. */
export function zonesWithout(service: ZonalService): readonly string[] {
  return Object.entries(ZONE_GAPS).flatMap(([id, lacking]) => (lacking.includes(service) ? [id] : []));
}

/** The zones that are used in regions where another one lacks something, in order. (AWS: EFS, One Zone file systems, lists the zones of each.) */
const ZONES_WITHOUT_GAPS: Readonly<Record<string, readonly string[]>> = {
  'us-east-1': ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
  'ca-central-1': ['cac1-az1', 'cac1-az2', 'cac1-az4'],
};

/** Regions where a zone lacks something. */
export const REGIONS_WITH_GAPS: readonly string[] = Object.keys(ZONES_WITHOUT_GAPS);

/** The ids of zones that have everything; undefined for a region whose zones are alike, as far as is known. */
export function zonesWithoutGaps(region: string): readonly string[] | undefined {
  return ZONES_WITHOUT_GAPS[region];
}

/** What ids of a region's zones begin with, such as `use1` for us-east-1; undefined where the name of the region does not say. */
export function zonePrefix(region: string): string | undefined {
  const [, land, gov, where, number] =
    /^([a-z]{2})(-gov)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-(\d)$/.exec(region) ??
    [];
  if (land === undefined || where === undefined || number === undefined) return undefined;
  return `${land}${gov === undefined ? '' : 'g'}${where.replace(/^(n|s)(?:orth|outh)(e|w)?.*$/, '$1$2').replace(/^(e|w|c).*$/, '$1')}${number}`;
}
