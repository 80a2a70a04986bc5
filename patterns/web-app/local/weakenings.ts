import type { CatalogueId } from '../../../lib/checks';
import type { Weakening } from '../../../local/weaken/weakening';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const API = { 'items-api': 'web-app/handlers/items-api' };

/** What the web app can be run without, by catalogue id. */
export const WEB_APP_WEAKENINGS: Partial<Record<CatalogueId, Weakening>> = {
  'cache-aside': {
    without: 'the word to the cache that an item has changed',
    damage:
      'Whoever reads what they changed reads what it was, for up to a minute. It shows where there is a redis-server.',
    shows: /changes it, and reads the change: 200 200 200 as before/,
    handler: {
      handlers: API,
      source: 'patterns/web-app/runtime/items-repository.ts',
      replace: ['await this.#cache.forget(itemCacheKey(owner, id));', ''],
    },
  },
  'cloudfront-fronts-everything': {
    without: 'the look at the header that only the distribution knows',
    damage: 'The API answers whoever comes around the distribution, past its firewall.',
    shows: /asks the API around the distribution: 200, not 403/,
    handler: {
      handlers: API,
      source: 'patterns/web-app/runtime/application.ts',
      replace: ['check(c.req.header(ORIGIN_HEADER));', ''],
    },
  },
  'cloudfront-spa-fallback-keeps-api-errors': {
    without: 'the function that rewrites paths of the site: pages replace errors of the whole distribution',
    damage: 'What the API refuses, and files that are gone, come as a page with status 200.',
    shows: /asks for another user's item: 200, not 404/,
    template: (t) =>
      t.set(DISTRIBUTION, 'DistributionConfig', {
        ...(t.properties(DISTRIBUTION)['DistributionConfig'] as object),
        CustomErrorResponses: [403, 404].map((ErrorCode) => ({
          ErrorCode,
          ResponseCode: 200,
          ResponsePagePath: '/index.html',
        })),
      }),
  },
  's3-presigned-uploads': {
    without: 'the exact length in the presigned form',
    damage: 'Whoever was granted a small file sends one of 5 GB, and the bucket takes it.',
    shows: /sends a larger file than was asked for: 204, not 400/,
    handler: {
      handlers: API,
      source: 'lib/runtime/presigned-upload.ts',
      replace: ["[['content-length-range', size, size]]", '[]'],
    },
  },
};
