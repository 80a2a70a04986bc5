import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepProviderLogsInStack } from '../compute/provider-logs';
import { stackUniqueName } from '../naming/stack-unique-name';
import { keepPolicyWith } from '../security/bucket-policy';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { edgeScope } from './edge-region';

/** Props of {@link AccessLogBucket}. */
export interface AccessLogBucketProps {
  readonly stage: StageSettings;
}

/** What AWS WAF asks the name of a bucket for its logs to begin with (AWS WAF: logging to Amazon S3). */
const WAF_LOGS = 'aws-waf-logs-';

/**
 * Where CloudFront and AWS WAF write who asked for what. One bucket: both are read together, by the same people, and kept as
 * long; CloudFront writes under `cloudfront/`, AWS WAF under `AWSLogs/`. It is in us-east-1, where the web ACL is and which
 * CloudFront logs to from everywhere (AWS: CloudFront standard logging, legacy).
 */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;
  /** The bucket as other stacks may name it: by its attributes, since its name is made at deployment. */
  readonly destination: IBucket;
  /** ARN of the bucket. */
  readonly bucketArn: string;

  /** @throws RefusedValueError when the stack does not say its region. */
  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const edge = edgeScope(this);
    this.bucket = this.createBucket(edge, props.stage);
    const { attrArn, attrRegionalDomainName } = this.bucket.node.defaultChild as CfnBucket;
    this.bucketArn = attrArn;
    this.destination = Bucket.fromBucketAttributes(this, 'Destination', {
      bucketArn: attrArn,
      bucketRegionalDomainName: attrRegionalDomainName,
    });
    this.letLogDeliveryIn();
  }

  private createBucket(edge: Construct, stage: StageSettings): Bucket {
    const empties = !stage.deletionProtection;
    const bucket = new Bucket(edge, 'Bucket', {
      bucketName: stackUniqueName(this, WAF_LOGS),
      // Neither writes with a key of another region, and a key of its own here would cost more than the logs.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // CloudFront is let in by an ACL (AWS: CloudFront standard logging, legacy); the objects are the bucket owner's.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'logs', expiration: Duration.days(stage.logRetention) },
        { id: 'superseded-versions', noncurrentVersionExpiration: Duration.days(1) },
        { id: 'delete-markers', expiredObjectDeleteMarker: true },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: stage.removalPolicy,
      autoDeleteObjects: empties ? true : undefined,
    });
    keepPolicyWith(bucket, stage);
    if (empties) keepProviderLogsInStack(edge, 'Custom::S3AutoDeleteObjectsCustomResourceProvider', { stage });
    handles(
      bucket,
      's3-block-public-access',
      's3-abort-incomplete-multipart',
      's3-noncurrent-version-expiry',
      'encrypt-everything-at-rest',
      'tls-everywhere',
      'logs-everywhere',
    );
    acknowledgeLogBucket(bucket);
    return bucket;
  }

  /** The policy that AWS asks for (AWS WAF: logging to Amazon S3, permissions). */
  private letLogDeliveryIn(): void {
    const logDelivery = [new ServicePrincipal('delivery.logs.amazonaws.com')];
    const anyLog = Stack.of(this.bucket).formatArn({ service: 'logs', resource: '*' });
    const ofThisAccount = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': anyLog },
    };
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AWSLogDeliveryAclCheck',
        principals: logDelivery,
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucket.bucketArn],
        conditions: ofThisAccount,
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AWSLogDeliveryWrite',
        principals: logDelivery,
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`)],
        conditions: {
          ...ofThisAccount,
          StringEquals: { ...ofThisAccount.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      }),
    );
  }
}

function acknowledgeLogBucket(bucket: Bucket): void {
  const logging = 'It is where access logs go; a log of its own would be one more bucket of logs, without an end.';
  const replication = 'Access logs help to look back for some weeks; they are not worth a second region.';
  const key =
    'Encrypted by Amazon S3 (AES-256): CloudFront delivers from every region and a key of its own would be $1 a month for access logs.';
  acknowledge(bucket, {
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
