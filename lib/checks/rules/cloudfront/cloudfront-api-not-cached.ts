import { textOf } from '../../../template/literal-text';
import { itemsOf, numberOf, type TemplateResource } from '../../../template/template-resource';
import { type Behavior, behaviorsOf, isApiBehavior } from '../../distribution';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

/** AWS: CloudFront, managed cache policies and managed origin request policies. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const ALL_VIEWER = ['216adef6-5c7f-47e4-b989-5492eafa07d3', '33f36d7e-f396-46d9-92e0-52428a3d5c8f'];
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
/** An API that knows itself by its host name does not answer to the distribution's. */
const KNOWS_ITS_HOST = ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi', 'AWS::Lambda::Url'];
/** Header behaviours that pass `Authorization` on. */
const PASSES_ALL = ['allViewer', 'allExcept', 'allViewerAndWhitelistCloudFront'];

interface Legacy {
  readonly Headers?: readonly string[];
}

function caches({ settings }: Behavior, from: TemplateResource, inventory: Inventory): boolean {
  const policy = settings['CachePolicyId'];
  if (policy === undefined) return (numberOf(settings['MaxTTL'], 'MaxTTL') ?? Number.POSITIVE_INFINITY) > 0;
  if (typeof policy === 'string') return policy !== CACHING_DISABLED;
  const own = inventory.mustFind(from, policy, 'the cache policy');
  return (own.number('CachePolicyConfig.MaxTTL') ?? Number.POSITIVE_INFINITY) > 0;
}

function forwards(
  { settings, origin }: Behavior,
  from: TemplateResource,
  inventory: Inventory,
): 'all' | 'host too' | 'less' {
  const hostMatters = KNOWS_ITS_HOST.includes(origin?.source?.type ?? '') || isApiGateway(origin?.settings);
  const policy = settings['OriginRequestPolicyId'];
  if (policy === undefined) {
    const { Headers = [] } = (settings['ForwardedValues'] ?? {}) as Legacy;
    return Headers.includes('Authorization') || Headers.includes('*') ? 'all' : 'less';
  }
  if (policy === ALL_VIEWER_EXCEPT_HOST_HEADER) return 'all';
  if (typeof policy === 'string') return ALL_VIEWER.includes(policy) ? (hostMatters ? 'host too' : 'all') : 'less';
  const headers = inventory
    .mustFind(from, policy, 'the origin request policy')
    .literal('OriginRequestPolicyConfig.HeadersConfig.HeaderBehavior');
  if (!PASSES_ALL.includes(String(headers))) return 'less';
  return hostMatters && headers !== 'allExcept' ? 'host too' : 'all';
}

const isApiGateway = (settings: Readonly<Record<string, unknown>> | undefined) =>
  /\.execute-api\.|\.lambda-url\./.test(textOf(settings?.['DomainName']));

export const cloudfrontApiNotCached: Rule = {
  id: 'cloudfront-api-not-cached',
  title: 'The behaviour of an API caches nothing, passes Authorization on and takes every method',
  why: 'A cached answer of an API goes to whoever asks for the same path next: one user sees the data of another. Without the Authorization header the API refuses every call.',
  fix: 'Use the managed cache policy CachingDisabled and the origin request policy AllViewerExceptHostHeader, and list all seven methods in AllowedMethods (AllowedMethods.ALLOW_ALL in the CDK).',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              { Id: 'api', DomainName: 'abc.execute-api.eu-west-1.amazonaws.com', CustomOriginConfig: {} },
              { Id: 'pages', DomainName: 'pages.s3.eu-west-1.amazonaws.com', S3OriginConfig: {} },
            ],
            CacheBehaviors: [
              {
                PathPattern: '/api/*',
                TargetOriginId: 'api',
                CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
                OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
                AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
              },
            ],
            DefaultCacheBehavior: { TargetOriginId: 'pages' },
          },
        },
      },
    },
    broken: [
      { 'Site.Properties.DistributionConfig.CacheBehaviors.0.CachePolicyId': null },
      {
        'Site.Properties.DistributionConfig.CacheBehaviors.0.CachePolicyId': { Ref: 'OneSecond' },
        OneSecond: {
          Type: 'AWS::CloudFront::CachePolicy',
          Properties: { CachePolicyConfig: { Name: 'one-second', MinTTL: 0, DefaultTTL: 0, MaxTTL: 1 } },
        },
      },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.0.OriginRequestPolicyId': null },
      {
        'Site.Properties.DistributionConfig.CacheBehaviors.0.OriginRequestPolicyId':
          '216adef6-5c7f-47e4-b989-5492eafa07d3',
      },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.0.AllowedMethods': null },
      {
        'Site.Properties.DistributionConfig.CacheBehaviors.0.AllowedMethods': [
          'GET',
          'HEAD',
          'OPTIONS',
          'PUT',
          'PATCH',
          'POST',
        ],
      },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const apis = behaviorsOf(distribution, inventory).filter(isApiBehavior);
    if (apis.length === 0) return notApplicable;
    return verdict(
      apis.flatMap((behavior) => {
        const where = typeof behavior.pattern === 'string' ? behavior.pattern : 'the default behaviour';
        const forwarded = forwards(behavior, distribution, inventory);
        const methods = itemsOf(behavior.settings['AllowedMethods'], 'AllowedMethods');
        return [
          caches(behavior, distribution, inventory) &&
            `${where} caches what is one user's own; allowed: the cache policy CachingDisabled`,
          forwarded === 'less' &&
            `${where} does not pass Authorization on; allowed: the origin request policy AllViewerExceptHostHeader`,
          forwarded === 'host too' &&
            `${where} passes the viewer's Host on, which the API does not know; allowed: AllViewerExceptHostHeader`,
          !METHODS.every((method) => methods.includes(method)) && `${where} does not take every method`,
        ];
      }),
    );
  },
};
