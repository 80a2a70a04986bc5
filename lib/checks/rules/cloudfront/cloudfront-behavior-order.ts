import { covers } from '../../../facts/path-patterns';
import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { notApplicable, type Rule, verdict } from '../../rule';

const EVERYTHING = '/*';

/** Behaviours match in order, so a wide pattern first swallows the narrow one. */
export const cloudfrontBehaviorOrder: Rule = {
  id: 'cloudfront-behavior-order',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution) => {
    const behaviors = distribution.list('DistributionConfig.CacheBehaviors') as { readonly PathPattern?: unknown }[];
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
