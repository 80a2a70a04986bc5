import type { CatalogueRow } from '../catalogue-row';

/** KMS (guide 335-343). */
export const kmsRows = [
  {
    id: 'encrypt-everything-at-rest',
    guideLines: ['338', '343', '535'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Every store and stream is encrypted with KMS.',
    condition:
      '`S3 BucketEncryption`, `DynamoDB SSESpecification`, `SQS KmsMasterKeyId`, `SNS KmsMasterKeyId`, `Kinesis StreamEncryption`, `RDS StorageEncrypted`, `ElastiCache AtRestEncryptionEnabled`, `Logs KmsKeyId`, Firehose/Athena results, OpenSearch encryption policy: all set',
  },
  {
    id: 'kms-one-key-per-data-domain',
    guideLines: ['339', '343'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Customer-managed keys cost $1 each plus calls: one per domain, not per resource.',
    condition: 'exactly one `AWS::KMS::Key` per pattern instance (props allow bring-your-own)',
  },
  {
    id: 'kms-rotation',
    guideLines: ['341'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Customer-managed keys rotate yearly.',
    condition: '`EnableKeyRotation == true` (cdk-nag `AwsSolutions-KMS5`; bare CDK `Key` omits it: tested)',
  },
  {
    id: 'kms-call-cost',
    guideLines: ['339'],
    tier: 3,
    derived: true,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'API calls are billed, so reuse data keys.',
    condition: '`BucketKeyEnabled: true`; `SQS KmsDataKeyReusePeriodSeconds >= 300`',
  },
  {
    id: 'kms-fanout-key-policy',
    guideLines: ['227', '338'],
    tier: 1,
    derived: true,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'An encrypted queue silently refuses SNS/EventBridge/S3 unless its key policy lets that service in.',
    condition:
      'key policy grants `kms:Decrypt`,`kms:GenerateDataKey*` to `sns|events|s3.amazonaws.com`; `alias/aws/sqs` rejected on subscribed queues',
  },
  {
    id: 'tls-everywhere',
    guideLines: ['343'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'All traffic in transit uses TLS 1.2+.',
    condition:
      'bucket/queue/topic policies Deny `aws:SecureTransport=false` (cdk-nag S10,SQS4,SNS3); ALB `SslPolicy` TLS12/13; `TransitEncryptionEnabled`; `rds.force_ssl=1`; `DBProxy.RequireTLS`',
  },
] as const satisfies readonly CatalogueRow[];
