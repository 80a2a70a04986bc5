import type { TemplateResource } from '../../../template/template-resource';
import { distributionsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

const DEPLOYMENT = 'Custom::CDKBucketDeployment';
const YEAR_SECONDS = 31_536_000;

function cacheControl(deployment: TemplateResource): string {
  const metadata = (deployment.literal('SystemMetadata') ?? {}) as Record<string, unknown>;
  return String(metadata['cache-control'] ?? '');
}

/** Whether browsers may keep a file for good. */
function isForGood(control: string): boolean {
  return /\bimmutable\b/.test(control) && Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0) >= YEAR_SECONDS;
}

/** Whether browsers must ask each time. */
const isAskedFor = (control: string): boolean => /\bno-cache\b|\bno-store\b|max-age=0\b/.test(control);

function bucketOf(deployment: TemplateResource, inventory: Inventory): TemplateResource {
  return inventory.mustFind(deployment, deployment.get('DestinationBucketName'), 'the bucket');
}

/** Ship hashed filenames instead of invalidating. */
export const cloudfrontVersionedAssets: Rule = {
  id: 'cloudfront-versioned-assets',
  types: [DEPLOYMENT],
  check: (deployment, inventory) => {
    const bucket = bucketOf(deployment, inventory);
    if (distributionsOf(bucket, inventory).length === 0) return notApplicable;
    const controls = inventory
      .ofType(DEPLOYMENT)
      .filter((each) => inventory.names(each, each.get('DestinationBucketName'), bucket))
      .map(cacheControl);
    return verdict([
      cacheControl(deployment) === '' &&
        'its files have no Cache-Control, so edges and browsers keep them as they like',
      !controls.some(isForGood) &&
        `no file is kept for good; allowed: public,max-age=${YEAR_SECONDS},immutable on files with a hash in their names`,
      !controls.some(isAskedFor) && 'no page is asked for anew; allowed: no-cache on index.html',
    ]);
  },
};
