// The event-driven pattern's architecture as a CDK user writes it by hand.
const { Duration, Stack } = require('aws-cdk-lib');
const { CorsHttpMethod, HttpApi, HttpMethod } = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpUserPoolAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Metric } = require('aws-cdk-lib/aws-cloudwatch');
const { AttributeType, StreamViewType } = require('aws-cdk-lib/aws-dynamodb');
const { Archive, EventBus, Rule } = require('aws-cdk-lib/aws-events');
const { SfnStateMachine, SqsQueue } = require('aws-cdk-lib/aws-events-targets');
const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const { CfnPipe } = require('aws-cdk-lib/aws-pipes');
const { SubscriptionFilter, Topic } = require('aws-cdk-lib/aws-sns');
const { SqsSubscription } = require('aws-cdk-lib/aws-sns-subscriptions');
const {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  JitterType,
  LogLevel,
  StateMachine,
  Succeed,
  TaskInput,
} = require('aws-cdk-lib/aws-stepfunctions');
const { CallAwsService, EventBridgePutEvents } = require('aws-cdk-lib/aws-stepfunctions-tasks');
const { Parts } = require('./parts.cjs');

const EVENTS = 'shop';
/** What goes by itself. */
const TRANSIENT = [
  'DynamoDb.InternalServerErrorException',
  'DynamoDb.ProvisionedThroughputExceededException',
  'DynamoDb.RequestLimitExceededException',
  'DynamoDb.ThrottlingException',
  'DynamoDb.TransactionConflictException',
  'DynamoDb.SdkClientException',
  'States.Timeout',
];

/** The API with its users, its table and the bucket of large orders. */
function addApi(parts) {
  const { stack } = parts;
  const orders = parts.table('Orders', { stream: StreamViewType.NEW_IMAGE });
  orders.addGlobalSecondaryIndex({
    indexName: 'by-customer',
    partitionKey: { name: 'customerId', type: AttributeType.STRING },
    sortKey: { name: 'createdAt', type: AttributeType.STRING },
  });
  const claims = parts.bucket('Claims', { expiration: Duration.days(30) });
  const ordersApi = parts.handler('OrdersApi', 'event-driven/orders-api', {
    environment: { ORDERS_TABLE: orders.tableName, CLAIMS_BUCKET: claims.bucketName },
  });
  parts.throttleAlarm(ordersApi);
  orders.grantReadWriteData(ordersApi);
  claims.grantReadWrite(ordersApi);

  const users = parts.users();
  const client = users.addClient('Web');
  const api = new HttpApi(stack, 'Api', {
    createDefaultStage: false,
    corsPreflight: { allowOrigins: ['https://shop.example.com'], allowMethods: [CorsHttpMethod.ANY] },
  });
  parts.stage(api, { rateLimit: 100, burstLimit: 200 });
  const authorizer = new HttpUserPoolAuthorizer('Jwt', users, { userPoolClients: [client] });
  const integration = new HttpLambdaIntegration('Orders', parts.live('OrdersApi', ordersApi), {
    scopePermissionToRoute: false,
  });
  for (const [method, path] of [
    [HttpMethod.POST, '/orders'],
    [HttpMethod.GET, '/orders'],
    [HttpMethod.GET, '/orders/{id}'],
  ]) {
    api.addRoutes({ path, methods: [method], integration, authorizer });
  }
  parts.apiAlarms(api.metricServerError(), api.metricCount(), api.metricLatency({ statistic: 'p99' }), 1000);
  parts.outputs({ ApiUrl: api.apiEndpoint, UserPoolId: users.userPoolId, ClientId: client.userPoolClientId });
  return { orders, claims };
}

/** A service with its queue, its table and its function, of which the facts are published. */
function addService(parts, id, { folder, topic, facts, claims, bus }) {
  const work = parts.queue(`${id}Queue`, {
    deadLetterQueue: { queue: parts.deadLetters(`${id}DeadLetters`), maxReceiveCount: 5 },
  });
  parts.alarm(
    `${id}Age`,
    work.metricApproximateAgeOfOldestMessage(),
    `${id}: the oldest message in the queue is 5 minutes old.`,
    { threshold: 300 },
  );
  const table = parts.table(`${id}Table`);
  const consumer = parts.handler(id, folder, {
    environment: { TABLE: table.tableName, FACTS_TABLE: facts.tableName, CLAIMS_BUCKET: claims.bucketName },
  });
  parts.throttleAlarm(consumer);
  table.grantReadWriteData(consumer);
  facts.grantWriteData(consumer);
  claims.grantRead(consumer);
  consumer.addEventSource(new SqsEventSource(work, { maxConcurrency: 5, reportBatchItemFailures: true }));
  const deadLetterQueue = parts.deadLetters(`${id}Undelivered`);
  if (topic !== undefined) {
    const filterPolicy = { type: SubscriptionFilter.stringFilter({ allowlist: ['order.placed'] }) };
    topic.addSubscription(new SqsSubscription(work, { filterPolicy, rawMessageDelivery: true, deadLetterQueue }));
  } else {
    new Rule(parts.stack, `${id}Rule`, {
      eventBus: bus,
      eventPattern: { source: [EVENTS], detailType: ['payment.captured'] },
    }).addTarget(new SqsQueue(work, { deadLetterQueue }));
  }
}

/** The delivery, step by step, with its ways back. */
function definitionOf(parts, deliveries, bus) {
  const { stack } = parts;
  const write = (id, status) =>
    new CallAwsService(stack, id, {
      service: 'dynamodb',
      action: 'updateItem',
      parameters: {
        TableName: deliveries.tableName,
        Key: { pk: { 'S.$': "States.Format('delivery#{}', $.orderId)" } },
        UpdateExpression: 'SET #status = :to',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':to': { S: status } },
      },
      resultPath: '$.written',
      iamResources: [deliveries.tableArn],
    })
      .addRetry({ errors: TRANSIENT, maxAttempts: 300, maxDelay: Duration.minutes(5), jitterStrategy: JitterType.FULL })
      .addRetry({ errors: ['DynamoDb.DynamoDbException'], maxAttempts: 8, maxDelay: Duration.minutes(1) });
  const publish = (id, detailType) =>
    new EventBridgePutEvents(stack, id, {
      entries: [{ eventBus: bus, source: EVENTS, detailType, detail: TaskInput.fromJsonPathAt('$') }],
      resultPath: '$.published',
    }).addRetry({ maxAttempts: 8 });
  const aside = write('Set aside', 'SET_ASIDE').next(new Fail(stack, 'Failed'));
  const withWayBack = (state) => state.addCatch(aside, { resultPath: '$.failure' });
  const cancel = withWayBack(write('Cancel', 'CANCELLED'))
    .next(withWayBack(publish('Publish order.cancelled', 'order.cancelled')))
    .next(new Succeed(stack, 'Cancelled'));
  const release = withWayBack(write('Release courier', 'RELEASED')).next(cancel);
  const shipped = withWayBack(write('Ship', 'SHIPPED'))
    .next(withWayBack(publish('Publish order.shipped', 'order.shipped')))
    .next(new Succeed(stack, 'Done'));
  const paid = new Choice(stack, 'Payment authorized?')
    .when(Condition.numberLessThan('$.delivery.maxFeeCents', 490), release)
    .otherwise(withWayBack(write('Charge delivery', 'CHARGED')).next(shipped));
  const served = new Choice(stack, 'Address served?')
    .when(Condition.not(Condition.stringMatches('$.delivery.country', 'DE')), cancel)
    .otherwise(withWayBack(write('Reserve courier', 'RESERVED')).next(paid));
  return withWayBack(write('Take on', 'TAKEN_ON')).next(served);
}

function addFulfilment(parts, bus) {
  const { stack } = parts;
  const workflow = new StateMachine(stack, 'Workflow', {
    definitionBody: DefinitionBody.fromChainable(definitionOf(parts, parts.table('Deliveries'), bus)),
    tracingEnabled: true,
    timeout: Duration.days(1),
    logs: { destination: parts.logs('Workflow'), level: LogLevel.ERROR },
  });
  parts.alarm('WorkflowFailed', workflow.metricFailed(), 'A delivery failed: it is set aside.');
  parts.alarm('WorkflowTimedOut', workflow.metricTimedOut(), 'A delivery took longer than a day.');
  new Rule(stack, 'FulfilRule', {
    eventBus: bus,
    eventPattern: { source: [EVENTS], detailType: ['stock.reserved'] },
  }).addTarget(new SfnStateMachine(workflow, { deadLetterQueue: parts.deadLetters('FulfilUndelivered') }));
}

/** A pipe from a table's stream. Pipes have no L2. */
function addPipe(parts, id, { source, target, targetParameters, enrichment }) {
  const { stack } = parts;
  const role = new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
  const deadLetters = parts.deadLetters(`${id}DeadLetters`);
  source.grantStreamRead(role);
  deadLetters.grantSendMessages(role);
  enrichment?.grantInvoke(role);
  const pipe = new CfnPipe(stack, `${id}Pipe`, {
    roleArn: role.roleArn,
    source: source.tableStreamArn,
    sourceParameters: {
      dynamoDbStreamParameters: {
        startingPosition: 'TRIM_HORIZON',
        batchSize: 10,
        maximumRetryAttempts: 10,
        onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
      filterCriteria: {
        filters: [
          { pattern: JSON.stringify({ eventName: ['INSERT'] }) },
          {
            pattern: JSON.stringify({
              eventName: ['MODIFY'],
              dynamodb: { NewImage: { redrivenAt: { S: [{ exists: true }] } } },
            }),
          },
        ],
      },
    },
    enrichment: enrichment?.functionArn,
    target,
    targetParameters,
    logConfiguration: {
      cloudwatchLogsLogDestination: { logGroupArn: parts.logs(id).logGroupArn },
      level: 'ERROR',
    },
  });
  parts.alarm(
    `${id}Failed`,
    new Metric({
      namespace: 'AWS/EventBridge/Pipes',
      metricName: 'ExecutionFailed',
      dimensionsMap: { PipeName: pipe.ref },
      statistic: 'Sum',
    }),
    `${id}: the pipe fails. Its log group shows the errors.`,
  );
  return role;
}

exports.add = (app) => {
  const stack = new Stack(app, 'EventDriven');
  const parts = new Parts(stack);
  const { orders, claims } = addApi(parts);
  const topic = new Topic(stack, 'OrderEvents', { masterKey: parts.key, enforceSSL: true });
  const facts = parts.table('Facts', { stream: StreamViewType.NEW_IMAGE });
  const bus = new EventBus(stack, 'Bus', {
    kmsKey: parts.key,
    deadLetterQueue: parts.deadLetters('BusDeadLetters'),
  });
  new Archive(stack, 'Archive', {
    sourceEventBus: bus,
    eventPattern: { source: [EVENTS] },
    retention: Duration.days(7),
  });
  const service = (id, name, of) => addService(parts, id, { folder: `event-driven/${name}`, facts, claims, ...of });
  service('Billing', 'billing', { topic });
  service('Inventory', 'inventory', { topic });
  service('Notifications', 'notifications', { topic });
  service('FraudCheck', 'fraud-check', { bus });
  addFulfilment(parts, bus);
  const publisher = addPipe(parts, 'Publish', {
    source: orders,
    target: topic.topicArn,
    targetParameters: {
      inputTemplate:
        '{"id":"order.placed:<$.dynamodb.Keys.pk.S>","type":"order.placed","orderId":"<$.dynamodb.Keys.pk.S>","customerId":"<$.dynamodb.NewImage.customerId.S>","occurredAt":"<$.dynamodb.NewImage.createdAt.S>","data":<$.dynamodb.NewImage.order>}',
    },
  });
  topic.grantPublish(publisher);
  const enrichment = parts.handler('Enrichment', 'event-driven/outbox-events');
  parts.throttleAlarm(enrichment);
  const outbox = addPipe(parts, 'Outbox', {
    source: facts,
    enrichment,
    target: bus.eventBusArn,
    targetParameters: { eventBridgeEventBusParameters: { source: EVENTS, detailType: '$.type' } },
  });
  bus.grantPutEventsTo(outbox);
};
