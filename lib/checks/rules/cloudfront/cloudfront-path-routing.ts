import { behaviorsOf, originsOf } from '../../distribution';
import { notApplicable, type Rule, verdict } from '../../rule';

export const cloudfrontPathRouting: Rule = {
  id: 'cloudfront-path-routing',
  title: 'A path such as /api/* goes to the API, and everything else to the bucket',
  why: 'With the API as the default origin, each page and picture is a billed API call that answers 404. Without a behaviour for the API, its calls get a page of the site.',
  fix: 'Let DefaultCacheBehavior target the bucket, and add a CacheBehaviors entry such as /api/* that targets the API.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              { Id: 'pages', DomainName: 'pages.s3.eu-west-1.amazonaws.com', S3OriginConfig: {} },
              { Id: 'api', DomainName: 'abc.execute-api.eu-west-1.amazonaws.com', CustomOriginConfig: {} },
            ],
            CacheBehaviors: [{ PathPattern: '/api/*', TargetOriginId: 'api' }],
            DefaultCacheBehavior: { TargetOriginId: 'pages' },
          },
        },
      },
    },
    broken: [
      { 'Site.Properties.DistributionConfig.CacheBehaviors': null },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.0.TargetOriginId': 'pages' },
      { 'Site.Properties.DistributionConfig.DefaultCacheBehavior.TargetOriginId': 'api' },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const origins = originsOf(distribution, inventory);
    const apis = origins.filter(({ kind }) => kind === 'api');
    // With a site alone, or an API alone, there is nothing to tell apart.
    if (apis.length === 0 || !origins.some(({ kind }) => kind === 'bucket')) return notApplicable;
    const behaviors = behaviorsOf(distribution, inventory);
    const rest = behaviors.at(-1)?.origin;
    const unreached = apis.filter(
      ({ settings }) => !behaviors.some(({ origin }) => origin?.settings['Id'] === settings['Id']),
    );
    return verdict([
      rest?.kind === 'api' &&
        'DefaultCacheBehavior goes to the API, so pages do; allowed: the bucket, and a behaviour such as /api/* for the API',
      unreached.length > 0 && 'no behaviour leads to the API; allowed: one such as /api/*',
    ]);
  },
};
