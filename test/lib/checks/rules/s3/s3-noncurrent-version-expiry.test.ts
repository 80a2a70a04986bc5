import { s3NoncurrentVersionExpiry } from '../../../../../lib/checks/rules/s3/s3-noncurrent-version-expiry';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const s3NoncurrentVersionExpiryS = 'Bucket.LifecycleConfiguration.Rules';
const bucket: Literals = {
  Bucket: [
    'AWS::S3::Bucket',
    {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: {}, ExpiredObjectDeleteMarker: true }],
      },
    },
  ],
};
const versions = 'no lifecycle rule with NoncurrentVersionExpiration';
const markers = 'no lifecycle rule with ExpiredObjectDeleteMarker';

mustBe(
  s3NoncurrentVersionExpiry,
  bucket,
  `${s3NoncurrentVersionExpiryS}.0.ExpiredObjectDeleteMarker`,
  true,
  markers,
  'violation',
);
cases(s3NoncurrentVersionExpiry, bucket, [
  [
    'compliant',
    'two rules say it',
    {
      [`${s3NoncurrentVersionExpiryS}`]: [
        { Status: 'Enabled', NoncurrentVersionExpiration: {} },
        { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
      ],
    },
  ],
  [
    'violation',
    'versions stay',
    { [`${s3NoncurrentVersionExpiryS}.0.NoncurrentVersionExpiration`]: undefined },
    versions,
  ],
  ['violation', 'the rule is off', { [`${s3NoncurrentVersionExpiryS}.0.Status`]: 'Disabled' }, [versions, markers]],
  ['violation', 'there is none', { 'Bucket.LifecycleConfiguration': undefined }, [versions, markers]],
  [
    'not-applicable',
    'there are no versions',
    { 'Bucket.VersioningConfiguration': undefined, [s3NoncurrentVersionExpiryS]: [] },
  ],
  [
    'not-applicable',
    'there are none any more',
    { 'Bucket.VersioningConfiguration.Status': 'Suspended', [s3NoncurrentVersionExpiryS]: [] },
  ],
  ['cannot-tell', 'a parameter says it', { 'Bucket.VersioningConfiguration.Status': PARAMETER }],
]);
