// What a team of CDK users writes once for its stacks: a key, a topic for alarms, and functions, queues, tables and buckets
// that use the key. L2 constructs alone.
const { join } = require('node:path');
const { CfnOutput, Duration, RemovalPolicy } = require('aws-cdk-lib');
const { AccessLogField, AccessLogFormat } = require('aws-cdk-lib/aws-apigateway');
const { HttpStage, LogGroupLogDestination } = require('aws-cdk-lib/aws-apigatewayv2');
const { Alarm, ComparisonOperator, MathExpression, TreatMissingData } = require('aws-cdk-lib/aws-cloudwatch');
const { SnsAction } = require('aws-cdk-lib/aws-cloudwatch-actions');
const { AccountRecovery, Mfa, UserPool } = require('aws-cdk-lib/aws-cognito');
const { AttributeType, BillingMode, Table, TableEncryption } = require('aws-cdk-lib/aws-dynamodb');
const { ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Key } = require('aws-cdk-lib/aws-kms');
const {
  Alias,
  Architecture,
  Code,
  Function: LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} = require('aws-cdk-lib/aws-lambda');
const { LogGroup, RetentionDays } = require('aws-cdk-lib/aws-logs');
const { BlockPublicAccess, Bucket, BucketEncryption } = require('aws-cdk-lib/aws-s3');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { EmailSubscription } = require('aws-cdk-lib/aws-sns-subscriptions');
const { Queue, QueueEncryption } = require('aws-cdk-lib/aws-sqs');

const HANDLERS = join(__dirname, '..', '..', 'dist', 'handlers');
const removalPolicy = RemovalPolicy.DESTROY;

/** A key that logs and alarms may use, and the topic of the alarms. */
function addFoundation(stack) {
  const key = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy });
  key.grantEncryptDecrypt(new ServicePrincipal('logs.amazonaws.com'));
  key.grant(new ServicePrincipal('cloudwatch.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey*');
  const alarmTopic = new Topic(stack, 'AlarmTopic', { masterKey: key, enforceSSL: true });
  alarmTopic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
  alarmTopic.addSubscription(new EmailSubscription('ops@example.com'));
  return { key, alarmTopic };
}

/** What a stack is built of. */
class Parts {
  constructor(stack, { key, alarmTopic } = addFoundation(stack)) {
    this.stack = stack;
    this.key = key;
    this.alarmTopic = alarmTopic;
  }

  alarm(id, metric, alarmDescription, { threshold = 1, evaluationPeriods = 1 } = {}) {
    const alarm = new Alarm(this.stack, `${id}Alarm`, {
      metric,
      alarmDescription,
      threshold,
      evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.alarmTopic));
  }

  /** Two alarms on what users of an API notice. */
  apiAlarms(errors, requests, latency, milliseconds) {
    const rate = new MathExpression({
      expression: 'IF(requests >= 20, 100 * errors / requests, 0)',
      usingMetrics: { errors, requests },
      label: 'Server errors (%)',
    });
    this.alarm('ErrorRate', rate, 'More than 1% of requests end in a server error.');
    this.alarm('Latency', latency, `The p99 latency is above ${milliseconds} ms.`, {
      threshold: milliseconds,
      evaluationPeriods: 3,
    });
  }

  /** Users who sign up by e-mail. */
  users() {
    return new UserPool(this.stack, 'Users', {
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: { minLength: 12, tempPasswordValidity: Duration.days(3) },
      removalPolicy,
    });
  }

  /** The stage of an HTTP API, with its access log. */
  stage(httpApi, throttle) {
    return new HttpStage(this.stack, 'Stage', {
      httpApi,
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.logs('Access')),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: AccessLogField.contextRequestId(),
            time: AccessLogField.contextRequestTime(),
            route: AccessLogField.contextRouteKey(),
            status: AccessLogField.contextStatus(),
            latencyMs: AccessLogField.contextResponseLatency(),
            integrationError: AccessLogField.contextIntegrationErrorMessage(),
            sub: AccessLogField.contextAuthorizerClaims('sub'),
            sourceIp: AccessLogField.contextIdentitySourceIp(),
            bytes: AccessLogField.contextResponseLength(),
          }),
        ),
      },
    });
  }

  /** What a deployment tells. */
  outputs(values) {
    for (const [id, value] of Object.entries(values)) new CfnOutput(this.stack, id, { value });
  }

  logs(id, props) {
    return new LogGroup(this.stack, `${id}Logs`, {
      retention: RetentionDays.ONE_WEEK,
      encryptionKey: this.key,
      removalPolicy,
      ...props,
    });
  }

  /** A function of a folder of handlers, with its log group. */
  handler(id, folder, { environment, ...props } = {}) {
    return new LambdaFunction(this.stack, id, {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(HANDLERS, folder)),
      tracing: Tracing.ACTIVE,
      timeout: Duration.seconds(30),
      memorySize: 512,
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logs(id),
      environment: { POWERTOOLS_SERVICE_NAME: id, POWERTOOLS_METRICS_NAMESPACE: 'Shop', ...environment },
      ...props,
    });
  }

  throttleAlarm(handler) {
    const { id } = handler.node;
    this.alarm(`${id}Throttles`, handler.metricThrottles(), `${id}: invocations are throttled.`);
  }

  live(id, handler) {
    return new Alias(this.stack, `${id}Live`, { aliasName: 'live', version: handler.currentVersion });
  }

  queue(id, props) {
    return new Queue(this.stack, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(180),
      ...props,
    });
  }

  /** A queue of what could not be done, with an alarm. */
  deadLetters(id, props) {
    const queue = this.queue(id, { retentionPeriod: Duration.days(14), ...props });
    const redrive = `aws sqs start-message-move-task --source-arn ${queue.queueArn}`;
    this.alarm(
      id,
      queue.metricApproximateNumberOfMessagesVisible(),
      `${id}: messages could not be processed. This command sends them back: ${redrive}`,
    );
    return queue;
  }

  table(id, props) {
    return new Table(this.stack, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy,
      ...props,
    });
  }

  bucket(id, { expiration, ...props } = {}) {
    return new Bucket(this.stack, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          id: 'superseded-versions',
          noncurrentVersionExpiration: Duration.days(30),
          expiredObjectDeleteMarker: true,
        },
        { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...(expiration === undefined ? [] : [{ id: 'expired', expiration }]),
      ],
      removalPolicy,
      autoDeleteObjects: true,
      ...props,
    });
  }
}

module.exports = { Parts, addFoundation, removalPolicy };
