import type { CatalogueId } from '../../../lib/checks';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import {
  addSecondKey,
  allow,
  dropFromLifecycle,
  type MutableStatement,
  type Mutation,
  statementsOf,
  swapAction,
  widen,
} from '../mutation';

const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const BUCKET = 'AWS::S3::Bucket';
const QUEUE = 'AWS::SQS::Queue';
const TABLE = 'AWS::DynamoDB::Table';
const RULE = 'AWS::Events::Rule';
const ALARM = 'AWS::CloudWatch::Alarm';
const METHOD = 'AWS::ApiGateway::Method';
const STAGE = 'AWS::ApiGateway::Stage';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const WEB_ACL = 'AWS::WAFv2::WebACL';
const GUARDRAIL = 'AWS::Bedrock::Guardrail';
const GROUP = 'AWS::OpenSearchServerless::CollectionGroup';
const SECURITY = 'AWS::OpenSearchServerless::SecurityPolicy';

const ASK = 'AnswersAsk';
const SYNC = 'LibrarySync';
const INSPECTOR = 'LibraryInspector';
const DOCUMENTS = 'LibraryDocuments';
const WORK = 'WorkQueue';

/** What lets the function that answers ask its model. */
function asking(t: MutableTemplate): MutableStatement[] {
  const found = statementsOf(t, ASK).filter(({ Action }) => JSON.stringify(Action).includes('bedrock:InvokeModel'));
  if (found.length === 0) throw new Error('Nothing lets ask a model: the proof is out of date');
  return found;
}

/** The distribution's configuration, to be changed in place. */
function edgeOf(t: MutableTemplate): Record<string, unknown> {
  return t.properties(DISTRIBUTION)['DistributionConfig'] as Record<string, unknown>;
}

const rulesOf = (t: MutableTemplate) =>
  t.properties(WEB_ACL)['Rules'] as { Name: string; Statement: Record<string, Record<string, unknown>> }[];

const settingsOf = (t: MutableTemplate) => t.properties(STAGE)['MethodSettings'] as Record<string, unknown>[];

/** For each row with a rule: how its handling is taken out of the template. The rule must then object. */
export const MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'graviton-default': (t) => t.set(FUNCTION, 'Architectures', ['x86_64'], ASK),
  'lambda-max-timeout-15m': (t) => t.set(FUNCTION, 'Timeout', 901, INSPECTOR),
  'lambda-max-memory-10gb': (t) => t.set(FUNCTION, 'MemorySize', 11_000, ASK),
  'lambda-memory-explicit': (t) => t.drop(FUNCTION, 'MemorySize', ASK),
  'lambda-provisioned-concurrency-user-facing': (t) =>
    t.drop('AWS::Lambda::Alias', 'ProvisionedConcurrencyConfig', ASK),
  'lambda-no-warm-capacity-for-background': (t) =>
    t.add('Warm', 'AWS::Lambda::Alias', {
      FunctionName: { Ref: t.id(FUNCTION, INSPECTOR) },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    }),
  'lambda-reserved-concurrency-isolation': (t) => t.drop(FUNCTION, 'ReservedConcurrentExecutions', ASK),
  'lambda-reserved-sum-within-pool': (t) => t.set(FUNCTION, 'ReservedConcurrentExecutions', 901, ASK),
  'lambda-concurrency-alarm': (t) => t.removeAlarms('Throttles'),
  'lambda-env-4kb': (t) => t.addTo(FUNCTION, 'Environment.Variables', { A: 'x'.repeat(4100) }, 'OriginSecret'),
  'lambda-config-in-ssm': (t) =>
    t.addTo(FUNCTION, 'Environment.Variables', { CONFIG: 'x'.repeat(600) }, 'OriginSecret'),
  'lambda-async-failure-destination': (t) => t.drop('AWS::Lambda::EventInvokeConfig', 'DestinationConfig'),
  'lambda-async-retry-bounds': (t) => t.drop('AWS::Lambda::EventInvokeConfig', 'MaximumRetryAttempts'),
  'lambda-dlq-not-empty-alarm': (t) => t.removeAlarms('ApproximateNumberOfMessagesVisible'),
  'lambda-sqs-max-receive-count': (t) => t.set(QUEUE, 'RedrivePolicy.maxReceiveCount', 1000, WORK),
  'lambda-sqs-partial-batch': (t) => t.drop(MAPPING, 'FunctionResponseTypes'),
  'lambda-vpc-only-when-needed': (t) => {
    t.properties(FUNCTION, INSPECTOR)['VpcConfig'] = { SubnetIds: ['subnet-1'] };
  },
  's3-abort-incomplete-multipart': (t) => dropFromLifecycle(t, DOCUMENTS, 'AbortIncompleteMultipartUpload'),
  's3-presigned-uploads': (t) => {
    const { CorsRules } = t.properties(BUCKET, DOCUMENTS)['CorsConfiguration'] as {
      CorsRules: Record<string, unknown>[];
    };
    for (const rule of CorsRules) rule['AllowedOrigins'] = ['*'];
  },
  's3-event-driven-ingest': (t) => t.drop(QUEUE, 'RedrivePolicy', WORK),
  's3-no-object-lambda-or-select': (t) => t.add('Changed', 'AWS::S3ObjectLambda::AccessPoint', {}),
  's3-block-public-access': (t) => t.drop(BUCKET, 'PublicAccessBlockConfiguration.BlockPublicPolicy', DOCUMENTS),
  's3-noncurrent-version-expiry': (t) => dropFromLifecycle(t, DOCUMENTS, 'NoncurrentVersionExpiration'),
  'ddb-on-demand-default': (t) => t.drop(TABLE, 'BillingMode', 'Library'),
  'ddb-high-cardinality-key': (t) =>
    t.set(TABLE, 'KeySchema', [{ AttributeName: 'status', KeyType: 'HASH' }], 'Library'),
  'ddb-partition-limit-visible': (t) => t.removeAlarms('WriteThrottleEvents'),
  'ddb-access-patterns-first': (t) => swapAction(t, ASK, 'dynamodb:Query', 'dynamodb:Scan'),
  'sqs-dlq-required': (t) => t.drop(QUEUE, 'RedrivePolicy', WORK),
  'sqs-visibility-timeout-exceeds-processing': (t) => t.set(QUEUE, 'VisibilityTimeout', 30, WORK),
  'sqs-long-polling': (t) => t.drop(QUEUE, 'ReceiveMessageWaitTimeSeconds', WORK),
  'sqs-retention-explicit': (t) => t.drop(QUEUE, 'MessageRetentionPeriod', WORK),
  'sqs-esm-explicit-config': (t) => t.drop(MAPPING, 'ScalingConfig'),
  'eb-scheduler-for-cron': (t) => t.drop('AWS::Scheduler::Schedule', 'Target.DeadLetterConfig'),
  'cloudfront-fronts-everything': (t) => {
    for (const origin of edgeOf(t)['Origins'] as Record<string, unknown>[]) delete origin['OriginCustomHeaders'];
  },
  'apigw-http-api-default': (t) => t.drop(METHOD, 'Integration.ResponseTransferMode', 'messagesPOST'),
  'apigw-throttling': (t) => {
    for (const setting of settingsOf(t)) delete setting['ThrottlingRateLimit'];
  },
  'apigw-29s-timeout': (t) => t.set(FUNCTION, 'Timeout', 60, 'DocumentsApi'),
  'apigw-authorizer-on-every-route': (t) => t.set(METHOD, 'AuthorizationType', 'NONE', 'messagesPOST'),
  'apigw-access-logs': (t) => t.drop(STAGE, 'AccessLogSetting'),
  'iam-no-wildcards': (t) => widen(t, ASK),
  'iam-roles-not-users': (t) => t.add('Robot', 'AWS::IAM::User', {}),
  'iam-no-static-keys': (t) => t.addTo(FUNCTION, 'Environment.Variables', { AWS_ACCESS_KEY_ID: 'key' }, 'OriginSecret'),
  'cognito-native-jwt-authorizer': (t) => t.set('AWS::ApiGateway::Authorizer', 'Type', 'TOKEN'),
  'encrypt-everything-at-rest': (t) => t.drop(GUARDRAIL, 'KmsKeyArn'),
  'kms-one-key-per-data-domain': addSecondKey,
  'kms-rotation': (t) => t.drop('AWS::KMS::Key', 'EnableKeyRotation'),
  'kms-fanout-key-policy': (t) => {
    const policy = t.properties('AWS::KMS::Key')['KeyPolicy'] as { Statement: { Sid?: string }[] };
    policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== 'DeliverIntoEncryptedQueuesAndTopics');
  },
  'tls-everywhere': (t) => t.remove('AWS::S3::BucketPolicy', DOCUMENTS),
  'waf-on-cloudfront': (t) => {
    delete edgeOf(t)['WebACLId'];
  },
  'waf-managed-rules': (t) => {
    const rules = rulesOf(t);
    rules.splice(
      rules.findIndex(({ Name }) => Name === 'AWSManagedRulesSQLiRuleSet'),
      1,
    );
  },
  'waf-rate-rule': (t) => {
    for (const { Statement } of rulesOf(t)) {
      if (Statement['RateBasedStatement'] !== undefined) Statement['RateBasedStatement']['Limit'] = 100_000;
    }
  },
  'waf-not-on-http-api': (t) => {
    t.add('Http', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' });
    t.add('Association', 'AWS::WAFv2::WebACLAssociation', { ResourceArn: { Ref: 'Http' } });
  },
  'secrets-lambda-runtime-fetch': (t) =>
    t.addTo(FUNCTION, 'Environment.Variables', { PASSWORD: '{{resolve:secretsmanager:db}}' }, 'OriginSecret'),
  'cw-error-rate-alarm': (t) => t.removeAlarms('5XXError'),
  'cw-p99-latency-alarm': (t) => t.removeAlarms('Latency'),
  'cw-queue-age-alarm': (t) => t.removeAlarms('ApproximateAgeOfOldestMessage'),
  'cw-alarm-has-action': (t) => t.drop(ALARM, 'AlarmActions'),
  'cw-missing-data-explicit': (t) => t.drop(ALARM, 'TreatMissingData'),
  'cw-emf-not-putmetric': (t) => allow(t, ASK, 'cloudwatch:PutMetricData', '*'),
  'cw-log-metric-filter': (t) => t.remove('AWS::Logs::MetricFilter', 'Ask'),
  'cw-log-retention': (t) => t.drop('AWS::Logs::LogGroup', 'RetentionInDays', ASK),
  'tracing-on': (t) => t.drop(FUNCTION, 'TracingConfig', ASK),
  'bedrock-converse-config-model': (t) => t.drop(FUNCTION, 'Environment.Variables.MODEL_ID', ASK),
  'bedrock-model-lifecycle': (t) =>
    t.set(FUNCTION, 'Environment.Variables.MODEL_ID', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0', ASK),
  'bedrock-inference-profile': (t) => {
    const statements = statementsOf(t, ASK);
    const model = statements.findIndex(({ Resource }) => JSON.stringify(Resource).includes(':foundation-model/'));
    statements.splice(model, 1);
  },
  'bedrock-guardrail-required': (t) => {
    for (const statement of asking(t)) delete statement.Condition;
  },
  'bedrock-guardrail-policies': (t) => t.drop(GUARDRAIL, 'ContextualGroundingPolicyConfig'),
  'rag-knowledge-base': (t) => t.remove('AWS::Scheduler::Schedule'),
  'bedrock-token-budget': (t) => t.removeAlarms('OutputTokenCount'),
  'rag-conversation-history': (t) => t.drop(TABLE, 'TimeToLiveSpecification', 'Conversations'),
  'pattern-has-alarms': (t) => t.remove(ALARM),
  'logs-everywhere': (t) => t.remove('AWS::Logs::DeliverySource'),
};

/** More that the same rules must object to: what one mutation of a row does not show. */
export const FURTHER: readonly (readonly [CatalogueId, string, Mutation])[] = [
  [
    'bedrock-guardrail-required',
    'the function is told of the draft',
    (t) => t.set(FUNCTION, 'Environment.Variables.GUARDRAIL_VERSION', 'DRAFT', ASK),
  ],
  ['bedrock-guardrail-required', 'the guardrail has no version', (t) => t.remove('AWS::Bedrock::GuardrailVersion')],
  [
    'bedrock-guardrail-required',
    'the draft is allowed',
    (t) => {
      const draft = { 'Fn::GetAtt': [t.id(GUARDRAIL), 'GuardrailArn'] };
      for (const statement of asking(t)) {
        statement.Condition = { StringEquals: { 'bedrock:GuardrailIdentifier': draft } };
      }
    },
  ],
  [
    'bedrock-inference-profile',
    'every model may be asked',
    (t) => {
      for (const statement of asking(t)) statement.Resource = '*';
    },
  ],
  [
    'rag-knowledge-base',
    'nobody may start an ingestion',
    (t) => {
      for (const statement of statementsOf(t, SYNC)) {
        if (JSON.stringify(statement.Action).includes('StartIngestionJob')) statement.Action = 'bedrock:Retrieve';
      }
    },
  ],
  ['rag-knowledge-base', 'nothing feeds it', (t) => t.remove('AWS::Bedrock::DataSource')],
  [
    'encrypt-everything-at-rest',
    'vectors have a key of AWS',
    (t) => t.drop('AWS::S3Vectors::VectorBucket', 'EncryptionConfiguration'),
  ],
  ['s3-event-driven-ingest', 'nobody hears of documents', (t) => t.remove(RULE)],
  [
    'encrypt-everything-at-rest',
    'what is taken in has one',
    (t) => t.drop('AWS::Bedrock::DataSource', 'ServerSideEncryptionConfiguration'),
  ],
];

/** The same for what OpenSearch Serverless has instead of S3 Vectors. */
export const OPENSEARCH_MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'rag-vector-store-private': (t) =>
    t.set(SECURITY, 'Policy', '[{"Rules":[],"AllowFromPublic":true}]', 'VectorStoreNetwork'),
  'encrypt-everything-at-rest': (t) =>
    t.set(SECURITY, 'Policy', '{"Rules":[],"AWSOwnedKey":true}', 'VectorStoreEncryption'),
};

/** More of it. */
export const OPENSEARCH_FURTHER: readonly (readonly [CatalogueId, string, Mutation])[] = [
  [
    'rag-vector-store-private',
    'the account reads',
    (t) =>
      t.set(
        'AWS::OpenSearchServerless::AccessPolicy',
        'Policy',
        '[{"Rules":[],"Principal":["arn:aws:iam::111122223333:root"]}]',
      ),
  ],
];

/** What only a generation without a floor has: the rule objects to the other one as it is. */
export const NEXTGEN_MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  ...OPENSEARCH_MUTATIONS,
  'rag-vector-store-cost': (t) => t.drop(GROUP, 'Generation'),
};

/** More of it. */
export const NEXTGEN_FURTHER: readonly (readonly [CatalogueId, string, Mutation])[] = [
  ...OPENSEARCH_FURTHER,
  ['rag-vector-store-cost', 'nothing bounds the search', (t) => t.drop(GROUP, 'CapacityLimits.MaxSearchCapacityInOcu')],
];
