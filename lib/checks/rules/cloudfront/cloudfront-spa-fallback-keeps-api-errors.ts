import { behaviorsOf, isApiBehavior } from '../../distribution';
import { mustHold, notApplicable, type Rule } from '../../rule';

export const cloudfrontSpaFallbackKeepsApiErrors: Rule = {
  id: 'cloudfront-spa-fallback-keeps-api-errors',
  title: 'A distribution with an API replaces no error by a page',
  why: 'Error pages hold for the whole distribution: a 403 or 404 of the API becomes index.html with status 200, and the client reads HTML where it expects an error in JSON.',
  fix: 'Take ResponsePagePath out of CustomErrorResponses, and send the paths of a single-page app to index.html by a CloudFront Function on the behaviour of the site.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CacheBehaviors: [{ PathPattern: '/api/*', TargetOriginId: 'api' }],
            CustomErrorResponses: [{ ErrorCode: 404, ErrorCachingMinTTL: 0 }],
            DefaultCacheBehavior: {
              TargetOriginId: 'pages',
              FunctionAssociations: [
                {
                  EventType: 'viewer-request',
                  FunctionARN: { 'Fn::GetAtt': ['Routes', 'FunctionARN'] },
                },
              ],
            },
          },
        },
      },
      Routes: { Type: 'AWS::CloudFront::Function', Properties: { Name: 'routes' } },
    },
    broken: [
      {
        'Site.Properties.DistributionConfig.CustomErrorResponses': [
          { ErrorCode: 404, ResponseCode: 200, ResponsePagePath: '/index.html', ErrorCachingMinTTL: 0 },
        ],
      },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    if (!behaviorsOf(distribution, inventory).some(isApiBehavior)) return notApplicable;
    const pages = distribution
      .maps<{
        readonly ErrorCode?: unknown;
        readonly ResponsePagePath?: unknown;
      }>('DistributionConfig.CustomErrorResponses')
      .filter(({ ResponsePagePath }) => ResponsePagePath !== undefined);
    return mustHold(
      pages.length === 0,
      `a ${pages.map(({ ErrorCode }) => String(ErrorCode)).join(', ')} of the API becomes a page (ResponsePagePath); allowed: a CloudFront Function on the site's behaviour`,
    );
  },
};
