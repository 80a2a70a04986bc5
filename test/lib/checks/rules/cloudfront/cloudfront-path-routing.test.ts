import { cloudfrontPathRouting } from '../../../../../lib/checks/rules/cloudfront/cloudfront-path-routing';
import { cases, type Literals, PARAMETER } from '../../literal-fixture';

const bucket = { Id: 'pages', DomainName: 'pages.s3.amazonaws.com', S3OriginConfig: {} };
const api = { Id: 'api', DomainName: 'a.execute-api.eu-west-1.amazonaws.com', CustomOriginConfig: {} };
const DEFAULT = 'Site.DistributionConfig.DefaultCacheBehavior.TargetOriginId';
const site: Literals = {
  Site: [
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        Origins: [bucket, api],
        CacheBehaviors: [{ PathPattern: '/api/*', TargetOriginId: 'api' }],
        DefaultCacheBehavior: { TargetOriginId: 'pages' },
      },
    },
  ],
};
const unreached = 'no behaviour leads to the API; allowed: one such as /api/*';

cases(cloudfrontPathRouting, site, [
  ['compliant', 'each has its paths'],
  ['violation', 'pages go to the API', { [DEFAULT]: 'api' }, 'DefaultCacheBehavior goes to the API'],
  ['violation', 'nothing goes to the API', { 'Site.DistributionConfig.CacheBehaviors': [] }, unreached],
  [
    'violation',
    'nothing goes to one API of two',
    { 'Site.DistributionConfig.Origins.2': { ...api, Id: 'more' } },
    unreached,
  ],
  ['not-applicable', 'there is no API', { 'Site.DistributionConfig.Origins': [bucket] }],
  ['not-applicable', 'there is no bucket', { 'Site.DistributionConfig.Origins': [api] }],
  ['cannot-tell', 'a parameter says it', { 'Site.DistributionConfig': PARAMETER }],
]);
