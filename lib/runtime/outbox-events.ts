import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { OutboxKeys } from './contract';

/** The part of a DynamoDB stream record that matters here. */
export interface OutboxRecord {
  readonly dynamodb?: { readonly NewImage?: Record<string, unknown> };
}

/** What a pipe hands to the bus: `type` becomes the detail-type, `detail` the detail. */
export interface OutboxEvent {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

/**
 * Turns stream records into events, one for one and in order. Streams write numbers as text, and a content filter on the
 * bus compares numbers: this is the one thing that a pipe's template cannot do (eb-content-filter).
 *
 * @throws Error for a record without a fact; the pipe then retries, bisects and keeps it in its dead-letter queue
 */
export async function outboxEvents(records: readonly OutboxRecord[]): Promise<OutboxEvent[]> {
  return records.map((record) => {
    const image = unmarshall((record.dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
    const type: unknown = image[OutboxKeys.type];
    const detail: unknown = image[OutboxKeys.detail];
    if (typeof type !== 'string' || typeof detail !== 'object' || detail === null) {
      throw new Error('The stream record holds no fact');
    }
    return { type, detail: detail as Record<string, unknown> };
  });
}
