import { numberOf } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

const CODES = [400, 403, 404, 500, 502, 503, 504];
const SECONDS = 5;
/** What CloudFormation takes for an entry that does not say (AWS: CustomErrorResponse ErrorCachingMinTTL). */
const UNSTATED_SECONDS = 300;

/** Cached 5xx turns a blip into an outage: set error TTLs to 0-5 s. */
export const cloudfrontErrorCachingTtl: Rule = {
  id: 'cloudfront-error-caching-ttl',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution) => {
    const entries = distribution.list('DistributionConfig.CustomErrorResponses') as {
      readonly ErrorCode?: unknown;
      readonly ErrorCachingMinTTL?: unknown;
    }[];
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
