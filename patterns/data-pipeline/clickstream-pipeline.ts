import { Duration, Size } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EventCatalog, type LakeColumn } from '../../lib/analytics/event-catalog';
import { QueryWorkgroup } from '../../lib/analytics/query-workgroup';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic';
import { Alarms } from '../../lib/monitoring/alarms';
import { FlowDashboard } from '../../lib/monitoring/dashboard';
import { streamMetric, watchRejected, watchStream, watchStreamConsumer } from '../../lib/monitoring/stream-alarms';
import { DataKey } from '../../lib/security/data-key';
import { type StageSettings, stages } from '../../lib/stage/stage';
import { PrivateBucket } from '../../lib/storage/private-bucket';
import { EventStream } from '../../lib/streaming/event-stream';
import { ERROR_PREFIX } from '../../lib/streaming/parquet-delivery';
import { StreamConsumer, type StreamConsumerProps } from '../../lib/streaming/stream-consumer';
import { handles } from '../../lib/validation/explain';
import { refuse } from '../../lib/validation/refuse';
import { ClickstreamApi } from './clickstream-api';
import type { ClickstreamPipelineProps } from './clickstream-pipeline-props';
import { GLUE_COLUMNS } from './clickstream-schema';
import { type AlertRule, PipelineEnvironment, REJECTED_PREFIX } from './contract';
import { LakeTable, type LakeTableOptions } from './lake-table';
import { NAMED_QUERIES } from './named-queries';

/** A consumer of your own. */
export interface PipelineConsumerOptions
  extends Partial<Pick<StreamConsumerProps, 'batchSize' | 'batchingWindow' | 'parallelization'>> {
  /** A TypeScript or JavaScript file that exports `handler`. */
  readonly entry: string;
  /** @default Duration.minutes(1) */
  readonly timeout?: Duration;
  /** @default Size.mebibytes(512) */
  readonly memory?: Size;
  /** Names of resources that the handler needs. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A table of your own, filled from the same stream. */
export interface PipelineTableOptions
  extends Pick<PipelineConsumerOptions, 'entry' | 'timeout' | 'memory' | 'environment'> {
  /**
   * A TypeScript or JavaScript file whose `handler` answers Firehose: `Ok` with a row as a line of JSON for the records of
   * this table, `Dropped` for those of others, `ProcessingFailed` for what is none.
   */
  readonly entry: string;
  readonly columns: readonly LakeColumn[];
  /** The first day that a query without a bound looks at, as `yyyy-MM-dd`. @default 2026-01-01 */
  readonly since?: string;
}

const TABLE_NAME = 'events';
/** The first day that a query without a bound looks at. */
const SINCE = '2026-01-01';
const MOST_ALERTS = 20;

/**
 * A clickstream, live and kept: events come by one stream; a function counts them minute by minute and tells of breaches;
 * Firehose writes the same events as Parquet to a lake that Athena queries. Read this constructor from top to bottom as
 * an event flows.
 */
export class ClickstreamPipeline extends Construct {
  readonly dataKey: DataKey;
  readonly alarmTopic: AlarmTopic;
  readonly alarms: Alarms;
  readonly stream: EventStream;
  /** Undefined when the pipeline has none. */
  readonly api?: ClickstreamApi;
  /** Parquet under `events/`, and what could not be converted under `errors/`. */
  readonly lake: PrivateBucket;
  /** Batches that a consumer could not handle, records and all. */
  readonly failures: PrivateBucket;
  readonly queryResults: PrivateBucket;
  readonly catalog: EventCatalog;
  /** The table of events, what fills it, and what checks them before. */
  readonly events: LakeTable;
  /** Totals of each minute and shard. */
  readonly aggregates: ServiceTable;
  readonly aggregator: HandlerFunction;
  readonly aggregation: StreamConsumer;
  readonly queries: QueryWorkgroup;
  /** Undefined in stages without one. */
  readonly dashboard?: FlowDashboard;

  private readonly stage: StageSettings;
  private readonly consumers = new Set<string>(['aggregates']);

  /** @throws RefusedValueError for a prop that cannot work; see the props. */
  constructor(scope: Construct, id: string, props: ClickstreamPipelineProps = {}) {
    super(scope, id);
    const { existing = {}, alerts = [] } = props;
    const transform =
      props.transform === false
        ? undefined
        : {
            code: HandlerCode.prebuilt('data-pipeline', 'transform-events'),
            serviceName: 'transform',
            timeout: Duration.minutes(1),
          };
    const stage = props.stage ?? stages.dev;
    this.stage = stage;
    this.refuseBadAlerts(alerts);

    this.dataKey = new DataKey(this, 'DataKey', {
      stage,
      description: 'Events, aggregates and logs of the data pipeline',
      existing: existing.encryptionKey,
    });
    const encryptionKey = this.dataKey.key;
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      stage,
      encryptionKey,
      email: props.alarmEmail,
      existing: existing.alarmTopic,
    });
    this.alarms = new Alarms(this, 'Alarms', { stage, topic: this.alarmTopic.topic });
    if (stage.dashboard) this.dashboard = new FlowDashboard(this, 'Dashboard');

    // Events come by one stream.
    this.stream = new EventStream(this, 'Events', {
      stage,
      encryptionKey,
      expectedPeak: props.expectedPeak,
      retention: props.replay,
      existing: existing.stream,
    });
    if (props.api !== false) {
      this.api = new ClickstreamApi(this, 'Api', {
        stage,
        encryptionKey,
        stream: this.stream,
        alarms: this.alarms,
        dashboard: this.dashboard,
        allowedOrigins: props.allowedOrigins,
        users: existing.users,
      });
    }

    // Firehose keeps all of them, by day, as columns.
    this.lake = new PrivateBucket(this, 'Lake', {
      stage,
      encryptionKey,
      objectsReason: 'The files of one prefix are the resource: each has a name that is made when it is written.',
      lifecycleRules: [{ id: 'errors-after-90-days', prefix: ERROR_PREFIX, expiration: Duration.days(90) }],
      existing: existing.lake,
    });
    this.catalog = new EventCatalog(this, 'Catalog', { existingDatabase: existing.databaseName });
    this.events = this.createTable('Events', TABLE_NAME, GLUE_COLUMNS, transform);

    // A function counts them as they come.
    this.failures = new PrivateBucket(this, 'Failures', {
      stage,
      encryptionKey,
      objectsReason: 'Lambda names each failed batch when it keeps it; the prefix is its own.',
      lifecycleRules: [{ id: 'after-90-days', expiration: Duration.days(90) }],
    });
    this.aggregates = new ServiceTable(this, 'Aggregates', {
      stage,
      encryptionKey,
      accessPatterns: ["a minute's totals, over all shards", 'whether a breach was told'],
      sortKey: 'sk',
    });
    this.aggregator = new HandlerFunction(this, 'Aggregator', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('data-pipeline', 'aggregate-events'),
      serviceName: 'aggregates',
      timeout: Duration.minutes(1),
      memory: Size.mebibytes(1024),
      environment: {
        [PipelineEnvironment.aggregatesTable]: this.aggregates.table.tableName,
        [PipelineEnvironment.alertTopicArn]: this.alarmTopic.topic.topicArn,
        [PipelineEnvironment.failuresBucket]: this.failures.bucket.bucketName,
        [PipelineEnvironment.alertRules]: JSON.stringify(alerts),
      },
    });
    const { function: aggregator } = this.aggregator;
    this.aggregates.grant(aggregator, ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem']);
    this.failures.grantWrite(aggregator, REJECTED_PREFIX);
    if (alerts.length > 0) {
      Grant.addToPrincipal({
        grantee: aggregator,
        actions: ['sns:Publish'],
        resourceArns: [this.alarmTopic.topic.topicArn],
      });
      Grant.addToPrincipal({
        grantee: aggregator,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resourceArns: [encryptionKey.keyArn],
      });
    }
    this.aggregation = new StreamConsumer(this, 'Aggregation', {
      stream: this.stream,
      consumer: this.aggregator,
      failures: this.failures,
    });
    handles(this.aggregator.function, 'kinesis-poison-record', 'kinesis-order-per-key');

    // SQL asks the lake.
    this.queryResults = new PrivateBucket(this, 'QueryResults', {
      stage,
      encryptionKey,
      objectsReason: "Athena names each answer by the query's id.",
      lifecycleRules: [{ id: 'after-30-days', expiration: Duration.days(30) }],
    });
    this.queries = new QueryWorkgroup(this, 'Queries', {
      stage,
      encryptionKey,
      results: this.queryResults,
      scanLimit: props.scanLimit,
    });
    for (const [name, { description, sql }] of Object.entries(NAMED_QUERIES)) {
      const database = this.catalog.databaseName;
      this.queries.addQuery(name, { database, description, sql: sql.replace('{table}', TABLE_NAME) });
    }
    this.watch();
  }

  /**
   * Adds a consumer of the stream: its function, alarms, and a place in the failure store. The pipeline's own two readers
   * share the stream's throughput; each added one has its own (enhanced fan-out).
   *
   * @param name lower-case letters, digits and hyphens; it must be new
   * @throws RefusedValueError for a name that is taken or malformed, or an entry that is no file
   */
  addConsumer(name: string, { entry, timeout, memory, environment, ...rest }: PipelineConsumerOptions): StreamConsumer {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || this.consumers.has(name)) {
      refuse(this, {
        prop: 'consumer name',
        value: name,
        allowed: 'a new name of at most 31 lower-case letters, digits and hyphens, a letter first',
        fix: this.consumers.has(name) ? 'give each consumer a name of its own' : 'rename the consumer',
        catalogueId: 'kinesis-efo-over-two-consumers',
      });
    }
    this.consumers.add(name);
    const id = idOf(name);
    const consumer = new HandlerFunction(this, `${id}Handler`, {
      stage: this.stage,
      encryptionKey: this.dataKey.key,
      code: HandlerCode.entry(entry),
      serviceName: name,
      timeout: timeout ?? Duration.minutes(1),
      memory,
      environment,
    });
    const added = new StreamConsumer(this, id, { ...rest, stream: this.stream, consumer, failures: this.failures });
    this.watchConsumer(id, consumer, added);
    return added;
  }

  private watchConsumer(id: string, consumer: HandlerFunction, { mapping }: StreamConsumer): void {
    watchStreamConsumer(this.alarms, id, consumer.function, mapping);
    this.alarms.watchErrorLines(id, consumer.logGroup, consumer.node.path);
    this.dashboard?.addRow({
      title: id,
      graphs: {
        Lag: [consumer.function.metric('IteratorAge', { statistic: Stats.MAXIMUM })],
        'Errors and throttles': [consumer.function.metricErrors(), consumer.function.metricThrottles()],
        Duration: [consumer.function.metricDuration({ statistic: 'p99' })],
      },
    });
  }

  /**
   * Adds a table to the lake, with a delivery of its own from the same stream. Firehose cannot have a throughput of its own
   * on a stream, so the aggregator makes room and reads with enhanced fan-out; there is room for one such table.
   *
   * @param name of the table and of its folder: lower-case letters, digits and underscores; it must be new
   * @throws RefusedValueError for a name that is taken or malformed, a second table, or an entry that is no file
   */
  addTable(name: string, { columns, entry, since = SINCE, ...rest }: PipelineTableOptions): LakeTable {
    if (name === TABLE_NAME || this.consumers.has(name)) {
      refuse(this, {
        prop: 'table name',
        value: name,
        allowed: 'a name that no table and no consumer has',
        fix: 'rename the table',
        catalogueId: 'athena-partitioned',
      });
    }
    this.consumers.add(name);
    const code = HandlerCode.entry(entry);
    const transform = { timeout: Duration.minutes(1), ...rest, code, serviceName: `${name}-transform` };
    return this.createTable(idOf(name), name, columns, transform, since);
  }

  private createTable(
    id: string,
    name: string,
    columns: readonly LakeColumn[],
    transform: LakeTableOptions['transform'],
    since = SINCE,
  ): LakeTable {
    const { stage, dataKey, stream, lake, catalog, alarms, dashboard } = this;
    if (lake.bucket instanceof Bucket) {
      lake.bucket.addLifecycleRule({
        id: `${name}-colder-after-90-days`,
        prefix: `${name}/`,
        transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
      });
    }
    const encryptionKey = dataKey.key;
    const all = { stage, encryptionKey, stream, lake, catalog, alarms, dashboard };
    return new LakeTable(this, `${id}Table`, { ...all, name, columns, since, transform });
  }

  private watch(): void {
    const { stream } = this.stream;
    watchStream(this.alarms, 'Events', stream);
    this.alarms.watchTable('Aggregates', this.aggregates.table);
    this.alarms.watchAccountConcurrency(this.stage.accountConcurrency);
    this.dashboard?.addRow({
      title: 'Stream',
      graphs: {
        Records: [
          streamMetric(stream, 'IncomingRecords', Stats.SUM),
          streamMetric(stream, 'GetRecords.Records', Stats.SUM),
        ],
        Bytes: [streamMetric(stream, 'IncomingBytes', Stats.SUM)],
        'Iterator age': [streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM)],
        Throttles: [
          streamMetric(stream, 'WriteProvisionedThroughputExceeded', Stats.SUM),
          streamMetric(stream, 'ReadProvisionedThroughputExceeded', Stats.SUM),
        ],
      },
    });
    this.watchConsumer('Aggregator', this.aggregator, this.aggregation);
    watchRejected(this.alarms, 'Aggregator', 'aggregates');
    this.dashboard?.addRow({
      title: 'Queries',
      graphs: { 'Bytes scanned': [this.queries.metricScanned()] },
    });
  }

  private refuseBadAlerts(alerts: readonly AlertRule[]): void {
    const names = alerts.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    const bad = alerts.find(({ name, above }) => !/^[a-z][a-z0-9-]{0,63}$/.test(name) || !(above >= 0));
    if (twice === undefined && bad === undefined && alerts.length <= MOST_ALERTS) return;
    refuse(this, {
      prop: 'alerts',
      value: twice ?? bad?.name ?? `${alerts.length} rules`,
      allowed: `at most ${MOST_ALERTS} rules, each with a name of its own (lower-case letters, digits, hyphens) and above >= 0`,
      fix: 'rename or correct the rule',
      catalogueId: 'lambda-env-4kb',
    });
  }
}

/** `big-orders` as a construct's id: `BigOrders`. */
function idOf(name: string): string {
  return name.replace(/(^|[-_])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
