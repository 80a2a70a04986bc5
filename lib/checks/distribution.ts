import { textOf } from '../template/literal-text';
import { itemsOf, mapOf, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

type Settings = Readonly<Record<string, unknown>>;

/** What a distribution fetches from. */
export interface Origin {
  readonly settings: Settings;
  /** The bucket, API or load balancer, when it is in these templates. */
  readonly source?: TemplateResource;
  /** `website`: a bucket's public website; `other`: someone's server. */
  readonly kind: 'bucket' | 'website' | 'api' | 'other';
}

/** How requests of one path are answered. */
export interface Behavior {
  /** Undefined for the default behaviour. */
  readonly pattern?: unknown;
  readonly settings: Settings;
  readonly origin?: Origin;
}

const API_TYPES = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGateway::RestApi',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::Lambda::Url',
];
const API_DOMAIN = /\.execute-api\.|\.elb\.amazonaws\.com|\.lambda-url\./;
const WEBSITE_DOMAIN = /\.s3-website[.-]/;
const API_PATTERN = /^\/?api(\/|\*|$)/;
const WRITES = 'POST';

/** The origins of a distribution. */
export function originsOf(distribution: TemplateResource, inventory: Inventory): readonly Origin[] {
  return distribution.maps<Settings>('DistributionConfig.Origins').map((settings) => {
    const { VpcOriginConfig, S3OriginConfig, DomainName } = settings;
    const { VpcOriginId } = mapOf(VpcOriginConfig, 'VpcOriginConfig');
    const vpcOrigin = inventory.referent(distribution, VpcOriginId);
    const source =
      vpcOrigin === undefined
        ? inventory.referent(distribution, DomainName)
        : inventory.referent(vpcOrigin, vpcOrigin.get('VpcOriginEndpointConfig.Arn'));
    const domain = textOf(DomainName);
    const kind =
      S3OriginConfig !== undefined
        ? 'bucket'
        : source?.type === 'AWS::S3::Bucket' || WEBSITE_DOMAIN.test(domain)
          ? 'website'
          : VpcOriginConfig !== undefined || API_TYPES.includes(source?.type ?? '') || API_DOMAIN.test(domain)
            ? 'api'
            : 'other';
    return { settings, kind, ...(source === undefined ? {} : { source }) };
  });
}

/** The behaviours of a distribution in order, the default one last. */
export function behaviorsOf(distribution: TemplateResource, inventory: Inventory): readonly Behavior[] {
  const origins = originsOf(distribution, inventory);
  const groups = distribution.maps<Settings>('DistributionConfig.OriginGroups.Items');
  const originOf = (id: unknown): Origin | undefined => {
    const group = groups.find(({ Id }) => same(Id, id)) as
      | { readonly Members?: { readonly Items?: readonly { readonly OriginId?: unknown }[] } }
      | undefined;
    const wanted = group === undefined ? id : group.Members?.Items?.[0]?.OriginId;
    return origins.find(({ settings }) => same(settings['Id'], wanted));
  };
  const behavior = (settings: Settings, pattern?: unknown): Behavior => {
    const origin = originOf(settings['TargetOriginId']);
    return { settings, pattern, ...(origin === undefined ? {} : { origin }) };
  };
  const listed = distribution.maps<Settings>('DistributionConfig.CacheBehaviors');
  const last = distribution.map('DistributionConfig.DefaultCacheBehavior');
  return [...listed.map((settings) => behavior(settings, settings['PathPattern'])), behavior(last)];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Whether a behaviour serves an API: its path begins with `api`, or its origin is an API. A load balancer may serve pages and
 * files as well, so there a path is the API's only when it takes writes.
 */
export function isApiBehavior({ pattern, settings, origin }: Behavior): boolean {
  if (typeof pattern === 'string' && API_PATTERN.test(pattern)) return true;
  if (origin?.kind !== 'api') return false;
  const balanced =
    origin.source?.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' || 'VpcOriginConfig' in origin.settings;
  return !balanced || itemsOf(settings['AllowedMethods'], 'AllowedMethods').includes(WRITES);
}

type Front = { readonly distribution: TemplateResource; readonly origin: Origin };

/** The distributions in front of each origin that is in these templates. */
function fronts(inventory: Inventory): ReadonlyMap<TemplateResource, readonly Front[]> {
  const found = new Map<TemplateResource, Front[]>();
  for (const distribution of inventory.ofType('AWS::CloudFront::Distribution')) {
    for (const origin of originsOf(distribution, inventory)) {
      if (origin.source === undefined) continue;
      const known = found.get(origin.source);
      if (known === undefined) found.set(origin.source, [{ distribution, origin }]);
      else known.push({ distribution, origin });
    }
  }
  return found;
}

/** Distributions that fetch from a bucket, API or load balancer, with the origin by which they do. */
export function distributionsOf(source: TemplateResource, inventory: Inventory): readonly Front[] {
  return inventory.once(fronts).get(source) ?? [];
}
