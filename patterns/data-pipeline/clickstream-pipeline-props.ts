import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient, Mfa } from 'aws-cdk-lib/aws-cognito';
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
 * Your own resources, which the pipeline uses instead of new ones. Import encrypted resources with their key
 * (`fromStreamAttributes`, `fromBucketAttributes`, `fromTopicAttributes`), so that roles can be granted the use of it.
 */
export interface ExistingPipelineResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * The stream of the events; you configure its capacity, retention and encryption. The totals begin with the oldest record
   * in it, the lake with the first that arrives after Firehose was created. @default - a new stream
   */
  readonly stream?: IStream;
  /** The lake's bucket; your lifecycle rules apply to `events/` and `errors/`. @default - a new bucket */
  readonly lake?: IBucket;
  /** Name of a Glue database for the table. @default - a new database */
  readonly databaseName?: string;
  /** Your own user pool instead of a new one, and the app clients of its tokens. */
  readonly users?: { readonly userPool: IUserPool; readonly clients: readonly IUserPoolClient[] };
  /** The VPC of the warehouse, with three private subnets in three zones. @default - a new VPC without internet access */
  readonly vpc?: IVpc;
  /** The topic that alarms and alerts notify. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
}

/** Capacity and retention of the stream. */
export interface StreamOptions {
  /** Creates a provisioned stream with this capacity. @default - dev: one shard; other stages: on-demand */
  readonly expectedPeak?: ExpectedPeak;
  /** How long events can be replayed from the stream. 72 hours to 365 days. @default Duration.hours(72) */
  readonly replay?: Duration;
  /**
   * `auto`: Kinesis distributes events over the shards regardless of their session, so that none gets hot; on-demand streams
   * only. The totals need no order; your own consumers may. @default 'by-key': a session's events stay in order
   */
  readonly recordDistribution?: 'by-key' | 'auto';
}

/** The HTTP API for events (`POST /events`). */
export interface ClickstreamApiOptions {
  /**
   * `jwt`: users of a user pool, by token. `iam`: roles of AWS, by signed request; see {@link ClickstreamApi.grantSend}.
   * @default 'jwt'
   */
  readonly authorizer?: 'jwt' | 'iam';
  /** Origins from which browsers may send events, such as `https://shop.example.com`; never `*`. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
  /**
   * Sender address of e-mail to users, in a domain that SES has verified in this region: Cognito's own sender is limited to 50 a day
   * (cognito-ses-for-email). Not with `existing.users` or the authorizer `iam`, which have no user pool of the pipeline. @default - Cognito's sender
   */
  readonly mailFrom?: string;
  /**
   * Whether anyone with an e-mail address may make an account, with the budgets of a user. Otherwise an administrator makes accounts
   * (Cognito console, or `aws cognito-idp admin-create-user`). Not with `existing.users`. @default - not in a strict stage, such as prod
   */
  readonly selfSignUp?: boolean;
  /**
   * Mail domains whose addresses may sign up, such as `['example.com']`, in lower case and each once; a subdomain is another domain. Only
   * with self sign-up, and not with `existing.users`. Administrators still make any account. @default - any address may sign up
   */
  readonly allowedEmailDomains?: readonly string[];
  /**
   * Whether users sign in with a second factor, a TOTP app. `Mfa.REQUIRED`: everyone with a password, from the next sign-in on. `Mfa.OFF`:
   * not in a strict stage. Not with `existing.users`. @default Mfa.OPTIONAL
   */
  readonly mfa?: Mfa;
}

/** How events become rows, and the scan limit of queries. */
export interface LakeOptions {
  /**
   * Whether a function validates events before they become Parquet. Without it the lake has every record that fits the columns'
   * types, including records that the aggregator rejects, such as an amount out of range; other records are under `errors/`.
   * Producers send the same events with either.
   * @default true
   */
  readonly transform?: boolean;
  /** Athena cancels a query that scans more. @default Size.gibibytes(10) */
  readonly scanLimit?: Size;
}

/** Props of {@link ClickstreamPipeline}. */
export interface ClickstreamPipelineProps {
  /** Settings of the stage: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm and alert notifications. @default - no one; prod then asks at deployment, unless you pass a topic */
  readonly alarmEmail?: string;
  /** Not with `existing.stream`, which you configure yourself. @default - see {@link StreamOptions} */
  readonly stream?: StreamOptions;
  /** `false`: no API; back ends use the producer and need none. @default - an API for users with a token */
  readonly api?: ClickstreamApiOptions | false;
  /** Rules on the totals of each minute; a breach is published once. @default - none */
  readonly alerts?: readonly AlertRule[];
  /** @default - see {@link LakeOptions} */
  readonly lake?: LakeOptions;
  /**
   * A Redshift Serverless warehouse over the same tables, for dashboards that repeat their queries; use Athena for ad-hoc
   * queries. It bills by the second while queries run: see {@link WarehouseCapacity}. @default - none
   */
  readonly warehouse?: boolean | WarehouseCapacity;
  /** @default - the pattern creates everything */
  readonly existing?: ExistingPipelineResources;
}
