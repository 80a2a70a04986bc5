// The data pipeline's architecture as a CDK user writes it by hand. Glue and Athena have no L2.
const { Duration, Size, Stack } = require('aws-cdk-lib');
const { HttpApi, HttpMethod } = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpUserPoolAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { CfnNamedQuery, CfnWorkGroup } = require('aws-cdk-lib/aws-athena');
const { Metric } = require('aws-cdk-lib/aws-cloudwatch');
const { AttributeType } = require('aws-cdk-lib/aws-dynamodb');
const { CfnDatabase, CfnTable } = require('aws-cdk-lib/aws-glue');
const { Stream, StreamEncryption, ShardLevelMetrics, StreamMode } = require('aws-cdk-lib/aws-kinesis');
const {
  DeliveryStream,
  EnableLogging,
  InputFormat,
  KinesisStreamSource,
  LambdaFunctionProcessor,
  OutputFormat,
  S3Bucket,
  SchemaConfiguration,
} = require('aws-cdk-lib/aws-kinesisfirehose');
const { StartingPosition } = require('aws-cdk-lib/aws-lambda');
const { KinesisEventSource, S3OnFailureDestination } = require('aws-cdk-lib/aws-lambda-event-sources');
const { Parts } = require('./parts.cjs');

const COLUMNS = {
  event_id: 'string',
  event_type: 'string',
  occurred_at: 'timestamp',
  session_id: 'string',
  user_id: 'string',
  page: 'string',
  referrer: 'string',
  amount_cents: 'bigint',
};

const QUERIES = {
  EventsPerMinute:
    "SELECT date_trunc('minute', occurred_at) AS minute, event_type, count(*) AS events FROM events WHERE dt >= date_format(current_date - INTERVAL '1' DAY, '%Y-%m-%d') GROUP BY 1, 2 ORDER BY 1 DESC, 2",
  TopPages:
    "SELECT page, count(*) AS views FROM events WHERE dt >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d') AND event_type = 'page_view' GROUP BY page ORDER BY views DESC LIMIT 20",
  Purchases:
    "SELECT session_id, sum(amount_cents) AS cents FROM events WHERE dt = date_format(current_date, '%Y-%m-%d') AND event_type = 'purchase' GROUP BY session_id",
  HotKeys:
    "SELECT session_id, count(*) AS events FROM events WHERE dt = date_format(current_date, '%Y-%m-%d') GROUP BY session_id ORDER BY events DESC LIMIT 20",
};

function addStream(parts) {
  const stream = new Stream(parts.stack, 'Events', {
    streamMode: StreamMode.PROVISIONED,
    shardCount: 1,
    retentionPeriod: Duration.days(3),
    encryption: StreamEncryption.KMS,
    encryptionKey: parts.key,
    shardLevelMetrics: [ShardLevelMetrics.INCOMING_BYTES, ShardLevelMetrics.ITERATOR_AGE_MILLISECONDS],
  });
  parts.alarm('WriteThrottles', stream.metricWriteProvisionedThroughputExceeded(), 'A shard rejects writes.');
  parts.alarm('ReadThrottles', stream.metricReadProvisionedThroughputExceeded(), 'Reads are throttled.', {
    evaluationPeriods: 3,
  });
  parts.alarm('ReadAge', stream.metricGetRecordsIteratorAgeMilliseconds(), 'The slowest consumer lags by a minute.', {
    threshold: 60_000,
  });
  return stream;
}

function addApi(parts, stream) {
  const { stack } = parts;
  const postEvent = parts.handler('PostEvent', 'data-pipeline/post-event', {
    environment: { EVENT_STREAM: stream.streamName },
  });
  parts.throttleAlarm(postEvent);
  stream.grantWrite(postEvent);
  const users = parts.users();
  const client = users.addClient('Web');
  const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
  parts.stage(api, { rateLimit: 100, burstLimit: 200 });
  api.addRoutes({
    path: '/events',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('PostEvent', parts.live('PostEvent', postEvent)),
    authorizer: new HttpUserPoolAuthorizer('Jwt', users, { userPoolClients: [client] }),
  });
  parts.apiAlarms(api.metricServerError(), api.metricCount(), api.metricLatency({ statistic: 'p99' }), 500);
  parts.outputs({
    StreamName: stream.streamName,
    EventsUrl: `${api.apiEndpoint}/events`,
    UserPoolId: users.userPoolId,
    ClientId: client.userPoolClientId,
  });
}

/** The table of the events, and what writes them into the lake. */
function addLake(parts, stream) {
  const { stack } = parts;
  const lake = parts.bucket('Lake');
  const database = new CfnDatabase(stack, 'Database', {
    catalogId: stack.account,
    databaseInput: { name: 'clickstream', description: 'Events of the site' },
  });
  const table = new CfnTable(stack, 'Table', {
    catalogId: stack.account,
    databaseName: database.ref,
    tableInput: {
      name: 'events',
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [{ name: 'dt', type: 'string' }],
      parameters: {
        classification: 'parquet',
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': '2026-01-01,NOW',
        'storage.location.template': `${lake.s3UrlForObject('events')}/dt=\${dt}/`,
      },
      storageDescriptor: {
        columns: Object.entries(COLUMNS).map(([name, type]) => ({ name, type })),
        location: lake.s3UrlForObject('events'),
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    },
  });
  const transform = parts.handler('Transform', 'data-pipeline/transform-events');
  parts.throttleAlarm(transform);
  parts.alarm('TransformErrors', transform.metricErrors(), 'The transform fails: batches go to errors/.');
  const delivery = new DeliveryStream(stack, 'Delivery', {
    source: new KinesisStreamSource(stream),
    destination: new S3Bucket(lake, {
      dataOutputPrefix: 'events/dt=!{timestamp:yyyy-MM-dd}/',
      errorOutputPrefix: 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      bufferingInterval: Duration.minutes(5),
      bufferingSize: Size.mebibytes(128),
      encryptionKey: parts.key,
      loggingConfig: new EnableLogging(parts.logs('Delivery')),
      processors: [new LambdaFunctionProcessor(transform, { bufferSize: Size.mebibytes(1), retries: 3 })],
      dataFormatConversion: {
        schemaConfiguration: SchemaConfiguration.fromCfnTable(table),
        inputFormat: InputFormat.OPENX_JSON,
        outputFormat: OutputFormat.PARQUET,
      },
    }),
  });
  const metric = (name, statistic) => delivery.metric(name, { statistic });
  parts.alarm('Late', metric('DeliveryToS3.DataFreshness', 'Maximum'), 'Delivery is late.', { threshold: 600 });
  parts.alarm('Unconverted', metric('FailedConversion.Records', 'Sum'), 'Records could not be converted.');
  return database;
}

function addQueries(parts, database) {
  const { stack, key } = parts;
  const results = parts.bucket('Results', { expiration: Duration.days(30) });
  const group = new CfnWorkGroup(stack, 'WorkGroup', {
    name: 'clickstream',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: 10 * 1024 ** 3,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: results.s3UrlForObject('results/'),
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
      },
    },
  });
  for (const [name, queryString] of Object.entries(QUERIES)) {
    new CfnNamedQuery(stack, name, { name, queryString, database: database.ref, workGroup: group.ref });
  }
  const scanned = new Metric({
    namespace: 'AWS/Athena',
    metricName: 'ProcessedBytes',
    dimensionsMap: { WorkGroup: group.name },
    period: Duration.hours(1),
    statistic: 'Sum',
  });
  parts.alarm('BytesScanned', scanned, 'The queries of an hour scanned more than 100 GB.', {
    threshold: 100 * 1024 ** 3,
  });
}

function addAggregation(parts, stream) {
  const failures = parts.bucket('Failures', { expiration: Duration.days(90) });
  const aggregates = parts.table('Aggregates', { sortKey: { name: 'sk', type: AttributeType.STRING } });
  const aggregator = parts.handler('Aggregator', 'data-pipeline/aggregate-events', {
    timeout: Duration.seconds(60),
    memorySize: 1024,
    environment: {
      AGGREGATES_TABLE: aggregates.tableName,
      ALERT_TOPIC_ARN: parts.alarmTopic.topicArn,
      FAILURES_BUCKET: failures.bucketName,
    },
  });
  aggregates.grantReadWriteData(aggregator);
  failures.grantPut(aggregator);
  parts.alarmTopic.grantPublish(aggregator);
  aggregator.addEventSource(
    new KinesisEventSource(stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      retryAttempts: 5,
      maxRecordAge: Duration.days(1),
      reportBatchItemFailures: true,
      onFailure: new S3OnFailureDestination(failures),
    }),
  );
  parts.throttleAlarm(aggregator);
  parts.alarm('AggregatorErrors', aggregator.metricErrors(), 'The aggregator fails.', { evaluationPeriods: 2 });
  parts.alarm('AggregatorLag', aggregator.metric('IteratorAge', { statistic: 'Maximum' }), 'The aggregator lags.', {
    threshold: 300_000,
  });
  const own = (metricName) =>
    new Metric({ namespace: 'Shop', metricName, dimensionsMap: { service: 'Aggregator' }, statistic: 'Sum' });
  const inspect = `Look into the bucket ${failures.bucketName}.`;
  parts.alarm('AggregatorRejected', own('EventsRejected'), `Records are not valid events. ${inspect}`);
  parts.alarm(
    'AggregatorFailures',
    aggregator.metric('OnFailureDestinationDeliveredEventCount', { statistic: 'Sum' }),
    `Lambda gave up records after all retries. ${inspect}`,
  );
}

exports.add = (app) => {
  const parts = new Parts(new Stack(app, 'DataPipeline'));
  const stream = addStream(parts);
  addApi(parts, stream);
  addQueries(parts, addLake(parts, stream));
  addAggregation(parts, stream);
};
