import { flagOf } from '../../../template/template-resource';
import { notApplicable, type Rule, verdict } from '../../rule';

/** With versioning nothing is ever deleted: superseded versions and bare delete markers pile up. */
export const s3NoncurrentVersionExpiry: Rule = {
  id: 's3-noncurrent-version-expiry',
  types: ['AWS::S3::Bucket'],
  check: (bucket) => {
    if (bucket.literal('VersioningConfiguration.Status') !== 'Enabled') return notApplicable;
    const rules = (bucket.list('LifecycleConfiguration.Rules') as Readonly<Record<string, unknown>>[]).filter(
      ({ Status }) => Status === 'Enabled',
    );
    return verdict([
      !rules.some(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration !== undefined) &&
        'no lifecycle rule with NoncurrentVersionExpiration',
      !rules.some(({ ExpiredObjectDeleteMarker: marker }) => flagOf(marker, 'ExpiredObjectDeleteMarker')) &&
        'no lifecycle rule with ExpiredObjectDeleteMarker',
    ]);
  },
};
