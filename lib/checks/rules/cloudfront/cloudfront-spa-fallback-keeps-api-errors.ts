import { behaviorsOf, isApiBehavior } from '../../distribution';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Error-page rewrites are distribution-wide and would turn API 403/404 into index.html. */
export const cloudfrontSpaFallbackKeepsApiErrors: Rule = {
  id: 'cloudfront-spa-fallback-keeps-api-errors',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    if (!behaviorsOf(distribution, inventory).some(isApiBehavior)) return notApplicable;
    const pages = (
      distribution.list('DistributionConfig.CustomErrorResponses') as {
        readonly ErrorCode?: unknown;
        readonly ResponsePagePath?: unknown;
      }[]
    ).filter(({ ResponsePagePath }) => ResponsePagePath !== undefined);
    return mustHold(
      pages.length === 0,
      `a ${pages.map(({ ErrorCode }) => String(ErrorCode)).join(', ')} of the API becomes a page (ResponsePagePath); allowed: a CloudFront Function on the site's behaviour`,
    );
  },
};
