import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { StageSettings } from '../stage/stage';

/** Lets a bucket's policy stay as long as the bucket: a bucket that is kept without it takes requests without TLS again. */
export function keepPolicyWith(bucket: Bucket, { removalPolicy }: Pick<StageSettings, 'removalPolicy'>): void {
  bucket.policy?.applyRemovalPolicy(removalPolicy);
}
