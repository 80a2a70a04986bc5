import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { WarehouseCapacity } from '../../lib/analytics/warehouse';
import type { StageSettings } from '../../lib/stage/stage';
import type { ExpectedPeak } from '../../lib/streaming/event-stream';
import type { AlertRule } from './contract';

/**
 * Resources of yours that the pipeline uses in place of its own. What a key encrypts, import with its key
 * (`fromStreamAttributes`, `fromBucketAttributes`, `fromTopicAttributes`): only so can roles be granted the use of it.
 */
export interface ExistingPipelineResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * The stream that events come by; its capacity, retention and encryption are yours to set. The totals begin with the oldest record
   * that it holds, the lake with the first that comes once Firehose is there. @default - a new stream
   */
  readonly stream?: IStream;
  /** The lake's bucket; your lifecycle rules apply to `events/` and `errors/`. @default - a new bucket */
  readonly lake?: IBucket;
  /** Name of a Glue database for the table. @default - a new database */
  readonly databaseName?: string;
  /** Users of yours in place of a new user pool, and the clients that their tokens are for. */
  readonly users?: { readonly userPool: IUserPool; readonly clients: readonly IUserPoolClient[] };
  /** The warehouse's, with three private subnets in three zones. @default - a new VPC without a way out */
  readonly vpc?: IVpc;
  /** Where alarms and alerts go. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
}

/** What the stream holds, and for how long. */
export interface StreamOptions {
  /** Makes a provisioned stream that holds this. @default - dev: one shard; other stages: on-demand */
  readonly expectedPeak?: ExpectedPeak;
  /** How long events can be replayed from the stream. 72 hours to 365 days. @default Duration.hours(72) */
  readonly replay?: Duration;
  /**
   * `auto`: Kinesis spreads events over the shards whatever their session, so that none gets hot; on-demand streams only.
   * Totals need no order; a consumer of yours may. @default 'by-key': a session's events stay in order
   */
  readonly recordDistribution?: 'by-key' | 'auto';
}

/** How events come in by HTTP (`POST /events`). */
export interface ClickstreamApiOptions {
  /**
   * `jwt`: users of a user pool, by token. `iam`: roles of AWS, by signed request; see {@link ClickstreamApi.grantSend}.
   * @default 'jwt'
   */
  readonly authorizer?: 'jwt' | 'iam';
  /** Origins that browsers may send events from, such as `https://shop.example.com`; never `*`. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
  /**
   * Whom mail to users comes from, at a domain that SES has verified in this region: Cognito's own sender stops at 50 a day
   * (cognito-ses-for-email). Not together with `existing.users` or the authorizer `iam`: there is no user pool of the pipeline's then. @default - Cognito's sender
   */
  readonly mailFrom?: string;
}

/** How events become rows, and what a question may cost. */
export interface LakeOptions {
  /**
   * Whether a function checks events before they become Parquet. Without it the lake has whatever fits the columns' types, also what
   * the aggregator rejects, such as an amount out of bounds; under `errors/` is what fits no column. Producers send the same with
   * either.
   * @default true
   */
  readonly transform?: boolean;
  /** A query that scans more is stopped. @default Size.gibibytes(10) */
  readonly scanLimit?: Size;
}

/** Props of {@link ClickstreamPipeline}. */
export interface ClickstreamPipelineProps {
  /** What the stage decides: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm and alert notifications. @default - no one; prod then asks at deployment, unless you bring a topic */
  readonly alarmEmail?: string;
  /** Not together with `existing.stream`, whose settings are yours. @default - see {@link StreamOptions} */
  readonly stream?: StreamOptions;
  /** `false`: no API; back ends need none, they use the producer. @default - an API for users with a token */
  readonly api?: ClickstreamApiOptions | false;
  /** Rules over each minute's totals; a breach is told once. @default - none */
  readonly alerts?: readonly AlertRule[];
  /** @default - see {@link LakeOptions} */
  readonly lake?: LakeOptions;
  /**
   * A Redshift Serverless warehouse over the same tables, for dashboards that ask the same again and again; ad-hoc questions
   * are Athena's. It bills by the second while it answers: see {@link WarehouseCapacity}. @default - none
   */
  readonly warehouse?: boolean | WarehouseCapacity;
  /** @default - the pattern makes everything */
  readonly existing?: ExistingPipelineResources;
}
