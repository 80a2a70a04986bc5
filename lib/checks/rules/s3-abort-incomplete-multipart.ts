import { mustHold, type Rule } from '../rule';
import { numberOf } from '../template-resource';

const WEEK = 7;

/** Parts of uploads that broke off cost storage forever and are in no listing. */
export const s3AbortIncompleteMultipart: Rule = {
  id: 's3-abort-incomplete-multipart',
  types: ['AWS::S3::Bucket'],
  check: (bucket) => {
    const rules = bucket.list('LifecycleConfiguration.Rules') as {
      readonly Status?: string;
      readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: unknown };
    }[];
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
