import { CachePolicy, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, table } from './rule-table-fixture';
import {
  balanced,
  behavior,
  CONFIG,
  DISTRIBUTION,
  origin,
  type Settings,
  setBehavior,
  site,
  siteAlone,
} from './site-template-fixture';

const DEPLOYMENT = 'Custom::CDKBucketDeployment';

table('cloudfront-path-routing', DISTRIBUTION, site, [
  { verdict: 'compliant', when: '/api/* is the API, the rest the bucket' },
  {
    verdict: 'violation',
    when: 'the rest is the API',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.DefaultCacheBehavior.TargetOriginId`, behavior(t)['TargetOriginId']),
    says: /DefaultCacheBehavior/,
  },
  {
    verdict: 'violation',
    when: 'nothing leads to the API',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.CacheBehaviors`, []),
  },
  { verdict: 'not-applicable', when: 'there is a site alone', change: siteAlone },
  {
    verdict: 'cannot-tell',
    when: 'behaviours are a parameter',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.CacheBehaviors`, PARAMETER),
  },
]);

const ownPolicy = (MaxTTL: number) => (t: MutableTemplate) => {
  t.add('Own', 'AWS::CloudFront::CachePolicy', { CachePolicyConfig: { MaxTTL } });
  behavior(t)['CachePolicyId'] = { Ref: 'Own' };
};
const ownForwarding = (HeaderBehavior: string) => (t: MutableTemplate) => {
  t.add('Own', 'AWS::CloudFront::OriginRequestPolicy', {
    OriginRequestPolicyConfig: { HeadersConfig: { HeaderBehavior } },
  });
  behavior(t)['OriginRequestPolicyId'] = { Ref: 'Own' };
};

table('cloudfront-api-not-cached', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'it is not cached, and gets what the viewer sent' },
  {
    verdict: 'violation',
    when: 'it is cached as files are',
    change: setBehavior({ CachePolicyId: CachePolicy.CACHING_OPTIMIZED.cachePolicyId }),
    says: /caches/,
  },
  {
    verdict: 'violation',
    when: 'it is cached as the origin says',
    change: setBehavior({ CachePolicyId: CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS.cachePolicyId }),
  },
  { verdict: 'violation', when: 'a policy of its own caches', change: ownPolicy(60), says: /caches/ },
  { verdict: 'compliant', when: 'a policy of its own does not', change: ownPolicy(0) },
  {
    verdict: 'violation',
    when: 'tokens get lost',
    change: setBehavior({ OriginRequestPolicyId: undefined }),
    says: /Authorization/,
  },
  {
    verdict: 'violation',
    when: 'headers are listed, which cannot hold Authorization',
    change: ownForwarding('whitelist'),
    says: /Authorization/,
  },
  { verdict: 'compliant', when: 'all but some go on', change: ownForwarding('allExcept') },
  {
    verdict: 'violation',
    when: "the API gets the site's host",
    change: setBehavior({ OriginRequestPolicyId: OriginRequestPolicy.ALL_VIEWER.originRequestPolicyId }),
    says: /Host/,
  },
  {
    verdict: 'violation',
    when: 'nothing can be written',
    change: setBehavior({ AllowedMethods: ['GET', 'HEAD'] }),
    says: /method/,
  },
  {
    verdict: 'violation',
    when: 'the old settings cache',
    change: setBehavior({
      CachePolicyId: undefined,
      OriginRequestPolicyId: undefined,
      ForwardedValues: { Headers: ['Authorization'] },
    }),
    says: /caches/,
  },
  {
    verdict: 'violation',
    when: "it is cached, and somebody's server answers it",
    change: [
      (t) => Object.assign(origin(t, 1), { DomainName: 'shop.example.com' }),
      setBehavior({ CachePolicyId: CachePolicy.CACHING_OPTIMIZED.cachePolicyId }),
    ],
    says: /caches/,
  },
  { verdict: 'not-applicable', when: 'there is a site alone', change: siteAlone },
  { verdict: 'cannot-tell', when: 'the policy is a parameter', change: setBehavior({ CachePolicyId: PARAMETER }) },
]);

table('cloudfront-api-not-cached', DISTRIBUTION, balanced, [
  { verdict: 'compliant', when: 'a load balancer gets all' },
  {
    verdict: 'violation',
    when: 'a load balancer that takes writes is cached',
    change: (t) =>
      t.set(DISTRIBUTION, `${CONFIG}.DefaultCacheBehavior.CachePolicyId`, CachePolicy.CACHING_OPTIMIZED.cachePolicyId),
  },
  {
    verdict: 'not-applicable',
    when: 'a load balancer serves files',
    change: (t) => t.drop(DISTRIBUTION, `${CONFIG}.DefaultCacheBehavior.AllowedMethods`),
  },
]);

const errors = (change: (entry: Settings) => void) => (t: MutableTemplate) =>
  change(
    (t.properties(DISTRIBUTION)[CONFIG] as { CustomErrorResponses: Settings[] }).CustomErrorResponses[6] as Settings,
  );

table('cloudfront-error-caching-ttl', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'each code is kept for a second' },
  {
    verdict: 'violation',
    when: 'a code is kept for ten',
    change: errors((entry) => (entry['ErrorCachingMinTTL'] = 10)),
    says: /504/,
  },
  { verdict: 'violation', when: 'a code does not say', change: errors((entry) => delete entry['ErrorCachingMinTTL']) },
  {
    verdict: 'violation',
    when: 'there are none',
    change: (t) => t.drop(DISTRIBUTION, `${CONFIG}.CustomErrorResponses`),
    says: /400, 403/,
  },
  {
    verdict: 'cannot-tell',
    when: 'they are a parameter',
    change: (t) => t.set(DISTRIBUTION, `${CONFIG}.CustomErrorResponses`, PARAMETER),
  },
]);

const rewrite = errors((entry) => Object.assign(entry, { ResponsePagePath: '/index.html', ResponseCode: 200 }));
table('cloudfront-spa-fallback-keeps-api-errors', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'errors stay errors' },
  { verdict: 'violation', when: 'errors of the API become a page', change: rewrite, says: /504/ },
  { verdict: 'not-applicable', when: 'there is no API', change: [siteAlone, rewrite] },
]);

const control = (value: string, containing: string) => (t: MutableTemplate) =>
  t.set(DEPLOYMENT, 'SystemMetadata.cache-control', value, containing);
table('cloudfront-versioned-assets', DEPLOYMENT, site, [
  { verdict: 'compliant', when: 'assets are kept, and pages asked for' },
  {
    verdict: 'violation',
    when: 'assets are kept for a day',
    change: control('public, max-age=86400', 'Assets'),
    says: /for good/,
  },
  {
    verdict: 'violation',
    when: 'pages are kept, too',
    change: control('public, max-age=31536000, immutable', 'Pages'),
    says: /no-cache/,
  },
  {
    verdict: 'violation',
    when: 'nothing is said',
    change: (t) => t.drop(DEPLOYMENT, 'SystemMetadata', 'Assets'),
    says: /Cache-Control/,
  },
  { verdict: 'not-applicable', when: 'no distribution serves the bucket', change: (t) => t.remove(DISTRIBUTION) },
  {
    verdict: 'cannot-tell',
    when: 'the bucket is elsewhere',
    change: (t) => t.set(DEPLOYMENT, 'DestinationBucketName', PARAMETER),
  },
]);

const patterns =
  (...all: unknown[]) =>
  (t: MutableTemplate) =>
    t.set(
      DISTRIBUTION,
      `${CONFIG}.CacheBehaviors`,
      all.map((PathPattern) => ({ ...behavior(t), PathPattern })),
    );
table('cloudfront-behavior-order', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'there is one' },
  { verdict: 'compliant', when: 'the narrow one is first', change: patterns('/api/v1/*', '/api/*') },
  {
    verdict: 'violation',
    when: 'the wide one is first',
    change: patterns('/api/*', 'api/v1/*'),
    says: /api\/v1\/\* is never used/,
  },
  {
    verdict: 'violation',
    when: 'one takes everything',
    change: patterns('/api/*', '*'),
    says: /default behaviour is never used/,
  },
  {
    verdict: 'compliant',
    when: 'look-alikes do not cover each other',
    change: patterns('/api/?', '/api/??', '/apis/*'),
  },
  { verdict: 'not-applicable', when: 'there is none', change: siteAlone },
  { verdict: 'cannot-tell', when: 'one is a parameter', change: patterns(PARAMETER) },
]);

table('cloudfront-s3-oac', DISTRIBUTION, site, [
  { verdict: 'compliant', when: 'CDK sets control and policy' },
  { verdict: 'violation', when: 'there is no control', change: (t) => delete origin(t, 0)['OriginAccessControlId'] },
  {
    verdict: 'violation',
    when: 'it is the old identity',
    change: (t) => (origin(t, 0)['S3OriginConfig'] = { OriginAccessIdentity: 'oai' }),
  },
  {
    verdict: 'violation',
    when: 'the policy is gone',
    change: (t) => t.remove('AWS::S3::BucketPolicy'),
    says: /policy of Site/,
  },
  {
    verdict: 'violation',
    when: 'the policy lets every distribution in',
    change: (t) => {
      const { Statement } = t.properties('AWS::S3::BucketPolicy')['PolicyDocument'] as { Statement: Settings[] };
      for (const statement of Statement) delete statement['Condition'];
    },
  },
  {
    verdict: 'violation',
    when: 'it is a public website',
    change: (t) => {
      delete origin(t, 0)['S3OriginConfig'];
      origin(t, 0)['DomainName'] = 'mine.s3-website-eu-west-1.amazonaws.com';
    },
    says: /website/,
  },
  {
    verdict: 'cannot-tell',
    when: 'the bucket is elsewhere',
    change: (t) => (origin(t, 0)['DomainName'] = 'theirs.s3.amazonaws.com'),
  },
]);

table('cloudfront-s3-oac', DISTRIBUTION, balanced, [
  { verdict: 'not-applicable', when: 'there is no bucket' },
  { verdict: 'violation', when: 'there is one without control', change: (t) => (origin(t, 0)['S3OriginConfig'] = {}) },
]);
