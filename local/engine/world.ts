import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { Item } from '../aws/dynamodb/attribute-value';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { LocalService } from '../aws/service';
import type { LocalStream } from '../aws/stream';
import type { QueueSource } from './queue-source';

/** A message to a queue. */
export interface OutgoingMessage {
  readonly body: string;
  /** Message attributes of type String. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/** A message to a topic. */
export interface OutgoingNotification {
  readonly message: string;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/**
 * Where a running stack keeps what passes through it: tables, queues, topics and buckets, in memory or in another engine.
 * Handlers reach it through the SDK; this is how the engine itself does.
 */
export interface World {
  /** Makes every store that the template defines, subscriptions included. */
  create(template: ResolvedTemplate): Promise<void>;
  send(queueArn: string, message: OutgoingMessage): Promise<void>;
  publish(topicArn: string, notification: OutgoingNotification): Promise<void>;
  /** A queue as an event source mapping polls it. */
  queue(queueArn: string): QueueSource;
  /** The changes of a table, by the ARN of its stream. */
  stream(streamArn: string): LocalStream<StreamRecord>;
  /** Tables for those that do not go over the wire. */
  readonly dynamodb: LocalService;
  /** Bodies of the messages that a queue holds, received or not. */
  bodies(queueArn: string): Promise<readonly string[]>;
  /** Every item of a table. */
  items(tableName: string): Promise<readonly Item[]>;
  /** Lets go of what it holds. */
  stop(): Promise<void>;
}
