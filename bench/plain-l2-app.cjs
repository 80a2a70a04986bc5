// The peer of the synth benchmark: what a CDK user writes with L2 constructs and their defaults, with as many resources
// as the event-driven pattern has. It is not an example: it has no dead-letter alarms, filters or least privilege.
const { join } = require('node:path');
const { App, Duration, RemovalPolicy, Stack } = require('aws-cdk-lib');
const {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  LogGroupLogDestination,
  HttpStage,
} = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpUserPoolAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Alarm } = require('aws-cdk-lib/aws-cloudwatch');
const { SnsAction } = require('aws-cdk-lib/aws-cloudwatch-actions');
const { UserPool } = require('aws-cdk-lib/aws-cognito');
const { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } = require('aws-cdk-lib/aws-dynamodb');
const { Archive, EventBus, Rule } = require('aws-cdk-lib/aws-events');
const { SfnStateMachine, SqsQueue } = require('aws-cdk-lib/aws-events-targets');
const { PolicyStatement, Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Key } = require('aws-cdk-lib/aws-kms');
const { Alias, Code, Function: LambdaFunction, Runtime, Tracing } = require('aws-cdk-lib/aws-lambda');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const { LogGroup, RetentionDays } = require('aws-cdk-lib/aws-logs');
const { CfnPipe } = require('aws-cdk-lib/aws-pipes');
const { Bucket, BucketEncryption } = require('aws-cdk-lib/aws-s3');
const { SubscriptionFilter, Topic } = require('aws-cdk-lib/aws-sns');
const { EmailSubscription, SqsSubscription } = require('aws-cdk-lib/aws-sns-subscriptions');
const { Queue, QueueEncryption } = require('aws-cdk-lib/aws-sqs');
const { DefinitionBody, StateMachine, Succeed } = require('aws-cdk-lib/aws-stepfunctions');
const { CallAwsService } = require('aws-cdk-lib/aws-stepfunctions-tasks');

const app = new App();
const stack = new Stack(app, 'Plain');
const removalPolicy = RemovalPolicy.DESTROY;
const key = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy });
const alarmTopic = new Topic(stack, 'Alarms', { masterKey: key, enforceSSL: true });
alarmTopic.addSubscription(new EmailSubscription('ops@example.com'));
let alarms = 0;
const watch = (metric) => {
  alarms += 1;
  const alarm = new Alarm(stack, `Alarm${alarms}`, { metric, threshold: 1, evaluationPeriods: 1 });
  alarm.addAlarmAction(new SnsAction(alarmTopic));
};
const queue = (id, deadLetterQueue) =>
  new Queue(stack, id, {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue,
  });
const deadLetters = (id) => {
  const dead = queue(id);
  watch(dead.metricApproximateNumberOfMessagesVisible());
  return dead;
};
const table = (id, stream) => {
  const made = new Table(stack, id, {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    stream,
    removalPolicy,
  });
  return made;
};
const handler = (id, name) => {
  const made = new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(join(__dirname, '..', 'dist', 'handlers', 'event-driven', name)),
    tracing: Tracing.ACTIVE,
    timeout: Duration.seconds(30),
    memorySize: 512,
    logGroup: new LogGroup(stack, `${id}Logs`, {
      retention: RetentionDays.ONE_WEEK,
      encryptionKey: key,
      removalPolicy,
    }),
  });
  watch(made.metricThrottles());
  return made;
};

// The API and its table.
const orders = table('Orders', StreamViewType.NEW_IMAGE);
orders.addGlobalSecondaryIndex({
  indexName: 'by-customer',
  partitionKey: { name: 'customerId', type: AttributeType.STRING },
});
const claims = new Bucket(stack, 'Claims', {
  encryption: BucketEncryption.KMS,
  encryptionKey: key,
  enforceSSL: true,
  removalPolicy,
  autoDeleteObjects: true,
});
const ordersApi = handler('OrdersApi', 'orders-api');
orders.grantReadWriteData(ordersApi);
claims.grantReadWrite(ordersApi);
const live = new Alias(stack, 'Live', { aliasName: 'live', version: ordersApi.currentVersion });
const users = new UserPool(stack, 'Users', { removalPolicy });
const api = new HttpApi(stack, 'Api', {
  createDefaultStage: false,
  corsPreflight: { allowMethods: [CorsHttpMethod.ANY] },
});
const accessLogs = new LogGroup(stack, 'AccessLogs', { encryptionKey: key, removalPolicy });
new HttpStage(stack, 'Stage', {
  httpApi: api,
  autoDeploy: true,
  throttle: { rateLimit: 100, burstLimit: 200 },
  accessLogSettings: { destination: new LogGroupLogDestination(accessLogs) },
});
const authorizer = new HttpUserPoolAuthorizer('Jwt', users, { userPoolClients: [users.addClient('Web')] });
const integration = new HttpLambdaIntegration('Orders', live);
for (const [method, path] of [
  [HttpMethod.POST, '/orders'],
  [HttpMethod.GET, '/orders'],
  [HttpMethod.GET, '/orders/{id}'],
]) {
  api.addRoutes({ path, methods: [method], integration, authorizer });
}

// The fan-out and its services.
const topic = new Topic(stack, 'OrderEvents', { masterKey: key, enforceSSL: true });
const facts = table('Facts', StreamViewType.NEW_IMAGE);
const service = (id, name, subscribes) => {
  const work = queue(`${id}Queue`, { queue: deadLetters(`${id}DeadLetters`), maxReceiveCount: 5 });
  watch(work.metricApproximateAgeOfOldestMessage());
  const consumer = handler(id, name);
  table(`${id}Table`).grantWriteData(consumer);
  facts.grantWriteData(consumer);
  consumer.addEventSource(new SqsEventSource(work, { maxConcurrency: 5, reportBatchItemFailures: true }));
  if (subscribes) {
    const filterPolicy = { type: SubscriptionFilter.stringFilter({ allowlist: ['order.placed'] }) };
    topic.addSubscription(
      new SqsSubscription(work, { filterPolicy, deadLetterQueue: deadLetters(`${id}Undelivered`) }),
    );
  }
  return work;
};
service('Billing', 'billing', true);
service('Inventory', 'inventory', true);
service('Notifications', 'notifications', true);
const fraudCheck = service('FraudCheck', 'fraud-check', false);

// The bus, its rules and the workflow.
const bus = new EventBus(stack, 'Bus');
new Archive(stack, 'Archive', { sourceEventBus: bus, eventPattern: { source: ['shop'] }, retention: Duration.days(7) });
const deliveries = table('Deliveries');
const steps = ['Take on', 'Reserve', 'Charge', 'Ship', 'Refund', 'Release', 'Cancel'].map((id) =>
  new CallAwsService(stack, id, {
    service: 'dynamodb',
    action: 'putItem',
    parameters: { TableName: deliveries.tableName, Item: { pk: { S: 'delivery' }, status: { S: id } } },
    iamResources: [deliveries.tableArn],
  }).addRetry({ maxAttempts: 3 }),
);
const definition = steps
  .slice(1)
  .reduce((chain, step) => chain.next(step), steps[0])
  .next(new Succeed(stack, 'Done'));
const workflow = new StateMachine(stack, 'Workflow', {
  definitionBody: DefinitionBody.fromChainable(definition),
  tracingEnabled: true,
  logs: { destination: new LogGroup(stack, 'WorkflowLogs', { encryptionKey: key, removalPolicy }) },
});
watch(workflow.metricFailed());
watch(workflow.metricTimedOut());
new Rule(stack, 'FraudRule', {
  eventBus: bus,
  eventPattern: { source: ['shop'], detailType: ['payment.captured'] },
}).addTarget(new SqsQueue(fraudCheck, { deadLetterQueue: deadLetters('FraudUndelivered') }));
new Rule(stack, 'FulfilRule', {
  eventBus: bus,
  eventPattern: { source: ['shop'], detailType: ['stock.reserved'] },
}).addTarget(new SfnStateMachine(workflow, { deadLetterQueue: deadLetters('FulfilUndelivered') }));

// The streams. Pipes have no L2.
const enrichment = handler('Enrichment', 'outbox-events');
for (const [id, source, target] of [
  ['Publish', orders, topic.topicArn],
  ['Outbox', facts, bus.eventBusArn],
]) {
  const role = new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
  const dead = deadLetters(`${id}DeadLetters`);
  source.grantStreamRead(role);
  dead.grantSendMessages(role);
  role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish', 'events:PutEvents'], resources: [target] }));
  enrichment.grantInvoke(role);
  const logs = new LogGroup(stack, `${id}Logs`, { encryptionKey: key, removalPolicy });
  new CfnPipe(stack, `${id}Pipe`, {
    roleArn: role.roleArn,
    source: source.tableStreamArn,
    target,
    sourceParameters: {
      dynamoDbStreamParameters: { startingPosition: 'TRIM_HORIZON', deadLetterConfig: { arn: dead.queueArn } },
    },
    logConfiguration: { cloudwatchLogsLogDestination: { logGroupArn: logs.logGroupArn }, level: 'ERROR' },
  });
}

// Alarms on the rest, until there are as many as the pattern has.
const metrics = [
  ordersApi.metricErrors(),
  api.metricServerError(),
  api.metricLatency(),
  topic.metricNumberOfNotificationsFailed(),
];
const wanted = Number(process.env['BENCH_ALARMS'] ?? 0);
while (alarms < wanted) watch(metrics[alarms % metrics.length]);
app.synth();
