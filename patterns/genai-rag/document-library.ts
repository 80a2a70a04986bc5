import { Duration, Size } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { IKnowledgeBase } from '../../lib/ai/knowledge-base';
import type { IS3DataSource } from '../../lib/ai/s3-data-source';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import { ScheduledFunction } from '../../lib/messaging/scheduled-function';
import type { Alarms } from '../../lib/monitoring/alarms';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import { TableKeys } from '../../lib/runtime/contract';
import { combinedGrant } from '../../lib/security/combined-grant';
import type { StageSettings } from '../../lib/stage/stage';
import { UploadEvents } from '../../lib/storage/upload-events';
import { UploadsBucket } from '../../lib/storage/uploads-bucket';
import { handles } from '../../lib/validation/explain';
import { refuse } from '../../lib/validation/refuse';
import { leaveWithoutAlarms } from '../../lib/validation/unwatched';
import { DOCUMENTS_PREFIX, DocumentKeys, INCOMING_PREFIX, LARGEST_DOCUMENT_BYTES, RagEnvironment } from './contract';

/** Names of the services in logs, metrics and traces. */
export const INSPECTION_SERVICE = 'inspect-document';
export const SYNC_SERVICE = 'sync-knowledge-base';

/** A document of 50 MiB is copied, which S3 does by itself in some seconds. */
const INSPECTION_TIMEOUT = Duration.minutes(1);
/** Documents looked at at once, and events in one of them. */
const INSPECTION = { concurrency: 5, batchSize: 10 } as const;
/** How often the knowledge base is brought nearer to the documents. A run ends before the next begins. */
const SYNC_INTERVAL = Duration.minutes(1);
const SYNC_TIMEOUT = Duration.seconds(50);
/** Files that lie, and documents that fail, within an hour: more are an attack, a check that is wrong, or a model out of reach. */
const MAX_PER_HOUR = 10;
/** As many runs as there are in five minutes. */
const THROTTLED_RUNS = 5;
/** A job of some hundred documents takes minutes; what waits for so long is stuck. */
const OLDEST_CHANGE = Duration.minutes(30);

/** Props of {@link DocumentLibrary}. */
export interface DocumentLibraryProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly alarms: Alarms;
  /** Of `stackUniqueName`, for a site that must know it before the bucket is there. @default - CloudFormation names it */
  readonly bucketName?: string;
  /** Origins of the pages that upload, such as `https://app.example.com`; never `*`. */
  readonly allowedOrigins: readonly string[];
  readonly knowledgeBase: IKnowledgeBase;
  /** What reads `documents/` of the bucket. */
  readonly dataSource: IS3DataSource;
  /** The largest document. 1 byte to 50 MiB, the limit of a knowledge base. @default Size.mebibytes(50) */
  readonly maxSize?: Size;
  /** How long a presigned request lives. 5 to 15 minutes, whole seconds (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
  /** Your own bucket, which must send events to EventBridge and allow the origins (CORS). @default - a new bucket */
  readonly existing?: IBucket;
}

/**
 * The documents of tenants, from the upload to the index: a bucket that people upload into, a function that looks at each file and puts
 * it where the knowledge base reads, with its tenant beside it, and one that has it ingested, by one job at a time.
 */
export class DocumentLibrary extends Construct {
  readonly documents: UploadsBucket;
  readonly table: ServiceTable;
  /** Looks at every file that came, and takes note of those that went. */
  readonly inspector: HandlerFunction;
  readonly events: UploadEvents;
  /** Has the knowledge base ingest the changes. */
  readonly sync: HandlerFunction;
  readonly schedule: ScheduledFunction;
  /** Of the function behind the API. */
  readonly environment: Readonly<Record<string, string>>;

  /** @throws RefusedValueError for a size, lifetime or origin out of range. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DocumentLibraryProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, knowledgeBase } = props;
    this.documents = new UploadsBucket(this, 'Documents', {
      stage,
      encryptionKey,
      bucketName: props.existing === undefined ? props.bucketName : undefined,
      existing: props.existing,
      allowedOrigins: props.allowedOrigins,
      urlLifetime: props.urlLifetime,
      maxSize: this.checkedSize(props.maxSize ?? Size.bytes(LARGEST_DOCUMENT_BYTES)),
      keptIn: DOCUMENTS_PREFIX,
    });
    this.table = new ServiceTable(this, 'Table', {
      stage,
      encryptionKey,
      sortKey: DocumentKeys.sort,
      accessPatterns: [
        'a document of a tenant by its id',
        'the documents of a tenant, newest first',
        'pending changes of the knowledge base, and its ingestion job',
      ],
      indexes: [
        {
          indexName: DocumentKeys.byAge,
          partitionKey: { name: TableKeys.partition, type: AttributeType.STRING },
          sortKey: { name: DocumentKeys.createdAt, type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
    });
    const bucketName = props.existing?.bucketName ?? props.bucketName ?? this.documents.bucket.bucketName;
    const common = {
      [RagEnvironment.documentsTable]: this.table.table.tableName,
      [RagEnvironment.documentsBucket]: bucketName,
    };
    this.environment = {
      ...common,
      [RagEnvironment.documentsMaxBytes]: String(this.documents.maxBytes),
      [RagEnvironment.urlSeconds]: String(this.documents.urlSeconds),
    };
    this.inspector = this.createInspector(common);
    this.events = new UploadEvents(this, 'Events', {
      stage,
      encryptionKey,
      bucket: this.documents.bucket,
      consumer: this.inspector,
      timeout: INSPECTION_TIMEOUT,
      batchSize: INSPECTION.batchSize,
      maxConcurrency: INSPECTION.concurrency,
      created: [INCOMING_PREFIX, DOCUMENTS_PREFIX],
      deleted: [DOCUMENTS_PREFIX],
    });
    this.sync = this.createSync({
      ...common,
      [RagEnvironment.knowledgeBaseId]: knowledgeBase.knowledgeBaseId,
      [RagEnvironment.dataSourceId]: props.dataSource.dataSourceId,
    });
    this.schedule = new ScheduledFunction(this, 'Schedule', {
      stage,
      handler: this.sync,
      description: 'Synchronizes the knowledge base with the documents',
      every: SYNC_INTERVAL,
      // The next run fixes what this one left.
      retries: 0,
      eventAge: SYNC_INTERVAL,
    });
    this.watch();
  }

  /** Lets the function behind the API announce, list, open and delete documents; it needs the {@link environment}. */
  grantLibrary(grantee: IGrantable): Grant {
    return combinedGrant(
      this.table.grant(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']),
      this.table.grant(grantee, ['dynamodb:Query'], DocumentKeys.byAge),
      this.documents.grantPresign(grantee),
    );
  }

  private createInspector(environment: Readonly<Record<string, string>>): HandlerFunction {
    const { stage, encryptionKey } = this.props;
    const inspector = new HandlerFunction(this, 'Inspector', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('genai-rag', 'inspect-document'),
      serviceName: INSPECTION_SERVICE,
      timeout: INSPECTION_TIMEOUT,
      memory: Size.mebibytes(512),
      reservedConcurrency: reservable(this, stage, INSPECTION.concurrency, 'the look at documents'),
      environment,
    });
    this.table.grant(inspector.function, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
    this.documents.grantInspect(inspector.function);
    return inspector;
  }

  private createSync(environment: Readonly<Record<string, string>>): HandlerFunction {
    const { stage, encryptionKey, knowledgeBase } = this.props;
    const sync = new HandlerFunction(this, 'Sync', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('genai-rag', 'sync-knowledge-base'),
      serviceName: SYNC_SERVICE,
      timeout: SYNC_TIMEOUT,
      memory: Size.mebibytes(256),
      reservedConcurrency: reservable(this, stage, 1, 'the synchronization'),
      environment,
    });
    const fn = sync.function;
    this.table.grant(fn, ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem']);
    this.documents.grantRemove(fn);
    knowledgeBase.grantSync(fn);
    handles(fn, 'rag-knowledge-base');
    leaveWithoutAlarms(
      fn,
      'One runs at a time, so that a throttled second run is by design; SynchronizationThrottles counts many.',
    );
    return sync;
  }

  private watch(): void {
    const { alarms } = this.props;
    const { work, undelivered, rule, deletedRule } = this.events;
    alarms.watchTable('Documents', this.table.table);
    alarms.watchRule('DocumentEvents', rule);
    if (deletedRule !== undefined) alarms.watchRule('DeletedDocumentEvents', deletedRule);
    alarms.watchQueue('Inspection', work.queue);
    alarms.watchDeadLetters('Inspection', work.deadLetterQueue);
    alarms.watchDeadLetters('DocumentEvents', undelivered);
    alarms.watchDeadLetters('Synchronization', this.schedule.deadLetterQueue);
    alarms.watchHandler('Inspection', this.inspector);
    // Scheduler may send a run twice: the second is throttled by design while there is one, and nothing is amiss.
    alarms.add('SynchronizationThrottles', {
      metric: this.sync.function.metricThrottles({ period: Duration.minutes(5) }),
      threshold: THROTTLED_RUNS,
      description: `Synchronization: ${THROTTLED_RUNS} runs in five minutes were throttled, and documents are not ingested. The account's Lambda concurrency is used up: request an increase (Service Quotas: Lambda).`,
      catalogueIds: ['lambda-concurrency-alarm'],
    });
    alarms.watchErrorLines('Synchronization', this.sync.logGroup, this.sync.node.path);
    alarms.add('IngestionJobsFailed', {
      metric: serviceMetric(this, SYNC_SERVICE, 'IngestionJobsFailed'),
      threshold: 1,
      description:
        'An ingestion job of the knowledge base failed. It is retried. The data source in the Bedrock console shows the reasons.',
      catalogueIds: ['rag-knowledge-base'],
    });
    alarms.add('OldestChange', {
      metric: serviceMetric(this, SYNC_SERVICE, 'OldestChangeSeconds').with({ statistic: 'Maximum' }),
      threshold: OLDEST_CHANGE.toSeconds(),
      description: `A document change (upload or deletion) has waited for ${OLDEST_CHANGE.toMinutes()} minutes to be synchronized with the knowledge base. Check whether an ingestion job that was started elsewhere is running, and the log of the synchronization function.`,
      catalogueIds: ['rag-knowledge-base'],
    });
    if (!alarms.full) return;
    const anHour = { period: Duration.hours(1) };
    alarms.add('Quarantined', {
      metric: serviceMetric(this, INSPECTION_SERVICE, 'DocumentsQuarantined').with(anHour),
      threshold: MAX_PER_HOUR,
      description: `${MAX_PER_HOUR} files or more within an hour were rejected: their content does not match their declared type or size. They are under quarantine/ in the bucket until they expire.`,
      catalogueIds: ['s3-event-driven-ingest'],
    });
    alarms.add('DocumentsFailed', {
      metric: serviceMetric(this, SYNC_SERVICE, 'DocumentsFailed').with(anHour),
      threshold: MAX_PER_HOUR,
      description: `${MAX_PER_HOUR} documents or more within an hour could not be ingested. The list of documents shows the reason for each.`,
      catalogueIds: ['rag-knowledge-base'],
    });
  }

  private checkedSize(size: Size): Size {
    const bytes = size.toBytes();
    if (bytes > LARGEST_DOCUMENT_BYTES) {
      refuse(this, {
        prop: 'maxSize',
        value: `${bytes} bytes`,
        allowed: `1 to ${LARGEST_DOCUMENT_BYTES} bytes (50 MiB)`,
        fix: 'split larger documents: a knowledge base does not ingest them',
        catalogueId: 'rag-knowledge-base',
      });
    }
    return size;
  }
}
