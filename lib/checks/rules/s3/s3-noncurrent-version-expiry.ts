import { flagOf } from '../../../template/template-resource';
import { notApplicable, type Rule, verdict } from '../../rule';

export const s3NoncurrentVersionExpiry: Rule = {
  id: 's3-noncurrent-version-expiry',
  title: 'A versioned bucket deletes old versions, and the markers of deleted objects',
  why: 'With versioning nothing is ever deleted: each overwritten or deleted file stays as an old version, and is billed forever. A bucket that looks empty may hold terabytes.',
  fix: 'Add lifecycle rules with NoncurrentVersionExpiration and with ExpiredObjectDeleteMarker true. In the CDK, noncurrentVersionExpiration and expiredObjectDeleteMarker.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html',
  example: {
    fixed: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          LifecycleConfiguration: {
            Rules: [
              {
                Id: 'versions',
                Status: 'Enabled',
                NoncurrentVersionExpiration: { NoncurrentDays: 30 },
                ExpiredObjectDeleteMarker: true,
              },
            ],
          },
        },
      },
    },
    broken: [
      { 'Bucket.Properties.LifecycleConfiguration': null },
      { 'Bucket.Properties.LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration': null },
      { 'Bucket.Properties.LifecycleConfiguration.Rules.0.ExpiredObjectDeleteMarker': null },
      { 'Bucket.Properties.LifecycleConfiguration.Rules.0.Status': 'Disabled' },
    ],
  },
  types: ['AWS::S3::Bucket'],
  check: (bucket) => {
    if (bucket.literal('VersioningConfiguration.Status') !== 'Enabled') return notApplicable;
    const rules = bucket.maps('LifecycleConfiguration.Rules').filter(({ Status }) => Status === 'Enabled');
    return verdict([
      !rules.some(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration !== undefined) &&
        'no lifecycle rule with NoncurrentVersionExpiration',
      !rules.some(({ ExpiredObjectDeleteMarker: marker }) => flagOf(marker, 'ExpiredObjectDeleteMarker')) &&
        'no lifecycle rule with ExpiredObjectDeleteMarker',
    ]);
  },
};
