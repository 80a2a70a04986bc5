import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepProviderLogsInStack } from '../compute/provider-logs';
import { keepPolicyWith } from '../security/bucket-policy';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';

/** Props of {@link SiteBucket}. */
export interface SiteBucketProps {
  readonly stage: StageSettings;
  /** For the logs of the function that empties the bucket. */
  readonly encryptionKey: IKey;
}

/**
 * Holds the built site, for the distribution alone. Encrypted by Amazon S3 rather than a key of the pattern: the files are
 * public anyway, and the key's policy would have to name the distribution, which names the bucket, which names the key.
 */
export class SiteBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: SiteBucketProps) {
    super(scope, id);
    const empties = !props.stage.deletionProtection;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'superseded-versions', noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: props.stage.removalPolicy,
      autoDeleteObjects: empties ? true : undefined,
    });
    keepPolicyWith(this.bucket, props.stage);
    if (empties) keepProviderLogsInStack(this, 'Custom::S3AutoDeleteObjectsCustomResourceProvider', props);
    handles(
      this.bucket,
      's3-block-public-access',
      's3-abort-incomplete-multipart',
      's3-noncurrent-version-expiry',
      'encrypt-everything-at-rest',
      'tls-everywhere',
      'cloudfront-s3-oac',
    );
    const logging = 'Only the distribution reads it, and its access logs tell who asked for what.';
    const replication =
      'The site is built from source: another region gets it by a deployment, not by a copy of this bucket.';
    const key =
      'Encrypted by Amazon S3 (AES-256): the files are public, and a key whose policy names the distribution would close a cycle.';
    acknowledge(this.bucket, {
      'AwsSolutions::AwsSolutions-S1': logging,
      'HIPAA.Security::HIPAA.Security-S3BucketLoggingEnabled': logging,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled': logging,
      'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled': logging,
      'HIPAA.Security::HIPAA.Security-S3BucketReplicationEnabled': replication,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled': replication,
      'PCI.DSS.321::PCI.DSS.321-S3BucketReplicationEnabled': replication,
      'HIPAA.Security::HIPAA.Security-S3DefaultEncryptionKMS': key,
      'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS': key,
      'PCI.DSS.321::PCI.DSS.321-S3DefaultEncryptionKMS': key,
    });
  }
}
