import { Duration, Size, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EventCatalog, type LakeColumn } from '../../lib/analytics/event-catalog';
import { QueryWorkgroup } from '../../lib/analytics/query-workgroup';
import type { WarehouseCapacity } from '../../lib/analytics/warehouse';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic';
import { Alarms } from '../../lib/monitoring/alarms';
import { FlowDashboard } from '../../lib/monitoring/dashboard';
import { watchRejected, watchScans, watchStream, watchStreamConsumer } from '../../lib/monitoring/stream-alarms';
import { showStream, showStreamConsumer } from '../../lib/monitoring/stream-dashboard';
import { constructIdOf } from '../../lib/naming/construct-id';
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
import { FAILURE_DAYS, PipelineEnvironment, REJECTED_PREFIX } from './contract';
import { LakeTable, type LakeTableOptions } from './lake-table';
import { LakeWarehouse } from './lake-warehouse';
import { NAMED_QUERIES } from './named-queries';
import { validateProps } from './validate-pipeline-props';

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
   * this table, `Dropped` for those of others, `ProcessingFailed` for what is none; log an error with it, since Firehose has no
   * metric for it.
   */
  readonly entry: string;
  readonly columns: readonly LakeColumn[];
  /** The first day that a query without a bound looks at, as `yyyy-MM-dd`. @default 2026-01-01 */
  readonly since?: string;
}

const TABLE_NAME = 'events';
/** The first day that a query without a bound looks at. */
const SINCE = '2026-01-01';

/**
 * A clickstream, live and kept: events come by one stream; a function counts them minute by minute and reports breaches;
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
  /** Undefined when the pipeline has none. */
  readonly warehouse?: LakeWarehouse;
  /** Undefined in stages without one. */
  readonly dashboard?: FlowDashboard;

  private readonly stage: StageSettings;
  /** Names of consumers and tables, of the functions that come with the pipeline, and of the lake's folder of failures. */
  private readonly taken = new Set<string>(['aggregates', 'transform', 'partitions', ERROR_PREFIX.replace('/', '')]);

  /** @throws RefusedValueError for a prop that cannot work; see the props. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(scope: Construct, id: string, props: ClickstreamPipelineProps = {}) {
    super(scope, id);
    const { existing = {}, alerts = [], lake = {}, api = {} } = props;
    const transform =
      lake.transform === false
        ? undefined
        : {
            code: HandlerCode.prebuilt('data-pipeline', 'transform-events'),
            serviceName: 'transform',
            timeout: Duration.minutes(1),
          };
    const stage = props.stage ?? stages.dev;
    this.stage = stage;
    validateProps(this, props);

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
      expectedPeak: props.stream?.expectedPeak,
      retention: props.stream?.replay,
      recordDistribution: props.stream?.recordDistribution,
      existing: existing.stream,
    });
    if (this.dashboard !== undefined) showStream(this.dashboard, this.stream.stream);
    if (api !== false) {
      this.api = new ClickstreamApi(this, 'Api', {
        stage,
        encryptionKey,
        stream: this.stream,
        alarms: this.alarms,
        dashboard: this.dashboard,
        authorizer: api.authorizer,
        allowedOrigins: api.allowedOrigins,
        mailFrom: api.mailFrom,
        selfSignUp: api.selfSignUp,
        allowedEmailDomains: api.allowedEmailDomains,
        mfa: api.mfa,
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
    this.catalog = new EventCatalog(this, 'Catalog', {
      existingDatabase: existing.databaseName,
      removalPolicy: stage.removalPolicy,
    });
    if (props.warehouse !== undefined && props.warehouse !== false) {
      this.warehouse = this.createWarehouse(props.warehouse === true ? {} : props.warehouse, existing.vpc);
    }
    this.events = this.createTable('Events', TABLE_NAME, GLUE_COLUMNS, transform);

    // A function counts them as they come.
    this.failures = new PrivateBucket(this, 'Failures', {
      stage,
      encryptionKey,
      objectsReason: 'Lambda names each failed batch when it keeps it; the prefix is its own.',
      lifecycleRules: [{ id: `after-${FAILURE_DAYS}-days`, expiration: Duration.days(FAILURE_DAYS) }],
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
    this.aggregates.grant(aggregator, ['dynamodb:UpdateItem']);
    this.failures.grantWrite(aggregator, REJECTED_PREFIX);
    if (alerts.length > 0) {
      this.aggregates.grant(aggregator, ['dynamodb:PutItem', 'dynamodb:Query']);
      this.alarmTopic.grantPublish(aggregator);
    }
    // One batch of a shard at a time: the totals' guard is the last number that is counted, so that batches side by side
    // would take each other's records for counted ones (kinesis-order-per-key).
    this.aggregation = new StreamConsumer(this, 'Aggregation', {
      stream: this.stream,
      consumer: this.aggregator,
      failures: this.failures,
      parallelization: 1,
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
      scanLimit: lake.scanLimit,
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
    const id = constructIdOf(name);
    const taken = this.isTaken(name, id);
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || taken) {
      refuse(this, {
        prop: 'consumer name',
        value: name,
        allowed: 'a unique name of at most 31 lower-case letters, digits and hyphens that begins with a letter',
        fix: taken ? 'give each consumer a unique name' : 'rename the consumer',
        catalogueId: 'kinesis-efo-over-two-consumers',
      });
    }
    this.taken.add(name);
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

  private watchConsumer(id: string, consumer: HandlerFunction, { mapping }: StreamConsumer, service?: string): void {
    const { function: fn } = consumer;
    const { stream } = this.stream;
    const replay = `npx groundplan replay data-pipeline --bucket ${this.failures.bucket.bucketName} --stream ${stream.streamName} --region ${Stack.of(this).region}`;
    watchStreamConsumer(this.alarms, id, { fn, mapping, stream, replay: `${replay} --dry-run` });
    this.alarms.watchErrorLines(id, consumer.logGroup, consumer.node.path);
    if (service !== undefined)
      watchRejected(this.alarms, id, service, `${replay} --prefix ${REJECTED_PREFIX} --dry-run`);
    if (this.dashboard !== undefined) showStreamConsumer(this.dashboard, id, { fn, mapping, service });
  }

  /**
   * Adds a table to the lake, with a delivery of its own from the same stream. Firehose cannot have a throughput of its own
   * on a stream, so the aggregator makes room and reads with enhanced fan-out; there is room for one such table. It begins with
   * the first record that comes once Firehose is there, and has nothing of what came before.
   *
   * @param name of the table and of its folder: lower-case letters, digits and underscores; it must be new
   * @throws RefusedValueError for a name that is taken or malformed, a second table, or an entry that is no file
   */
  addTable(name: string, { columns, entry, since = SINCE, ...rest }: PipelineTableOptions): LakeTable {
    if (name === TABLE_NAME || this.isTaken(name, `${constructIdOf(name)}Table`)) {
      refuse(this, {
        prop: 'table name',
        value: name,
        allowed: 'a name that no other table or consumer uses',
        fix: 'rename the table',
        catalogueId: 'athena-partitioned',
      });
    }
    this.taken.add(name);
    const code = HandlerCode.entry(entry);
    const transform = { timeout: Duration.minutes(1), ...rest, code, serviceName: `${name}-transform` };
    return this.createTable(constructIdOf(name), name, columns, transform, since);
  }

  /** Names that differ by a hyphen make the same construct. */
  private isTaken(name: string, id: string): boolean {
    return this.taken.has(name) || this.node.tryFindChild(id) !== undefined;
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
    const added = new LakeTable(this, `${id}Table`, { ...all, name, columns, since, transform });
    this.warehouse?.addTable({ name, since }, added.table);
    return added;
  }

  private createWarehouse(capacity: WarehouseCapacity, vpc: IVpc | undefined): LakeWarehouse {
    const { stage, dataKey, lake, catalog, alarms } = this;
    return new LakeWarehouse(this, 'Warehouse', {
      ...capacity,
      stage,
      encryptionKey: dataKey.key,
      lake,
      catalog,
      alarms,
      vpc,
    });
  }

  private watch(): void {
    watchStream(this.alarms, 'Events', this.stream.stream);
    this.alarms.watchTable('Aggregates', this.aggregates.table);
    this.alarms.watchAccountConcurrency(this.stage.accountConcurrency);
    watchScans(this.alarms, 'Queries', this.queries);
    this.watchConsumer('Aggregator', this.aggregator, this.aggregation, 'aggregates');
    this.dashboard?.addRow({
      title: 'Queries',
      graphs: { 'Bytes scanned': [this.queries.metricScanned()] },
    });
  }
}
