import { cloudfrontApiNotCached } from '../../../../../lib/checks/rules/cloudfront/cloudfront-api-not-cached';
import { att, type Case, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const SITE = 'AWS::CloudFront::Distribution';
const OFF = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const ALL_VIEWER = ['216adef6-5c7f-47e4-b989-5492eafa07d3', '33f36d7e-f396-46d9-92e0-52428a3d5c8f'];
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];
const BEHAVIOR = 'Site.DistributionConfig.CacheBehaviors.0';
const DOMAIN = 'Site.DistributionConfig.Origins.0.DomainName';
const api = {
  PathPattern: '/api/*',
  TargetOriginId: 'api',
  CachePolicyId: OFF,
  OriginRequestPolicyId: EXCEPT_HOST,
  AllowedMethods: METHODS,
};
const site: Literals = {
  Site: [
    SITE,
    {
      DistributionConfig: {
        Origins: [{ Id: 'api', DomainName: att('Api', 'Domain'), CustomOriginConfig: {} }],
        CacheBehaviors: [api],
        DefaultCacheBehavior: { TargetOriginId: 'pages' },
      },
    },
  ],
  Api: ['AWS::ApiGatewayV2::Api', {}],
};
const caches = '/api/* caches what is one user’s own'.replace('’', "'");
const drops = '/api/* does not pass Authorization on; allowed: the origin request policy AllViewerExceptHostHeader';
const host = "/api/* passes the viewer's Host on";
const policy = (MaxTTL?: unknown) => ({
  [`${BEHAVIOR}.CachePolicyId`]: ref('Cached'),
  Cached: ['AWS::CloudFront::CachePolicy', { CachePolicyConfig: MaxTTL === undefined ? {} : { MaxTTL } }],
});
const requests = (HeaderBehavior: unknown, more = {}) => ({
  [`${BEHAVIOR}.OriginRequestPolicyId`]: ref('Passed'),
  Passed: [
    'AWS::CloudFront::OriginRequestPolicy',
    { OriginRequestPolicyConfig: { HeadersConfig: { HeaderBehavior } } },
  ],
  ...more,
});
const elsewhere = { [DOMAIN]: 'api.example.com' };

cases(cloudfrontApiNotCached, site, [
  ['compliant', 'nothing is cached, and everything passed on'],
  ['violation', 'another managed policy caches', { [`${BEHAVIOR}.CachePolicyId`]: 'other' }, caches],
  ['compliant', 'its own policy keeps nothing', policy(0)],
  ['violation', 'its own policy keeps a second', policy(1), caches],
  ['violation', 'its own policy does not say', policy(), caches],
  ['cannot-tell', 'a parameter says', policy(PARAMETER)],
  ['cannot-tell', 'its policy is elsewhere', { [`${BEHAVIOR}.CachePolicyId`]: PARAMETER }],
  ['violation', 'it has none', { [`${BEHAVIOR}.CachePolicyId`]: undefined }, caches],
  ['compliant', 'the old way keeps nothing', { [`${BEHAVIOR}.CachePolicyId`]: undefined, [`${BEHAVIOR}.MaxTTL`]: 0 }],
  [
    'violation',
    'the old way keeps a second',
    { [`${BEHAVIOR}.CachePolicyId`]: undefined, [`${BEHAVIOR}.MaxTTL`]: '1' },
    caches,
  ],
  [
    'cannot-tell',
    'a parameter says it the old way',
    { [`${BEHAVIOR}.CachePolicyId`]: undefined, [`${BEHAVIOR}.MaxTTL`]: PARAMETER },
  ],
  ...ALL_VIEWER.flatMap((id): Case[] => [
    ['violation', `${id} passes the host on`, { [`${BEHAVIOR}.OriginRequestPolicyId`]: id }, host],
    ['compliant', `${id} may, to a server`, { [`${BEHAVIOR}.OriginRequestPolicyId`]: id, ...elsewhere }],
    [
      'violation',
      `${id}, to an API by its name`,
      { [`${BEHAVIOR}.OriginRequestPolicyId`]: id, [DOMAIN]: 'a.execute-api.eu-west-1.amazonaws.com' },
      host,
    ],
    [
      'violation',
      `${id}, to a function by its name`,
      { [`${BEHAVIOR}.OriginRequestPolicyId`]: id, [DOMAIN]: 'a.lambda-url.eu-west-1.on.aws' },
      host,
    ],
  ]),
  ...['AWS::ApiGateway::RestApi', 'AWS::Lambda::Url'].map(
    (type): Case => ['violation', `a ${type} knows its host`, { Api: [type, {}], ...requests('allViewer') }, host],
  ),
  ['violation', 'another managed policy drops', { [`${BEHAVIOR}.OriginRequestPolicyId`]: 'other' }, drops],
  ['compliant', 'its own passes all but some', requests('allExcept')],
  ['violation', 'its own passes all', requests('allViewer'), host],
  ['violation', 'its own passes all and more', requests('allViewerAndWhitelistCloudFront'), host],
  ['compliant', 'its own passes all, to a server', requests('allViewerAndWhitelistCloudFront', elsewhere)],
  ['compliant', 'its own passes all that there is, to a server', requests('allViewer', elsewhere)],
  ['violation', 'its own passes some', requests('whitelist'), drops],
  ['cannot-tell', 'a parameter says what its own passes', requests(PARAMETER)],
  ['violation', 'it has none', { [`${BEHAVIOR}.OriginRequestPolicyId`]: undefined }, drops],
  ...['Authorization', '*'].map(
    (header): Case => [
      'compliant',
      `the old way passes ${header}`,
      {
        [`${BEHAVIOR}.OriginRequestPolicyId`]: undefined,
        [`${BEHAVIOR}.ForwardedValues`]: { Headers: ['Accept', header] },
      },
    ],
  ),
  [
    'violation',
    'the old way passes another',
    { [`${BEHAVIOR}.OriginRequestPolicyId`]: undefined, [`${BEHAVIOR}.ForwardedValues`]: { Headers: ['Accept'] } },
    drops,
  ],
  ...METHODS.map(
    (method): Case => [
      'violation',
      `${method} is not taken`,
      { [`${BEHAVIOR}.AllowedMethods`]: METHODS.filter((each) => each !== method) },
      '/api/* does not take every method',
    ],
  ),
  ['violation', 'no method is named', { [`${BEHAVIOR}.AllowedMethods`]: undefined }, 'every method'],
  ['not-applicable', 'it serves no API', { 'Site.DistributionConfig.CacheBehaviors': [] }],
  [
    'violation',
    'the default behaviour is the API',
    {
      'Site.DistributionConfig.CacheBehaviors': [],
      'Site.DistributionConfig.DefaultCacheBehavior': { ...api, CachePolicyId: 'other' },
    },
    'the default behaviour caches',
  ],
]);
