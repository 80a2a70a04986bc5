import { cloudfrontErrorCachingTtl } from '../../../../../lib/checks/rules/cloudfront/cloudfront-error-caching-ttl';
import { bounds, type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const CODES = [400, 403, 404, 500, 502, 503, 504];
const ERRORS = 'Site.DistributionConfig.CustomErrorResponses';
const CustomErrorResponses = CODES.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 5 }));
const site: Literals = { Site: ['AWS::CloudFront::Distribution', { DistributionConfig: { CustomErrorResponses } }] };
const says = 'are kept for longer than 5 s; allowed: ErrorCachingMinTTL of 0 to 5 for each code';

bounds(cloudfrontErrorCachingTtl, site, `${ERRORS}.3.ErrorCachingMinTTL`, {
  max: 5,
  unset: 'violation',
  says: `errors 500 ${says}`,
  named: false,
});
cases(cloudfrontErrorCachingTtl, site, [
  ...CODES.map(
    (code): Case => [
      'violation',
      `${code} is not said`,
      { [ERRORS]: CustomErrorResponses.filter(({ ErrorCode }) => ErrorCode !== code) },
      `errors ${code} ${says}`,
    ],
  ),
  ['compliant', 'codes are texts', { [`${ERRORS}.0.ErrorCode`]: '400' }],
  ['violation', 'none is said', { [ERRORS]: undefined }, `errors ${CODES.join(', ')} are kept`],
  ['cannot-tell', 'a parameter is a code', { [`${ERRORS}.0.ErrorCode`]: PARAMETER }],
]);
