import type { CatalogueId } from '../../../lib/checks';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { addSecondKey, allow, arnOf, type Mutation, swapAction, widen } from '../mutation';

const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const QUEUE = 'AWS::SQS::Queue';
const TABLE = 'AWS::DynamoDB::Table';
const MACHINE = 'AWS::StepFunctions::StateMachine';
const RULE = 'AWS::Events::Rule';
const STAGE = 'AWS::ApiGatewayV2::Stage';
const PIPE = 'AWS::Pipes::Pipe';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const WEB_ACL = 'AWS::WAFv2::WebACL';

/** Changes the text of a state machine's definition. */
function redefine(template: MutableTemplate, from: RegExp, to: string): void {
  const definition = template.properties(MACHINE)['DefinitionString'];
  const text = JSON.stringify(definition);
  const changed = text.replace(from, to);
  if (changed === text) throw new Error('The definition has no such text: the proof is out of date');
  template.properties(MACHINE)['DefinitionString'] = JSON.parse(changed) as unknown;
}

/** The configuration of the distribution in front of the API, to be changed in place. */
function edgeOf(template: MutableTemplate): Record<string, unknown> {
  return template.properties(DISTRIBUTION)['DistributionConfig'] as Record<string, unknown>;
}

/** For each row with a rule: how its handling is taken out of the pattern's template. The rule must then object. */
export const MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'graviton-default': (t) => t.set(FUNCTION, 'Architectures', ['x86_64'], 'Billing'),
  'lambda-max-timeout-15m': (t) => t.set(FUNCTION, 'Timeout', 901, 'Billing'),
  'lambda-max-memory-10gb': (t) => t.set(FUNCTION, 'MemorySize', 11_000, 'Billing'),
  'lambda-memory-explicit': (t) => t.drop(FUNCTION, 'MemorySize', 'Billing'),
  'lambda-provisioned-concurrency-user-facing': (t) => t.drop('AWS::Lambda::Alias', 'ProvisionedConcurrencyConfig'),
  'lambda-no-warm-capacity-for-background': (t) =>
    t.add('Warm', 'AWS::Lambda::Alias', {
      FunctionName: { Ref: t.id(FUNCTION, 'Billing') },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    }),
  'lambda-reserved-concurrency-isolation': (t) => t.drop(FUNCTION, 'ReservedConcurrentExecutions', 'OrdersApi'),
  'lambda-reserved-sum-within-pool': (t) => t.set(FUNCTION, 'ReservedConcurrentExecutions', 901, 'OrdersApi'),
  'lambda-concurrency-alarm': (t) => t.removeAlarms('Throttles'),
  'lambda-env-4kb': (t) => t.addTo(FUNCTION, 'Environment.Variables', { A: 'x'.repeat(4100) }, 'Billing'),
  'lambda-config-in-ssm': (t) => t.addTo(FUNCTION, 'Environment.Variables', { CONFIG: 'x'.repeat(600) }, 'Billing'),
  'lambda-async-failure-destination': (t) =>
    t.add('Direct', 'AWS::SNS::Subscription', {
      Protocol: 'lambda',
      Endpoint: arnOf(t, FUNCTION, 'Billing'),
    }),
  'lambda-async-retry-bounds': (t) => t.add('Direct', RULE, { Targets: [{ Arn: arnOf(t, FUNCTION, 'Billing') }] }),
  'lambda-dlq-not-empty-alarm': (t) => t.remove('AWS::CloudWatch::Alarm', 'BillingDeadLetters'),
  'lambda-sqs-max-receive-count': (t) => t.set(QUEUE, 'RedrivePolicy.maxReceiveCount', 1000, 'BillingWorkQueue'),
  'lambda-sqs-partial-batch': (t) => t.drop(MAPPING, 'FunctionResponseTypes'),
  'lambda-vpc-only-when-needed': (t) => {
    t.properties(FUNCTION, 'Billing')['VpcConfig'] = { SubnetIds: ['subnet-1'] };
  },
  'sfn-not-lambda-chains': (t) => allow(t, 'BillingHandler', 'lambda:InvokeFunction', arnOf(t, FUNCTION, 'Inventory')),
  'sfn-type-fits-duration': (t) => t.set(MACHINE, 'StateMachineType', 'EXPRESS'),
  'sfn-direct-integrations': (t) => redefine(t, /:states:::aws-sdk:dynamodb:\w+/g, ':states:::lambda:invoke'),
  'sfn-retry-catch-declared': (t) => redefine(t, /\\"Catch\\":/, '\\"Caught\\":'),
  'ddb-on-demand-default': (t) => t.drop(TABLE, 'BillingMode'),
  'ddb-high-cardinality-key': (t) =>
    t.set(TABLE, 'KeySchema', [{ AttributeName: 'status', KeyType: 'HASH' }], 'OrdersTable'),
  'ddb-partition-limit-visible': (t) => t.removeAlarms('WriteThrottleEvents'),
  'ddb-streams-for-cdc': (t) => t.drop(PIPE, 'SourceParameters.DynamoDBStreamParameters.DeadLetterConfig'),
  'ddb-access-patterns-first': (t) => swapAction(t, 'OrdersApi', 'dynamodb:Query', 'dynamodb:Scan'),
  'sqs-dlq-required': (t) => t.drop(QUEUE, 'RedrivePolicy', 'BillingWorkQueue'),
  'sqs-visibility-timeout-exceeds-processing': (t) => t.set(QUEUE, 'VisibilityTimeout', 60, 'BillingWorkQueue'),
  'sqs-long-polling': (t) => t.drop(QUEUE, 'ReceiveMessageWaitTimeSeconds', 'BillingWorkQueue'),
  'sqs-retention-explicit': (t) => t.drop(QUEUE, 'MessageRetentionPeriod', 'BillingWorkQueue'),
  'sqs-esm-explicit-config': (t) => t.drop(MAPPING, 'ScalingConfig'),
  'sns-sqs-fanout': (t) => t.set('AWS::SNS::Subscription', 'Protocol', 'lambda', 'Billing'),
  'sns-filter-policy': (t) => t.drop('AWS::SNS::Subscription', 'FilterPolicy', 'Billing'),
  'sns-subscription-dlq': (t) => t.drop('AWS::SNS::Subscription', 'RedrivePolicy', 'Billing'),
  'one-queue-per-service': (t) => t.set(MAPPING, 'EventSourceArn', arnOf(t, QUEUE, 'InventoryWorkQueue'), 'Billing'),
  'eb-scheduler-for-cron': (t) => t.add('Nightly', RULE, { ScheduleExpression: 'rate(1 day)' }),
  'eb-target-dlq': (t) => {
    const [target] = t.properties(RULE)['Targets'] as Record<string, unknown>[];
    delete target?.['DeadLetterConfig'];
  },
  'eb-pipes-no-glue': (t) => t.drop(PIPE, 'SourceParameters.FilterCriteria'),
  'eb-content-filter': (t) => t.drop(RULE, 'EventPattern.detail'),
  'eb-archive-replay': (t) => t.remove('AWS::Events::Archive'),
  'apigw-http-api-default': (t) => t.add('Rest', 'AWS::ApiGateway::RestApi', { Name: 'orders' }),
  'apigw-throttling': (t) => t.drop(STAGE, 'DefaultRouteSettings.ThrottlingRateLimit'),
  'apigw-29s-timeout': (t) => t.set(FUNCTION, 'Timeout', 60, 'OrdersApi'),
  'apigw-authorizer-on-every-route': (t) => t.set('AWS::ApiGatewayV2::Route', 'AuthorizationType', 'NONE'),
  'apigw-access-logs': (t) => t.drop(STAGE, 'AccessLogSettings'),
  'iam-no-wildcards': (t) => widen(t, 'BillingHandler'),
  'iam-roles-not-users': (t) => t.add('Robot', 'AWS::IAM::User', {}),
  'iam-no-static-keys': (t) => t.addTo(FUNCTION, 'Environment.Variables', { AWS_ACCESS_KEY_ID: 'key' }, 'Billing'),
  'cognito-native-jwt-authorizer': (t) => t.set('AWS::ApiGatewayV2::Authorizer', 'AuthorizerType', 'REQUEST'),
  'encrypt-everything-at-rest': (t) => t.drop(QUEUE, 'KmsMasterKeyId', 'BillingWorkQueue'),
  'kms-one-key-per-data-domain': addSecondKey,
  'kms-rotation': (t) => t.drop('AWS::KMS::Key', 'EnableKeyRotation'),
  'kms-fanout-key-policy': (t) => {
    const policy = t.properties('AWS::KMS::Key')['KeyPolicy'] as { Statement: { Sid?: string }[] };
    policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== 'DeliverIntoEncryptedQueuesAndTopics');
  },
  'tls-everywhere': (t) => t.remove('AWS::SQS::QueuePolicy', 'BillingWorkQueue'),
  'waf-not-on-http-api': (t) =>
    t.add('Waf', 'AWS::WAFv2::WebACLAssociation', { ResourceArn: { Ref: t.id('AWS::ApiGatewayV2::Api') } }),
  'secrets-lambda-runtime-fetch': (t) =>
    t.addTo(FUNCTION, 'Environment.Variables', { PASSWORD: '{{resolve:secretsmanager:db}}' }, 'Billing'),
  'cw-error-rate-alarm': (t) => t.removeAlarms('5xx'),
  'cw-p99-latency-alarm': (t) => t.removeAlarms('Latency'),
  'cw-queue-age-alarm': (t) => t.removeAlarms('ApproximateAgeOfOldestMessage'),
  'cw-alarm-has-action': (t) => t.drop('AWS::CloudWatch::Alarm', 'AlarmActions'),
  'cw-missing-data-explicit': (t) => t.drop('AWS::CloudWatch::Alarm', 'TreatMissingData'),
  'cw-emf-not-putmetric': (t) => allow(t, 'BillingHandler', 'cloudwatch:PutMetricData', '*'),
  'cw-log-metric-filter': (t) => t.remove('AWS::Logs::MetricFilter', 'Billing'),
  'cw-log-retention': (t) => t.drop('AWS::Logs::LogGroup', 'RetentionInDays'),
  'tracing-on': (t) => t.drop(FUNCTION, 'TracingConfig', 'Billing'),
  'pattern-has-alarms': (t) => t.remove('AWS::CloudWatch::Alarm'),
  'logs-everywhere': (t) => t.drop(PIPE, 'LogConfiguration'),
};

/** The same for the template with the option `edge`, also by rows of the catalogue that touch the pattern through it alone. */
export const EDGE_MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'cloudfront-fronts-everything': (t) => {
    for (const origin of edgeOf(t)['Origins'] as Record<string, unknown>[]) delete origin['OriginCustomHeaders'];
  },
  'waf-not-on-http-api': (t) =>
    t.add('Association', 'AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Sub': `arn:aws:apigateway:us-east-1::/apis/\${${t.id('AWS::ApiGatewayV2::Api')}}/stages/x` },
      WebACLArn: arnOf(t, WEB_ACL),
    }),
  'waf-on-cloudfront': (t) => {
    delete edgeOf(t)['WebACLId'];
  },
  'waf-managed-rules': (t) => {
    (t.properties(WEB_ACL)['Rules'] as unknown[]).pop();
  },
  'waf-rate-rule': (t) => {
    (t.properties(WEB_ACL)['Rules'] as unknown[]).shift();
  },
  'cloudfront-api-not-cached': (t) => t.drop(DISTRIBUTION, 'DistributionConfig.DefaultCacheBehavior.CachePolicyId'),
  'cloudfront-error-caching-ttl': (t) => t.drop(DISTRIBUTION, 'DistributionConfig.CustomErrorResponses'),
  'cloudfront-tls': (t) =>
    t.set(DISTRIBUTION, 'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all'),
  'tls-everywhere': (t) => t.remove('AWS::S3::BucketPolicy', 'AccessLogs'),
  'encrypt-everything-at-rest': (t) => t.drop('AWS::S3::Bucket', 'BucketEncryption', 'AccessLogs'),
  'logs-everywhere': (t) => t.remove('AWS::WAFv2::LoggingConfiguration'),
  'iam-no-wildcards': (t) => widen(t, 'EdgeSecretHandler'),
};
