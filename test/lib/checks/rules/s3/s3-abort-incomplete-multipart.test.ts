import { s3AbortIncompleteMultipart } from '../../../../../lib/checks/rules/s3/s3-abort-incomplete-multipart';
import { bounds, cases, type Literals } from '../../literal-fixture';

const s3AbortIncompleteMultipartS = 'Bucket.LifecycleConfiguration.Rules';
const says = 'no lifecycle rule with AbortIncompleteMultipartUpload; allowed: within 7 days';
const bucket: Literals = {
  Bucket: [
    'AWS::S3::Bucket',
    {
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
      },
    },
  ],
};

bounds(
  s3AbortIncompleteMultipart,
  bucket,
  `${s3AbortIncompleteMultipartS}.0.AbortIncompleteMultipartUpload.DaysAfterInitiation`,
  { max: 7, unset: 'violation', says, named: false },
);
cases(s3AbortIncompleteMultipart, bucket, [
  ['violation', 'the rule is off', { [`${s3AbortIncompleteMultipartS}.0.Status`]: 'Disabled' }, says],
  [
    'violation',
    'the rule is another',
    { [`${s3AbortIncompleteMultipartS}.0.AbortIncompleteMultipartUpload`]: undefined },
    says,
  ],
  ['violation', 'there is none', { 'Bucket.LifecycleConfiguration': undefined }, says],
  [
    'compliant',
    'there is another, too',
    { [`${s3AbortIncompleteMultipartS}.1`]: { Status: 'Enabled', ExpirationInDays: 1 } },
  ],
]);
