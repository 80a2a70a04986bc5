import { policyText } from '../../../template/policy-text';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isDeploymentHelper, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** Where each store names its key. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Bedrock::Agent': ['CustomerEncryptionKeyArn'],
  // Ingested data is stored there for a while (AWS: Bedrock, encryption of knowledge base resources).
  'AWS::Bedrock::DataSource': ['ServerSideEncryptionConfiguration.KmsKeyArn'],
  'AWS::Bedrock::Flow': ['CustomerEncryptionKeyArn'],
  'AWS::Bedrock::Guardrail': ['KmsKeyArn'],
  'AWS::Bedrock::Prompt': ['CustomerEncryptionKeyArn'],
  'AWS::DynamoDB::Table': ['SSESpecification.KMSMasterKeyId'],
  'AWS::ECR::Repository': ['EncryptionConfiguration.KmsKey'],
  'AWS::EFS::FileSystem': ['KmsKeyId'],
  'AWS::ElastiCache::ReplicationGroup': ['KmsKeyId'],
  'AWS::ElastiCache::ServerlessCache': ['KmsKeyId'],
  'AWS::Events::Archive': ['KmsKeyIdentifier'],
  'AWS::Events::EventBus': ['KmsKeyIdentifier'],
  'AWS::Kinesis::Stream': ['StreamEncryption.KeyId'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::RDS::DBCluster': ['KmsKeyId'],
  'AWS::RDS::DBInstance': ['KmsKeyId', 'DBClusterIdentifier'],
  'AWS::S3::Bucket': ['BucketEncryption.ServerSideEncryptionConfiguration'],
  'AWS::S3Vectors::VectorBucket': ['EncryptionConfiguration.KmsKeyArn'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::StepFunctions::StateMachine': ['EncryptionConfiguration.KmsKeyId'],
};

/** What has to be switched on beside the key. An instance of a cluster is encrypted with it. */
const SWITCHES: Readonly<Record<string, string>> = {
  'AWS::EFS::FileSystem': 'Encrypted',
  'AWS::ElastiCache::ReplicationGroup': 'AtRestEncryptionEnabled',
  'AWS::RDS::DBCluster': 'StorageEncrypted',
  'AWS::RDS::DBInstance': 'StorageEncrypted',
};

/** A copy in the same region is encrypted as what it copies. */
const COPIES = ['SourceDBInstanceIdentifier', 'ReplicationSourceIdentifier'];

/** Whether only CDK's own functions write to a log group: of a deployment, with CloudWatch's own encryption, and no data. */
function isOfDeployment(logGroup: TemplateResource, inventory: Inventory): boolean {
  const writers = inventory.referrers('AWS::Lambda::Function', 'LoggingConfig.LogGroup', logGroup);
  return writers.length > 0 && writers.every(isDeploymentHelper);
}

/** Where the key is said in a way of its own. */
const CHECKS: Readonly<Record<string, (resource: TemplateResource, inventory: Inventory) => Verdict>> = {
  // Its replicas name their keys (AWS: AWS::DynamoDB::GlobalTable).
  'AWS::DynamoDB::GlobalTable': (table) =>
    mustHold(
      table.flag('SSESpecification.SSEEnabled') === true,
      'not encrypted with KMS: SSESpecification.SSEEnabled is not true',
    ),
  'AWS::Bedrock::KnowledgeBase': (base) => {
    const managed = 'KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration';
    if (!base.has(managed)) return notApplicable;
    return mustHold(
      base.has(`${managed}.ServerSideEncryptionConfiguration.KmsKeyArn`),
      `not encrypted with a customer-managed key: ${managed}.ServerSideEncryptionConfiguration.KmsKeyArn is not set`,
    );
  },
  // An index that says nothing is encrypted as its bucket.
  'AWS::S3Vectors::Index': (index) =>
    index.has('EncryptionConfiguration')
      ? mustHold(
          index.has('EncryptionConfiguration.KmsKeyArn'),
          'not encrypted with a customer-managed key: EncryptionConfiguration.KmsKeyArn is not set',
        )
      : notApplicable,
  // What could not be delivered must outlive the key, whose loss may be why: there SQS's own encryption is right, if it is said.
  'AWS::SQS::Queue': (queue, inventory) => {
    if (queue.has('KmsMasterKeyId')) return mustHold(true, '');
    const dead = inventory.deadLetterQueues().has(queue);
    return mustHold(
      dead && queue.flag('SqsManagedSseEnabled') === true,
      `not encrypted with a customer-managed key: KmsMasterKeyId is not set${dead ? ', nor SqsManagedSseEnabled' : ''}`,
    );
  },
  'AWS::OpenSearchServerless::SecurityPolicy': (policy) => {
    if (policy.literal('Type') !== 'encryption') return notApplicable;
    // With KmsARN, AWSOwnedKey is ignored (AWS: OpenSearch Serverless, encryption policies).
    const { KmsARN } = policyText(policy, 'Policy') as { KmsARN?: unknown };
    return mustHold(KmsARN !== undefined, 'collections are encrypted with a key of AWS: KmsARN is not set');
  },
  'AWS::OpenSearchServerless::Collection': (collection, inventory) => {
    if (collection.has('EncryptionConfig')) {
      return mustHold(
        collection.has('EncryptionConfig.KmsKeyArn') && collection.flag('EncryptionConfig.AwsOwnedKey') !== true,
        'encrypted with a key of AWS: EncryptionConfig.KmsKeyArn is not set',
      );
    }
    const policies = inventory.ofType('AWS::OpenSearchServerless::SecurityPolicy');
    if (policies.some((each) => each.literal('Type') === 'encryption')) return notApplicable;
    throw new CannotTell('the encryption policy is not in these templates');
  },
};

export const encryptEverythingAtRest: Rule = {
  id: 'encrypt-everything-at-rest',
  title: 'Stores, streams and queues encrypt what they hold, with a customer-managed key',
  why: 'Without encryption, whoever gets hold of a disk, a snapshot or a backup reads the data. With a key of your own you decide who may decrypt it, and CloudTrail records each use.',
  fix: 'Name the key in KmsKeyId, KmsMasterKeyId or SSESpecification.KMSMasterKeyId, set BucketEncryption of a bucket, and StorageEncrypted of a database. In the CDK, set encryptionKey.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_rest_encrypt.html',
  example: {
    fixed: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              {
                ServerSideEncryptionByDefault: {
                  SSEAlgorithm: 'aws:kms',
                  KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
                },
              },
            ],
          },
        },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        },
      },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { SqsManagedSseEnabled: true } },
      Database: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { StorageEncrypted: true, KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
      },
      LogGroup: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] }, RetentionInDays: 90 },
      },
    },
    broken: [
      { 'Bucket.Properties.BucketEncryption': null },
      { 'Table.Properties.SSESpecification': null },
      { 'Queue.Properties.KmsMasterKeyId': null },
      { 'DeadLetterQueue.Properties.SqsManagedSseEnabled': null },
      { 'Database.Properties.StorageEncrypted': null },
      { 'Database.Properties.KmsKeyId': null },
      { 'LogGroup.Properties.KmsKeyId': null },
    ],
  },
  types: [...Object.keys(KEYS), ...Object.keys(CHECKS)],
  check: (store, inventory) => {
    const check = CHECKS[store.type];
    if (check !== undefined) return check(store, inventory);
    if (COPIES.some((property) => store.has(property))) return notApplicable;
    const keyed = (KEYS[store.type] ?? []).some((path) => store.has(path));
    if (!keyed && store.type === 'AWS::Logs::LogGroup' && isOfDeployment(store, inventory)) return notApplicable;
    const paths = KEYS[store.type] ?? [];
    const byItself = store.has('DBClusterIdentifier') ? undefined : SWITCHES[store.type];
    return verdict([
      !keyed && `not encrypted with a customer-managed key: ${paths.join(' or ')} is not set`,
      byItself !== undefined && store.flag(byItself) !== true && `not encrypted: ${byItself} is not true`,
    ]);
  },
};
