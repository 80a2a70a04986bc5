import { numberOf } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

const CODES = [400, 403, 404, 500, 502, 503, 504];
const SECONDS = 5;
/** What CloudFormation takes for an entry that does not say (AWS: CustomErrorResponse ErrorCachingMinTTL). */
const UNSTATED_SECONDS = 300;

export const cloudfrontErrorCachingTtl: Rule = {
  id: 'cloudfront-error-caching-ttl',
  title: 'CloudFront keeps no error answer for longer than 5 seconds',
  why: 'CloudFront keeps an error for 10 seconds by default, and for 300 once an error response is listed without a time. A fault of one second at the origin is then an outage of five minutes.',
  fix: 'List 400, 403, 404, 500, 502, 503 and 504 in CustomErrorResponses, each with ErrorCachingMinTTL of 0 to 5.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CustomErrorResponses: [
              { ErrorCode: 400, ErrorCachingMinTTL: 5 },
              { ErrorCode: 403, ErrorCachingMinTTL: 5 },
              { ErrorCode: 404, ErrorCachingMinTTL: 5 },
              { ErrorCode: 500, ErrorCachingMinTTL: 5 },
              { ErrorCode: 502, ErrorCachingMinTTL: 5 },
              { ErrorCode: 503, ErrorCachingMinTTL: 5 },
              { ErrorCode: 504, ErrorCachingMinTTL: 0 },
            ],
          },
        },
      },
    },
    broken: [
      { 'Site.Properties.DistributionConfig.CustomErrorResponses': null },
      { 'Site.Properties.DistributionConfig.CustomErrorResponses.0.ErrorCachingMinTTL': 6 },
      { 'Site.Properties.DistributionConfig.CustomErrorResponses.5.ErrorCachingMinTTL': null },
      { 'Site.Properties.DistributionConfig.CustomErrorResponses.6.ErrorCode': 501 },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution) => {
    const entries = distribution.maps<{
      readonly ErrorCode?: unknown;
      readonly ErrorCachingMinTTL?: unknown;
    }>('DistributionConfig.CustomErrorResponses');
    const bad = CODES.filter((code) => {
      const entry = entries.find(({ ErrorCode }) => numberOf(ErrorCode, 'ErrorCode') === code);
      return (
        entry === undefined || (numberOf(entry.ErrorCachingMinTTL, 'ErrorCachingMinTTL') ?? UNSTATED_SECONDS) > SECONDS
      );
    });
    return mustHold(
      bad.length === 0,
      `errors ${bad.join(', ')} are kept for longer than ${SECONDS} s; allowed: ErrorCachingMinTTL of 0 to ${SECONDS} for each code`,
    );
  },
};
