import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { rag } from './rag-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';

const BASE = 'AWS::Bedrock::KnowledgeBase';
const SOURCE = 'AWS::Bedrock::DataSource';
const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::Policy';
const TABLE = 'AWS::DynamoDB::Table';
const BUCKET = 'AWS::S3::Bucket';
const QUEUE = 'AWS::SQS::Queue';
const RULE = 'AWS::Events::Rule';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const FUNCTION = 'AWS::Lambda::Function';
const COLLECTION = 'AWS::OpenSearchServerless::Collection';
const GROUP = 'AWS::OpenSearchServerless::CollectionGroup';
const SECURITY = 'AWS::OpenSearchServerless::SecurityPolicy';
const ACCESS = 'AWS::OpenSearchServerless::AccessPolicy';
const VECTORS = 'AWS::S3Vectors::VectorBucket';

table('rag-knowledge-base', BASE, rag, [
  { verdict: 'compliant', when: 'a data source feeds it, for this account alone' },
  { verdict: 'violation', when: 'nothing feeds it', change: (t) => t.remove(SOURCE), says: /no data source/ },
  {
    verdict: 'violation',
    when: 'its role trusts Bedrock whoever asks it',
    change: (t) => {
      const { Statement } = t.properties(ROLE, 'BaseRole')['AssumeRolePolicyDocument'] as {
        Statement: Record<string, unknown>[];
      };
      for (const statement of Statement) delete statement['Condition'];
      Statement.push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });
    },
    says: /SourceAccount/,
  },
  {
    verdict: 'not-applicable',
    when: 'it asks a database where it is',
    change: (t) => t.set(BASE, 'KnowledgeBaseConfiguration.Type', 'SQL'),
  },
  { verdict: 'cannot-tell', when: 'its role is elsewhere', change: (t) => t.set(BASE, 'RoleArn', PARAMETER) },
]);

const mayStart = (Resource: string) => (t: MutableTemplate) => {
  const { Statement } = t.properties(POLICY, 'Sync')['PolicyDocument'] as { Statement: Record<string, unknown>[] };
  for (const statement of Statement) statement['Resource'] = Resource;
};
table('rag-knowledge-base', SOURCE, rag, [
  { verdict: 'compliant', when: 'a function that hears of changes starts its ingestion' },
  {
    verdict: 'violation',
    when: 'nobody may start it',
    change: (t) => t.remove(POLICY, 'Sync'),
    says: /no role may start/,
  },
  {
    verdict: 'violation',
    when: 'who may is for another base',
    change: mayStart('arn:other'),
    says: /no role may start/,
  },
  { verdict: 'compliant', when: 'who may is for every base', change: mayStart('*') },
  {
    verdict: 'violation',
    when: 'who may is never run',
    change: (t) => t.remove(MAPPING),
    says: /nothing starts/,
  },
  {
    verdict: 'compliant',
    when: 'who may runs by a schedule',
    change: [
      (t) => t.remove(MAPPING),
      (t) =>
        t.add('Every', 'AWS::Scheduler::Schedule', {
          Target: { Arn: { 'Fn::GetAtt': [t.id(FUNCTION, 'Sync'), 'Arn'] } },
        }),
    ],
  },
  {
    verdict: 'cannot-tell',
    when: 'who may is not here',
    change: (t) => t.remove(FUNCTION, 'Sync'),
  },
  { verdict: 'cannot-tell', when: 'its base is elsewhere', change: (t) => t.set(SOURCE, 'KnowledgeBaseId', PARAMETER) },
]);

table('rag-vector-store-cost', COLLECTION, rag, [
  { verdict: 'compliant', when: 'its group is of the next generation, and bounded' },
  {
    verdict: 'violation',
    when: 'it is in no group',
    change: (t) => t.drop(COLLECTION, 'CollectionGroupName'),
    says: /350/,
  },
  { verdict: 'violation', when: 'its group is classic', change: (t) => t.drop(GROUP, 'Generation'), says: /CLASSIC/ },
  {
    verdict: 'compliant',
    when: 'it names its group by reference',
    change: (t) => t.set(COLLECTION, 'CollectionGroupName', { Ref: 'Group' }),
  },
  { verdict: 'cannot-tell', when: 'its group is elsewhere', change: (t) => t.remove(GROUP) },
  { verdict: 'not-applicable', when: 'it keeps logs', change: (t) => t.set(COLLECTION, 'Type', 'TIMESERIES') },
  { verdict: 'cannot-tell', when: 'a parameter says what', change: (t) => t.set(COLLECTION, 'Type', PARAMETER) },
]);
table('rag-vector-store-cost', GROUP, rag, [
  { verdict: 'compliant', when: 'it is bounded' },
  {
    verdict: 'violation',
    when: 'nothing bounds its search',
    change: (t) => t.drop(GROUP, 'CapacityLimits.MaxSearchCapacityInOcu'),
    says: /MaxSearch/,
  },
  { verdict: 'violation', when: 'nothing bounds it', change: (t) => t.drop(GROUP, 'CapacityLimits') },
  { verdict: 'cannot-tell', when: 'a parameter says of what', change: (t) => t.set(GROUP, 'Generation', PARAMETER) },
]);

const network = (policy: unknown) => (t: MutableTemplate) => t.set(SECURITY, 'Policy', policy, 'Network');
const open = (value: unknown) => ({ 'Fn::Join': ['', ['[{"AllowFromPublic":', value, ',"SourceVPCEs":["vpce-1"]}]']] });
const subject = 'Network';
table('rag-vector-store-private', SECURITY, rag, [
  { verdict: 'compliant', when: 'Bedrock alone comes', subject },
  {
    verdict: 'violation',
    when: 'everyone does',
    change: network('[{"AllowFromPublic":true}]'),
    subject,
    says: /true/,
  },
  { verdict: 'violation', when: 'nobody does', change: network('[{"AllowFromPublic":false}]'), subject },
  { verdict: 'violation', when: 'everyone does, in a text of parts', change: network(open('true')), subject },
  { verdict: 'compliant', when: 'an endpoint does', change: network(open('false')), subject },
  {
    verdict: 'violation',
    when: 'one of its rules is open',
    change: network('[{"AllowFromPublic":false,"SourceVPCEs":["a"]},{"AllowFromPublic":true}]'),
    subject,
  },
  {
    verdict: 'compliant',
    when: 'an endpoint of this template does',
    change: network({ 'Fn::Sub': `[{"AllowFromPublic":false,"SourceVPCEs":["\${Endpoint}"]}]` }),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter says it', change: network(open(PARAMETER)), subject },
  { verdict: 'cannot-tell', when: 'a parameter is it', change: network(PARAMETER), subject },
  { verdict: 'not-applicable', when: 'it says of encryption', subject: 'Encryption' },
]);

const principals =
  (...Principal: unknown[]) =>
  (t: MutableTemplate) => {
    const Rules = [{ ResourceType: 'index', Resource: ['index/docs/*'], Permission: ['aoss:ReadDocument'] }];
    t.set(ACCESS, 'Policy', { 'Fn::ToJsonString': [{ Rules, Principal }] });
  };
const inParts = (who: string) => (t: MutableTemplate) => {
  const account = { Ref: 'AWS::AccountId' };
  const text = ['[{"Rules":[],"Principal":["arn:', { Ref: 'AWS::Partition' }, ':iam::', account, `:${who}"]}]`];
  t.set(ACCESS, 'Policy', { 'Fn::Join': ['', text] });
};
table('rag-vector-store-private', ACCESS, rag, [
  { verdict: 'compliant', when: "the knowledge base's role reads" },
  { verdict: 'violation', when: 'everyone does', change: principals('*') },
  { verdict: 'violation', when: 'every role does', change: principals('arn:aws:iam::111122223333:role/*') },
  { verdict: 'violation', when: 'the account does', change: principals('arn:aws:iam::111122223333:root') },
  { verdict: 'violation', when: 'a user does', change: principals('arn:aws:iam::111122223333:user/me'), says: /user/ },
  { verdict: 'compliant', when: 'a role by its name does', change: principals('arn:aws:iam::111122223333:role/mine') },
  {
    verdict: 'compliant',
    when: 'a role of this account does',
    change: principals({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/mine` }),
  },
  { verdict: 'cannot-tell', when: 'a parameter does', change: principals(PARAMETER) },
  { verdict: 'compliant', when: 'a role does, in a text of parts', change: inParts('role/mine') },
  { verdict: 'violation', when: 'the account does, in a text of parts', change: inParts('root') },
]);
table(
  'rag-vector-store-private',
  'AWS::S3Vectors::VectorBucketPolicy',
  resources({
    Policy: [
      'AWS::S3Vectors::VectorBucketPolicy',
      { Policy: { Statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:role/mine' } } } },
    ],
  }),
  [
    { verdict: 'compliant', when: 'a role is let in' },
    {
      verdict: 'violation',
      when: 'everyone is',
      change: (t) =>
        t.set('AWS::S3Vectors::VectorBucketPolicy', 'Policy', '{"Statement":[{"Effect":"Allow","Principal":"*"}]}'),
    },
    {
      verdict: 'cannot-tell',
      when: 'a parameter is it',
      change: (t) => t.set('AWS::S3Vectors::VectorBucketPolicy', 'Policy', PARAMETER),
    },
  ],
);

table('rag-conversation-history', TABLE, rag, [
  { verdict: 'compliant', when: 'it is by user and conversation, and goes by itself' },
  { verdict: 'violation', when: 'it stays', change: (t) => t.drop(TABLE, 'TimeToLiveSpecification'), says: /forever/ },
  {
    verdict: 'violation',
    when: 'its expiry is off',
    change: (t) => t.set(TABLE, 'TimeToLiveSpecification.Enabled', false),
  },
  {
    verdict: 'violation',
    when: 'it has one key',
    change: (t) => (t.properties(TABLE)['KeySchema'] as unknown[]).splice(1),
    says: /one key/,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says it',
    change: (t) => t.set(TABLE, 'TimeToLiveSpecification.Enabled', PARAMETER),
  },
  {
    verdict: 'violation',
    when: 'it stays, and what writes to it writes to others too',
    change: [
      (t) => t.drop(TABLE, 'TimeToLiveSpecification'),
      (t) => {
        const { Statement } = t.properties(POLICY, 'Ask')['PolicyDocument'] as { Statement: Record<string, unknown>[] };
        for (const statement of Statement) {
          if (JSON.stringify(statement['Action']).includes('dynamodb:')) {
            statement['Resource'] = ['arn:other', { 'Fn::GetAtt': [t.id(TABLE), 'Arn'] }];
          }
        }
      },
    ],
  },
  {
    verdict: 'not-applicable',
    when: 'what writes to it asks no model',
    change: (t) => t.remove(POLICY, 'Ask'),
  },
]);

const docs = { subject: 'Docs' };
const notify = (NotificationConfiguration: unknown) => (t: MutableTemplate) => {
  for (const [id] of t.all('Custom::S3BucketNotifications')) delete t.document.Resources[id];
  t.properties(BUCKET, 'Docs')['NotificationConfiguration'] = NotificationConfiguration;
};
const straight = (t: MutableTemplate) =>
  notify({ LambdaConfigurations: [{ Function: { 'Fn::GetAtt': [t.id(FUNCTION, 'Sync'), 'Arn'] } }] })(t);
table('s3-event-driven-ingest', BUCKET, rag, [
  { verdict: 'compliant', when: 'its events go by a queue', ...docs },
  {
    verdict: 'violation',
    when: 'the queue gives up nothing',
    change: (t) => t.drop(QUEUE, 'RedrivePolicy', 'Changes'),
    ...docs,
    says: /no dead-letter queue/,
  },
  {
    verdict: 'violation',
    when: 'no consumer receives it',
    change: (t) => t.remove(RULE),
    ...docs,
    says: /no consumer receives/,
  },
  { verdict: 'violation', when: 'it says nothing', change: notify(undefined), ...docs },
  {
    verdict: 'violation',
    when: 'it says nothing, and is read by a name of parts',
    change: [
      notify(undefined),
      (t) => {
        t.properties(BUCKET, 'Docs')['BucketName'] = { 'Fn::Join': ['', ['docs-', PARAMETER]] };
        const arn = { 'Fn::Join': ['', ['arn:aws:s3:::docs-', PARAMETER]] };
        t.set(SOURCE, 'DataSourceConfiguration.S3Configuration.BucketArn', arn);
      },
    ],
    ...docs,
  },
  { verdict: 'violation', when: 'events go straight to a function', change: straight, ...docs, says: /straight/ },
  {
    verdict: 'violation',
    when: 'events go straight to its alias',
    change: [
      (t) => t.add('Live', 'AWS::Lambda::Alias', { FunctionName: { Ref: t.id(FUNCTION, 'Sync') } }),
      notify({ LambdaConfigurations: [{ Function: { Ref: 'Live' } }] }),
    ],
    ...docs,
    says: /straight/,
  },
  {
    verdict: 'compliant',
    when: 'the function keeps what it fails at',
    change: [
      straight,
      (t) => {
        t.properties(FUNCTION, 'Sync')['DeadLetterConfig'] = { TargetArn: 'arn' };
      },
    ],
    ...docs,
  },
  {
    verdict: 'compliant',
    when: 'it tells a queue itself',
    change: (t) => notify({ QueueConfigurations: [{ Queue: { 'Fn::GetAtt': [t.id(QUEUE, 'Changes'), 'Arn'] } }] })(t),
    ...docs,
  },
  {
    verdict: 'not-applicable',
    when: 'it feeds nothing, and says nothing',
    change: [(t) => t.remove(SOURCE), notify(undefined)],
    ...docs,
  },
  { verdict: 'cannot-tell', when: 'a parameter says it', change: notify(PARAMETER), ...docs },
]);
table(
  's3-no-object-lambda-or-select',
  'AWS::S3ObjectLambda::AccessPoint',
  resources({ Point: ['AWS::S3ObjectLambda::AccessPoint', {}] }),
  [{ verdict: 'violation', when: 'it is there', says: /no new customers/ }],
);

table('encrypt-everything-at-rest', VECTORS, rag, [
  { verdict: 'compliant', when: 'its key is yours' },
  { verdict: 'violation', when: "it is S3's", change: (t) => t.drop(VECTORS, 'EncryptionConfiguration.KmsKeyArn') },
]);
const INDEX = 'AWS::S3Vectors::Index';
table('encrypt-everything-at-rest', INDEX, resources({ Index: [INDEX, { EncryptionConfiguration: {} }] }), [
  { verdict: 'violation', when: "it goes back to S3's key" },
  { verdict: 'not-applicable', when: 'it is as its bucket', change: (t) => t.drop(INDEX, 'EncryptionConfiguration') },
]);
const encryption = (policy: unknown) => (t: MutableTemplate) => t.set(SECURITY, 'Policy', policy, 'Encryption');
table('encrypt-everything-at-rest', SECURITY, rag, [
  { verdict: 'compliant', when: 'the key is yours', subject: 'Encryption' },
  {
    verdict: 'violation',
    when: "it is AWS's",
    change: encryption('{"Rules":[],"AWSOwnedKey":true}'),
    subject: 'Encryption',
    says: /KmsARN/,
  },
  { verdict: 'cannot-tell', when: 'a parameter is it', change: encryption(PARAMETER), subject: 'Encryption' },
  { verdict: 'not-applicable', when: 'it says of the network', subject },
]);
const ownKey = (value: object) => (t: MutableTemplate) => {
  t.properties(COLLECTION)['EncryptionConfig'] = value;
};
table('encrypt-everything-at-rest', COLLECTION, rag, [
  { verdict: 'not-applicable', when: 'a policy says it' },
  { verdict: 'compliant', when: 'it names your key', change: ownKey({ KmsKeyArn: 'arn' }) },
  { verdict: 'violation', when: "it takes AWS's", change: ownKey({ AwsOwnedKey: true }) },
  { verdict: 'cannot-tell', when: 'the policy is elsewhere', change: (t) => t.remove(SECURITY) },
]);
table('encrypt-everything-at-rest', 'AWS::Bedrock::Guardrail', rag, [
  { verdict: 'compliant', when: 'its key is yours' },
  { verdict: 'violation', when: "it is AWS's", change: (t) => t.drop('AWS::Bedrock::Guardrail', 'KmsKeyArn') },
]);
table('encrypt-everything-at-rest', SOURCE, rag, [
  { verdict: 'compliant', when: 'what it takes in lies under your key' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.drop(SOURCE, 'ServerSideEncryptionConfiguration') },
]);
const managed = (configuration: object) => (t: MutableTemplate) => {
  t.set(BASE, 'KnowledgeBaseConfiguration', { Type: 'MANAGED', ManagedKnowledgeBaseConfiguration: configuration });
};
table('encrypt-everything-at-rest', BASE, rag, [
  { verdict: 'not-applicable', when: 'its vectors lie in a store of yours' },
  { verdict: 'violation', when: "they lie in Bedrock's, under its key", change: managed({}) },
  {
    verdict: 'compliant',
    when: 'they do, under yours',
    change: managed({ ServerSideEncryptionConfiguration: { KmsKeyArn: 'arn' } }),
  },
]);

const permit = (Permission: string[], Resource: string[]) => (t: MutableTemplate) =>
  t.set(ACCESS, 'Policy', JSON.stringify([{ Rules: [{ Permission, Resource }] }]));
table('iam-no-wildcards', ACCESS, rag, [
  { verdict: 'compliant', when: 'it says what may be done, and where' },
  { verdict: 'violation', when: 'all may be done', change: permit(['aoss:*'], ['index/docs/*']), says: /aoss:\*/ },
  { verdict: 'violation', when: 'everywhere', change: permit(['aoss:ReadDocument'], ['index/*/*']), says: /every/ },
]);

table('logs-everywhere', BASE, rag, [
  { verdict: 'compliant', when: 'it logs what it takes in' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.remove('AWS::Logs::DeliverySource'), says: /log/ },
  {
    verdict: 'not-applicable',
    when: 'it does not, in development',
    change: (t) => t.remove('AWS::Logs::DeliverySource'),
    strict: false,
  },
]);
