import { covers } from '../../../facts/path-patterns';
import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { notApplicable, type Rule, verdict } from '../../rule';

const EVERYTHING = '/*';

export const cloudfrontBehaviorOrder: Rule = {
  id: 'cloudfront-behavior-order',
  title: 'No path pattern comes after one that takes all of its requests',
  why: 'CloudFront takes the first pattern that matches. A wide pattern in front of a narrow one answers its requests: an API call then gets a page, or a private path the rules of a public one.',
  fix: 'Put the narrow PathPattern before the wide one in CacheBehaviors, and leave everything else to DefaultCacheBehavior instead of a pattern *.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CacheBehaviors: [
              { PathPattern: '/api/admin/*', TargetOriginId: 'admin' },
              { PathPattern: '/api/*', TargetOriginId: 'api' },
            ],
            DefaultCacheBehavior: { TargetOriginId: 'pages' },
          },
        },
      },
    },
    broken: [
      {
        'Site.Properties.DistributionConfig.CacheBehaviors': [
          { PathPattern: '/api/*', TargetOriginId: 'api' },
          { PathPattern: '/api/admin/*', TargetOriginId: 'admin' },
        ],
      },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.1.PathPattern': '/api/admin/*' },
      { 'Site.Properties.DistributionConfig.CacheBehaviors.1.PathPattern': '*' },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution) => {
    const behaviors = distribution.maps<{ readonly PathPattern?: unknown }>('DistributionConfig.CacheBehaviors');
    if (behaviors.length === 0) return notApplicable;
    const patterns = behaviors.map(({ PathPattern }) => {
      if (isIntrinsic(PathPattern)) throw new CannotTell('a PathPattern is known only at deployment');
      return String(PathPattern);
    });
    return verdict(
      patterns.flatMap((pattern, index) => {
        const earlier = patterns.slice(0, index).find((before) => covers(before, pattern));
        return [
          covers(pattern, EVERYTHING) && `${pattern} is listed, and the default behaviour is never used`,
          earlier !== undefined && `${pattern} is never used: ${earlier} before it takes its requests`,
        ];
      }),
    );
  },
};
