import { behaviorsOf, originsOf } from '../../distribution';
import { notApplicable, type Rule, verdict } from '../../rule';

/** `/api/*` goes to the API and everything else to S3. */
export const cloudfrontPathRouting: Rule = {
  id: 'cloudfront-path-routing',
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
