import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageSettings } from '../../lib/stage/stage';
import type { ExpectedPeak } from '../../lib/streaming/event-stream';
import type { AlertRule } from './contract';

/** Resources of yours that the pipeline uses in place of its own. */
export interface ExistingPipelineResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /** The stream that events come by; its capacity, retention and encryption are yours to set. @default - a new stream */
  readonly stream?: IStream;
  /** The lake's bucket; your lifecycle rules apply to `events/` and `errors/`. @default - a new bucket */
  readonly lake?: IBucket;
  /** Name of a Glue database for the table. @default - a new database */
  readonly databaseName?: string;
  /** Users of yours in place of a new user pool, and the clients that their tokens are for. */
  readonly users?: { readonly userPool: IUserPool; readonly clients: readonly IUserPoolClient[] };
  /** Where alarms and alerts go. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
}

/** Props of {@link ClickstreamPipeline}. */
export interface ClickstreamPipelineProps {
  /** What the stage decides: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** Who is told of alarms and alerts. @default - nobody; prod then asks at deployment, unless you bring a topic */
  readonly alarmEmail?: string;
  /** Makes a provisioned stream that holds this. @default - dev: one shard; other stages: on-demand */
  readonly expectedPeak?: ExpectedPeak;
  /** How long events can be replayed from the stream. 72 hours to 365 days. @default Duration.hours(72) */
  readonly replay?: Duration;
  /**
   * Whether events can be sent by HTTP (`POST /events`), by users of a user pool. Back ends need no API: they use the producer.
   * @default true
   */
  readonly api?: boolean;
  /** Origins that browsers may send events from, such as `https://shop.example.com`; never `*`. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
  /** Rules over each minute's totals; a breach is told once. @default - none */
  readonly alerts?: readonly AlertRule[];
  /**
   * Whether a function checks and reshapes events before they become Parquet. Without it Firehose reads `occurred_at` as
   * `yyyy-MM-dd HH:mm:ss`, which producers then have to send.
   * @default true
   */
  readonly transform?: boolean;
  /** A query that scans more is stopped. @default Size.gibibytes(10) */
  readonly scanLimit?: Size;
  /** @default - the pattern makes everything */
  readonly existing?: ExistingPipelineResources;
}
