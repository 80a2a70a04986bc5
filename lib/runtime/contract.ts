/**
 * What deploy time and run time agree on. Both worlds import this file; it imports neither.
 */

/** Names of the environment variables that a construct sets and a handler reads. Values are names, never secrets. */
export const Environment = {
  /** The service's own DynamoDB table: effects, and the marker of each event already handled. */
  serviceTable: 'SERVICE_TABLE',
  /** The outbox table, where a service writes its facts in the same transaction as its effect. */
  outboxTable: 'OUTBOX_TABLE',
  /** The bucket that holds payloads too large for a message (claim check). */
  claimsBucket: 'CLAIMS_BUCKET',
  /** The FIFO topic to which the stream publisher sends. */
  fanOutTopicArn: 'FAN_OUT_TOPIC_ARN',
  /** SHA-256, in hex and separated by commas, of what {@link ORIGIN_HEADER} may say. */
  originVerifiers: 'ORIGIN_VERIFIERS',
  /** Mail domains whose addresses may sign up, in lower case, separated by commas. */
  allowedEmailDomains: 'ALLOWED_EMAIL_DOMAINS',
  /** The stack's name, a dimension of every metric ({@link MetricDimensions}). */
  stack: 'GROUNDPLAN_STACK',
} as const;

/**
 * Dimensions of every metric that a handler sends. Two copies of a stack in one account have the same services: without the
 * stack's name their metrics would be one, and each copy's alarms would watch both.
 */
export const MetricDimensions = { service: 'service', stack: 'stack' } as const;

/** CloudWatch namespace of the metrics that handlers send. */
export const METRICS_NAMESPACE = 'Groundplan';

/** Attribute names of the tables that the blocks make. */
export const TableKeys = {
  /** Partition key of every table. */
  partition: 'pk',
  /** Expiry time in epoch seconds; DynamoDB deletes the item some time after it. */
  expiresAt: 'expiresAt',
  /** When `groundplan redrive` last had the item published again, ISO 8601. The stream's readers let such a change through. */
  redrivenAt: 'redrivenAt',
} as const;

/** Attribute names of an outbox item: one fact that a service publishes. */
export const OutboxKeys = {
  /** Name of the fact, which becomes EventBridge's detail-type, for example `payment.captured`. */
  type: 'type',
  /** Time of the fact, ISO 8601. */
  occurredAt: 'occurredAt',
  /** The fact's content, a map. */
  detail: 'detail',
} as const;

/** A pointer to a payload in S3, carried in place of the payload (claim check). */
export interface ClaimCheck {
  /** Object key in the claims bucket. */
  readonly key: string;
  /** Size of the object in bytes. */
  readonly bytes: number;
  /** SHA-256 of the object, hex; the reader refuses an object that does not match. */
  readonly sha256: string;
}

/**
 * Payloads above this many bytes travel as a claim check. Half of SNS's 262,144-byte limit, so that the envelope and
 * DynamoDB's type descriptors always fit beside it (catalogue: sqs-message-size-pointer, ddb-item-400kb-s3-pointer).
 */
export const INLINE_PAYLOAD_LIMIT_BYTES = 131_072;

/** How long a service remembers an event that it handled: longer than the 14 days a message can wait in a queue or DLQ. */
export const HANDLED_EVENT_MEMORY_DAYS = 30;

/** The header that CloudFront adds to requests; a request that bypasses CloudFront cannot know its value. */
export const ORIGIN_HEADER = 'x-origin-verify';
