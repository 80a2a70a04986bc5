import { Aws, Duration } from 'aws-cdk-lib';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepPolicyWith } from '../security/bucket-policy';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { keepProviderLogsInStack } from './provider-logs';

/** Props of {@link LoadBalancerLogs}. */
export interface LoadBalancerLogsProps {
  readonly stage: StageSettings;
  /** For the logs of the function that empties the bucket; the bucket itself cannot have it. */
  readonly encryptionKey: IKey;
  readonly loadBalancer: ApplicationLoadBalancer;
}

/** Where a load balancer writes down its requests, for as long as the stage keeps logs. */
export class LoadBalancerLogs extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, encryptionKey, loadBalancer }: LoadBalancerLogsProps) {
    super(scope, id);
    const empties = !stage.deletionProtection;
    this.bucket = new Bucket(this, 'Bucket', {
      // The only encryption that a load balancer can write with (AWS: ALB, enable access logs).
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'superseded-versions', noncurrentVersionExpiration: Duration.days(1), expiredObjectDeleteMarker: true },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...expiryOf(stage),
      ],
      removalPolicy: stage.removalPolicy,
      autoDeleteObjects: empties ? true : undefined,
    });
    keepPolicyWith(this.bucket, stage);
    if (empties) {
      keepProviderLogsInStack(this, 'Custom::S3AutoDeleteObjectsCustomResourceProvider', { stage, encryptionKey });
    }
    // By the principal of today, which needs no account id of the region's own; CDK's logAccessLogs() asks for a region at synth.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LoadBalancerWritesLogs',
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`)],
      }),
    );
    loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    loadBalancer.setAttribute('access_logs.s3.bucket', this.bucket.bucketName);
    // It writes a test file as soon as it is told to, so the policy must be there.
    loadBalancer.node.addDependency(this.bucket);
    this.explain();
  }

  private explain(): void {
    handles(
      this.bucket,
      's3-block-public-access',
      's3-abort-incomplete-multipart',
      's3-noncurrent-version-expiry',
      'encrypt-everything-at-rest',
      'tls-everywhere',
      'logs-everywhere',
    );
    const itself = 'It is the place where logs go; logging who writes them would log without end.';
    const replication = 'One region: logs of a region are read where they were written, and they expire.';
    const encryption = 'A load balancer writes logs with keys of S3 alone (AWS: ALB, enable access logs).';
    acknowledge(this.bucket, {
      'AwsSolutions::AwsSolutions-S1': itself,
      'HIPAA.Security::HIPAA.Security-S3BucketLoggingEnabled': itself,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled': itself,
      'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled': itself,
      'HIPAA.Security::HIPAA.Security-S3BucketReplicationEnabled': replication,
      'NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled': replication,
      'PCI.DSS.321::PCI.DSS.321-S3BucketReplicationEnabled': replication,
      'HIPAA.Security::HIPAA.Security-S3DefaultEncryptionKMS': encryption,
      'NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS': encryption,
      'PCI.DSS.321::PCI.DSS.321-S3DefaultEncryptionKMS': encryption,
    });
  }
}

function expiryOf({ logRetention }: StageSettings): LifecycleRule[] {
  return logRetention === RetentionDays.INFINITE ? [] : [{ id: 'old-logs', expiration: Duration.days(logRetention) }];
}
