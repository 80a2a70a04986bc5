import type { Inventory } from '../inventory';
import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

/** Where each store names its key. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification.KMSMasterKeyId'],
  'AWS::DynamoDB::GlobalTable': ['SSESpecification.SSEEnabled'],
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
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
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
  const writers = inventory
    .ofType('AWS::Lambda::Function')
    .filter((fn) => inventory.names(fn, fn.get('LoggingConfig.LogGroup'), logGroup));
  return writers.length > 0 && writers.every(isDeploymentHelper);
}

/** Every store and stream is encrypted with KMS. */
export const encryptEverythingAtRest: Rule = {
  id: 'encrypt-everything-at-rest',
  types: Object.keys(KEYS),
  check: (store, inventory) => {
    if (COPIES.some((property) => store.has(property))) return notApplicable;
    const keyed = (KEYS[store.type] ?? []).some((path) => store.has(path));
    if (!keyed && store.type === 'AWS::Logs::LogGroup' && isOfDeployment(store, inventory)) return notApplicable;
    const paths = KEYS[store.type] ?? [];
    const byItself = store.has('DBClusterIdentifier') ? undefined : SWITCHES[store.type];
    return verdict([
      !keyed && `not encrypted with a customer-managed key: ${paths.join(' or ')} is not set`,
      byItself !== undefined && store.literal(byItself) !== true && `not encrypted: ${byItself} is not true`,
    ]);
  },
};
