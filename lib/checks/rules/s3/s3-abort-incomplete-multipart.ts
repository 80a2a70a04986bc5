import { numberOf } from '../../../template/template-resource';
import { mustHold, type Rule } from '../../rule';

const WEEK = 7;

export const s3AbortIncompleteMultipart: Rule = {
  id: 's3-abort-incomplete-multipart',
  title: 'A bucket deletes the parts of broken uploads within 7 days',
  why: 'The parts of a large upload that never ended are stored and billed forever, and no listing of the bucket shows them.',
  fix: 'Add a lifecycle rule with AbortIncompleteMultipartUpload, DaysAfterInitiation at most 7. In the CDK, abortIncompleteMultipartUploadAfter: Duration.days(7).',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html',
  example: {
    fixed: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          LifecycleConfiguration: {
            Rules: [{ Id: 'parts', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
          },
        },
      },
    },
    broken: [
      { 'Bucket.Properties.LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation': 8 },
      { 'Bucket.Properties.LifecycleConfiguration.Rules.0.Status': 'Disabled' },
      { 'Bucket.Properties.LifecycleConfiguration': null },
    ],
  },
  types: ['AWS::S3::Bucket'],
  check: (bucket) => {
    const rules = bucket.maps<{
      readonly Status?: string;
      readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: unknown };
    }>('LifecycleConfiguration.Rules');
    return mustHold(
      rules.some(
        ({ Status, AbortIncompleteMultipartUpload: abort }) =>
          Status === 'Enabled' &&
          (numberOf(abort?.DaysAfterInitiation, 'DaysAfterInitiation') ?? Number.POSITIVE_INFINITY) <= WEEK,
      ),
      'no lifecycle rule with AbortIncompleteMultipartUpload; allowed: within 7 days',
    );
  },
};
