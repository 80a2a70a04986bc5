import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { keepProviderLogsInStack } from '../compute/provider-logs';
import { keepPolicyWith } from '../security/bucket-policy';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { nagResource } from '../validation/nag-resource';

/** Props of {@link PrivateBucket}. */
export interface PrivateBucketProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** What expires or moves to colder storage. Superseded versions (30 days) and broken uploads (1 day) always go. @default - nothing else */
  readonly lifecycleRules?: readonly LifecycleRule[];
  /** Why a handler's resource is every object of the bucket, or of a prefix; it stands beside the wildcard that follows. */
  readonly objectsReason: string;
  /** Of `stackUniqueName`, for what must know it before the bucket is there. @default - CloudFormation names it */
  readonly bucketName?: string;
  /** Your own bucket; you configure its encryption, lifecycle and policy. @default - a new bucket */
  readonly existing?: IBucket;
}

/**
 * A bucket that only this application reads and writes: encrypted with the pattern's key, TLS only, no public access,
 * versioned, with nothing left behind by uploads that broke off.
 */
export class PrivateBucket extends Construct {
  readonly bucket: IBucket;
  /** The same, as grants name it: by its name alone where that is known, so that who is granted does not wait for the bucket. */
  protected readonly named: IBucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PrivateBucketProps,
  ) {
    super(scope, id);
    this.bucket = props.existing ?? this.createBucket(props);
    const { bucketName } = props;
    this.named = bucketName === undefined ? this.bucket : Bucket.fromBucketName(this, 'Named', bucketName);
  }

  private createBucket(props: PrivateBucketProps): Bucket {
    const empties = !props.stage.deletionProtection;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      // One data key for the bucket in place of a KMS call for each object (kms-call-cost).
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'superseded-versions', noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...(props.lifecycleRules ?? []),
      ],
      removalPolicy: props.stage.removalPolicy,
      autoDeleteObjects: empties ? true : undefined,
    });
    keepPolicyWith(bucket, props.stage);
    if (empties) keepProviderLogsInStack(this, 'Custom::S3AutoDeleteObjectsCustomResourceProvider', props);
    handles(
      bucket,
      's3-block-public-access',
      's3-abort-incomplete-multipart',
      's3-noncurrent-version-expiry',
      'encrypt-everything-at-rest',
      'tls-everywhere',
    );
    const logging =
      'Only this application reads and writes it, by role; object-level audit belongs in CloudTrail data events, which are an account-wide choice.';
    const replication = 'One region: a second region is a decision for the whole pattern, not for this bucket.';
    acknowledge(bucket, {
      'AwsSolutions::AwsSolutions-S1': logging,
      'HIPAA.Security::HIPAA.Security-S3BucketLoggingEnabled': logging,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled': logging,
      'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled': logging,
      'HIPAA.Security::HIPAA.Security-S3BucketReplicationEnabled': replication,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled': replication,
      'PCI.DSS.321::PCI.DSS.321-S3BucketReplicationEnabled': replication,
    });
    return bucket;
  }

  /** Lets a principal read objects. @param prefix the part of the bucket, such as `events/`. @default - all of it */
  grantRead(grantee: IGrantable, prefix = ''): Grant {
    return this.grantObjects(grantee, ['s3:GetObject'], ['kms:Decrypt'], prefix);
  }

  /** Lets a principal write objects. @param prefix the part of the bucket, such as `events/`. @default - all of it */
  grantWrite(grantee: IGrantable, prefix = ''): Grant {
    return this.grantObjects(grantee, ['s3:PutObject'], ['kms:GenerateDataKey'], prefix);
  }

  /** Lets a principal delete objects, which leaves versions behind for a while. @param prefix as of {@link grantRead} */
  grantDelete(grantee: IGrantable, prefix = ''): Grant {
    return this.grantObjects(grantee, ['s3:DeleteObject'], [], prefix);
  }

  /** Lets a principal do something with the objects of a prefix, and with the key for it. */
  protected grantObjects(
    grantee: IGrantable,
    actions: readonly string[],
    keyActions: readonly string[],
    prefix: string,
  ): Grant {
    const resourceArns = [this.named.arnForObjects(`${prefix}*`)];
    const onObjects = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns });
    const { existing, encryptionKey, objectsReason } = this.props;
    const key = existing === undefined ? encryptionKey : existing.encryptionKey;
    const withKey =
      key !== undefined && keyActions.length > 0
        ? Grant.addToPrincipal({ grantee, actions: [...keyActions], resourceArns: [key.keyArn] })
        : undefined;
    const policy = onObjects.principalStatement === undefined ? undefined : defaultPolicyOf(grantee);
    if (policy !== undefined) {
      const objects = nagResource(Stack.of(this).resolve(this.named.arnForObjects(`${prefix}*`)));
      acknowledge(policy, { [`AwsSolutions::AwsSolutions-IAM5[Resource::${objects}]`]: objectsReason });
    }
    return combinedGrant(onObjects, withKey);
  }
}

function defaultPolicyOf(grantee: IGrantable): IConstruct | undefined {
  const principal = grantee.grantPrincipal;
  return principal instanceof Role ? principal.node.tryFindChild('DefaultPolicy') : undefined;
}
