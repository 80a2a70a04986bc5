/**
 * What the data pipeline's constructs and handlers agree on. Both worlds import this file; it imports neither.
 */
import type { EventType } from './clickstream-schema';

/** Where events are posted. */
export const EVENTS_PATH = '/events';

/** Where the failure store has records that are not valid events; what failed otherwise is under `aws/lambda/`. */
export const REJECTED_PREFIX = 'rejected/';

/** Days that the failure store keeps what is in it. */
export const FAILURE_DAYS = 90;

/** Environment variables of the function behind {@link EVENTS_PATH}. */
export const PostEventEnvironment = {
  /** The stream's name. */
  stream: 'EVENT_STREAM',
} as const;

/** Environment variables of the aggregator. */
export const PipelineEnvironment = {
  /** The table of totals. */
  aggregatesTable: 'AGGREGATES_TABLE',
  /** Where breaches are told. */
  alertTopicArn: 'ALERT_TOPIC_ARN',
  /** The bucket that keeps what could not be handled. */
  failuresBucket: 'FAILURES_BUCKET',
  /** The {@link AlertRule}s as JSON. */
  alertRules: 'ALERT_RULES',
} as const;

/**
 * A rule over a minute's totals. There is only "above": a minute that stays below something is known only when it is over,
 * which takes a clock and not an event; for that set an alarm on the metric `EventsAggregated`.
 */
export interface AlertRule {
  /** Lower-case letters, digits and hyphens; names the breach in the message. */
  readonly name: string;
  /** What is added up: all events, those of one type, or what was paid. */
  readonly of: 'events' | 'amount_cents' | EventType;
  /** A minute's total above this is a breach. A finite number, at least 0. */
  readonly above: number;
}

/** Keys and attributes of the aggregates table; `pk` and `expiresAt` are those of lib/runtime/contract. */
export const AggregateKeys = {
  /** Sort key: the shard of a total, or the minute of an alert. */
  sort: 'sk',
  /** The last record that is counted in the item, see {@link sortable}. */
  lastSequence: 'lastSequence',
} as const;

/** Partition key of a minute's totals, one item for each shard. @param minute `2026-11-23T10:15` */
export const minuteKey = (minute: string) => `minute#${minute}`;
/** Partition key of a rule's breaches, one item for each minute. */
export const alertKey = (rule: string) => `alert#${rule}`;

/** Days that totals are kept. */
export const AGGREGATE_DAYS = 30;

/** A sequence number as text that sorts as the number does: they have up to 56 digits, and 128 bits more at most. */
export const sortable = (sequenceNumber: string) => sequenceNumber.padStart(60, '0');

/** Environment variables of the function that registers partitions. */
export const PartitionsEnvironment = {
  /** The Glue database. */
  database: 'CATALOG_DATABASE',
  /** The {@link PartitionedTable}s as JSON. */
  tables: 'TABLES',
} as const;

/** A table whose days are registered. */
export interface PartitionedTable {
  readonly name: string;
  /** The first day, as `yyyy-MM-dd`. */
  readonly since: string;
}

/** What an external schema is made of: the properties of the custom resource. */
export interface ExternalSchema {
  readonly workgroup: string;
  /** Database of the warehouse that gets the schema. */
  readonly database: string;
  /** Secret of the administrator, by name. */
  readonly secret: string;
  readonly schema: string;
  /** The Glue database whose tables the schema shows. */
  readonly catalogDatabase: string;
  /** What the warehouse reads the lake with. */
  readonly roleArn: string;
}
