import { cloudfrontSpaFallbackKeepsApiErrors } from '../../../../../lib/checks/rules/cloudfront/cloudfront-spa-fallback-keeps-api-errors';
import { cases, type Literals, PARAMETER } from '../../literal-fixture';

const ERRORS = 'Site.DistributionConfig.CustomErrorResponses';
const site: Literals = {
  Site: [
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        CacheBehaviors: [{ PathPattern: '/api/*' }],
        CustomErrorResponses: [{ ErrorCode: 403, ErrorCachingMinTTL: 0 }, { ErrorCode: 404 }],
      },
    },
  ],
};
const page = '/index.html';

cases(cloudfrontSpaFallbackKeepsApiErrors, site, [
  ['compliant', 'errors stay errors'],
  ['compliant', 'nothing is said of them', { [ERRORS]: undefined }],
  ['violation', 'a 404 becomes a page', { [`${ERRORS}.1.ResponsePagePath`]: page }, 'a 404 of the API becomes a page'],
  [
    'violation',
    'both do',
    { [`${ERRORS}.0.ResponsePagePath`]: page, [`${ERRORS}.1.ResponsePagePath`]: page },
    'a 403, 404 of',
  ],
  [
    'not-applicable',
    'there is no API',
    { 'Site.DistributionConfig.CacheBehaviors': [], [`${ERRORS}.0.ResponsePagePath`]: page },
  ],
  ['cannot-tell', 'a parameter says it', { [ERRORS]: PARAMETER }],
]);
