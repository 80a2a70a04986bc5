import { encryptEverythingAtRest } from '../../../../../lib/checks/rules/kms/encrypt-everything-at-rest';
import { att, cases, type Literal, type Literals, mustBe, NO_VALUE, PARAMETER, ref } from '../../literal-fixture';

const unset = (path: string) => `not encrypted with a customer-managed key: ${path} is not set`;
const nested = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

for (const [type, path] of [
  ['AWS::Bedrock::Agent', 'CustomerEncryptionKeyArn'],
  ['AWS::Bedrock::DataSource', 'ServerSideEncryptionConfiguration.KmsKeyArn'],
  ['AWS::Bedrock::Flow', 'CustomerEncryptionKeyArn'],
  ['AWS::Bedrock::Guardrail', 'KmsKeyArn'],
  ['AWS::Bedrock::Prompt', 'CustomerEncryptionKeyArn'],
  ['AWS::DynamoDB::Table', 'SSESpecification.KMSMasterKeyId'],
  ['AWS::ECR::Repository', 'EncryptionConfiguration.KmsKey'],
  ['AWS::ElastiCache::ServerlessCache', 'KmsKeyId'],
  ['AWS::Events::Archive', 'KmsKeyIdentifier'],
  ['AWS::Events::EventBus', 'KmsKeyIdentifier'],
  ['AWS::Kinesis::Stream', 'StreamEncryption.KeyId'],
  ['AWS::Logs::LogGroup', 'KmsKeyId'],
  ['AWS::S3::Bucket', 'BucketEncryption.ServerSideEncryptionConfiguration'],
  ['AWS::S3Vectors::VectorBucket', 'EncryptionConfiguration.KmsKeyArn'],
  ['AWS::SNS::Topic', 'KmsMasterKeyId'],
  ['AWS::StepFunctions::StateMachine', 'EncryptionConfiguration.KmsKeyId'],
] as const) {
  cases(encryptEverythingAtRest, { Store: [type, nested(path, att('Key'))] }, [
    ['compliant', 'it has a key'],
    ['violation', 'it has none', { [`Store.${path}`]: undefined }, unset(path)],
    ['violation', 'its key is said to be none', { [`Store.${path}`]: NO_VALUE }, unset(path)],
  ]);
}
for (const [type, flag] of [
  ['AWS::EFS::FileSystem', 'Encrypted'],
  ['AWS::ElastiCache::ReplicationGroup', 'AtRestEncryptionEnabled'],
  ['AWS::RDS::DBCluster', 'StorageEncrypted'],
  ['AWS::RDS::DBInstance', 'StorageEncrypted'],
] as const) {
  const store: Literals = { Store: [type, { [flag]: true, KmsKeyId: att('Key') }] };
  mustBe(encryptEverythingAtRest, store, `Store.${flag}`, true, `not encrypted: ${flag} is not true`, 'violation');
  cases(encryptEverythingAtRest, store, [['violation', 'it has no key', { 'Store.KmsKeyId': undefined }, 'KmsKeyId']]);
}
cases(encryptEverythingAtRest, { Database: ['AWS::RDS::DBInstance', {}] }, [
  ['violation', 'it says nothing', {}, [unset('KmsKeyId or DBClusterIdentifier'), 'StorageEncrypted is not true']],
  ['compliant', 'its cluster says it', { 'Database.DBClusterIdentifier': ref('Cluster') }],
  ['not-applicable', 'it copies another', { 'Database.SourceDBInstanceIdentifier': 'other' }],
  ['not-applicable', 'it follows another', { 'Database.ReplicationSourceIdentifier': 'other' }],
]);
const table: Literals = { Table: ['AWS::DynamoDB::GlobalTable', { SSESpecification: { SSEEnabled: true } }] };
mustBe(
  encryptEverythingAtRest,
  table,
  'Table.SSESpecification.SSEEnabled',
  true,
  'SSESpecification.SSEEnabled is not true',
  'violation',
);

const writer = (more: object = {}): Literal => [
  'AWS::Lambda::Function',
  { LoggingConfig: { LogGroup: ref('Log') }, ...more },
];
const helper = writer({ Handler: 'framework.onEvent' });
cases(encryptEverythingAtRest, { Log: ['AWS::Logs::LogGroup', {}], Helper: helper }, [
  ['not-applicable', 'CDK alone writes to it'],
  ['violation', 'a function does, too', { Fn: writer() }, unset('KmsKeyId')],
  ['violation', 'nobody does', { Helper: undefined }, unset('KmsKeyId')],
  ['violation', 'CDK writes to another', { 'Helper.LoggingConfig.LogGroup': 'other' }, unset('KmsKeyId')],
  ['compliant', 'it has a key', { 'Log.KmsKeyId': att('Key') }],
]);

const MANAGED = 'Base.KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration';
cases(encryptEverythingAtRest, { Base: ['AWS::Bedrock::KnowledgeBase', {}] }, [
  ['not-applicable', 'it has a store of its own'],
  [
    'violation',
    'AWS stores for it',
    { [MANAGED]: {} },
    `${MANAGED.slice(5)}.ServerSideEncryptionConfiguration.KmsKeyArn is not set`,
  ],
  ['compliant', 'AWS stores with a key', { [`${MANAGED}.ServerSideEncryptionConfiguration.KmsKeyArn`]: 'arn' }],
]);
cases(encryptEverythingAtRest, { Index: ['AWS::S3Vectors::Index', {}] }, [
  ['not-applicable', 'its bucket says it'],
  [
    'violation',
    'it says it without a key',
    { 'Index.EncryptionConfiguration': {} },
    unset('EncryptionConfiguration.KmsKeyArn'),
  ],
  ['compliant', 'it has a key', { 'Index.EncryptionConfiguration.KmsKeyArn': 'arn' }],
]);

const dead = { Bus: ['AWS::Events::EventBus', { DeadLetterConfig: { Arn: att('Queue') } }] };
cases(encryptEverythingAtRest, { Queue: ['AWS::SQS::Queue', {}] }, [
  ['violation', 'it has no key', {}, unset('KmsMasterKeyId')],
  ['violation', 'SQS has one', { 'Queue.SqsManagedSseEnabled': true }, unset('KmsMasterKeyId')],
  ['compliant', 'it has one', { 'Queue.KmsMasterKeyId': 'key' }],
  ['violation', 'it keeps dead letters', dead, `${unset('KmsMasterKeyId')}, nor SqsManagedSseEnabled`],
  [
    'violation',
    'SQS encrypts none of them',
    { ...dead, 'Queue.SqsManagedSseEnabled': false },
    'nor SqsManagedSseEnabled',
  ],
  ['compliant', 'SQS encrypts them', { ...dead, 'Queue.SqsManagedSseEnabled': 'true' }],
  ['compliant', 'a key does', { ...dead, 'Queue.KmsMasterKeyId': 'key' }],
]);

const policy = (Type: string, Policy: object): Literals => ({
  Policy: ['AWS::OpenSearchServerless::SecurityPolicy', { Type, Policy: JSON.stringify(Policy) }],
});
cases(encryptEverythingAtRest, policy('encryption', { KmsARN: 'arn' }), [
  ['compliant', 'collections have a key'],
  [
    'violation',
    'AWS has one',
    policy('encryption', { AWSOwnedKey: true }),
    'collections are encrypted with a key of AWS: KmsARN is not set',
  ],
  ['not-applicable', 'it is about the network', policy('network', {})],
  ['cannot-tell', 'a parameter is it', { 'Policy.Policy': PARAMETER }],
]);
const own = 'encrypted with a key of AWS: EncryptionConfig.KmsKeyArn is not set';
cases(
  encryptEverythingAtRest,
  { Collection: ['AWS::OpenSearchServerless::Collection', { EncryptionConfig: { KmsKeyArn: 'arn' } }] },
  [
    ['compliant', 'it has a key'],
    ['violation', 'it has none', { 'Collection.EncryptionConfig': {} }, own],
    ['violation', 'AWS has one', { 'Collection.EncryptionConfig.AwsOwnedKey': 'true' }, own],
    ['not-applicable', 'a policy says it', { 'Collection.EncryptionConfig': undefined, ...policy('encryption', {}) }],
    ['cannot-tell', 'no policy does', { 'Collection.EncryptionConfig': undefined, ...policy('network', {}) }],
    [
      'not-applicable',
      'one of two does',
      {
        'Collection.EncryptionConfig': undefined,
        ...policy('encryption', {}),
        More: ['AWS::OpenSearchServerless::SecurityPolicy', { Type: 'network' }],
      },
    ],
  ],
);
