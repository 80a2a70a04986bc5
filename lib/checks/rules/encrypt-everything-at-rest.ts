import { mustHold, type Rule } from '../rule';

/** Where each store names its key. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification.KMSMasterKeyId'],
  'AWS::DynamoDB::GlobalTable': ['SSESpecification.SSEEnabled'],
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

/** Every store and stream is encrypted with KMS. */
export const encryptEverythingAtRest: Rule = {
  id: 'encrypt-everything-at-rest',
  types: Object.keys(KEYS),
  check: (store) => {
    const paths = KEYS[store.type] ?? [];
    return mustHold(
      paths.some((path) => store.has(path)),
      `not encrypted with a customer-managed key: ${paths.join(' or ')} is not set`,
    );
  },
};
