import { createHash } from 'node:crypto';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { Environment } from '../../../lib/runtime/contract';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger } from '../../../lib/runtime/observability';
import type { OrderEventMessage } from '../contract';

const TopicArn = requiredVariable(Environment.fanOutTopicArn);
const sns = new SNSClient({ requestHandler: callTimeouts({ answerMs: 5000 }) });

/** SNS takes at most 10 messages and 262,144 bytes in one batch. */
const BATCH_ENTRIES = 10;
const BATCH_BYTES = 262_144;

/**
 * Publishes new orders to a FIFO topic, in the stream's order. At the first failure it reports that record and stops:
 * Lambda retries from there, so no later order of the same entity overtakes it.
 */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const pending = event.Records.filter((record) => record.eventName === 'INSERT').map((record) => ({
    sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
    message: messageOf(record),
  }));
  while (pending.length > 0) {
    const batch = [];
    let bytes = 0;
    for (const entry of pending.slice(0, BATCH_ENTRIES)) {
      const size = Buffer.byteLength(JSON.stringify(entry.message));
      if (batch.length > 0 && bytes + size > BATCH_BYTES) break;
      batch.push(entry);
      bytes += size;
    }
    const failed = await publish(batch.map(({ message }) => message));
    const first = failed === undefined ? undefined : batch[failed];
    if (first !== undefined) return { batchItemFailures: [{ itemIdentifier: first.sequenceNumber }] };
    pending.splice(0, batch.length);
  }
  return { batchItemFailures: [] };
}

/** @returns the index of the first message that was not published */
async function publish(messages: readonly OrderEventMessage[]): Promise<number | undefined> {
  try {
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: messages.map((message, index) => ({
          Id: String(index),
          Message: JSON.stringify(message),
          MessageGroupId: message.orderId,
          MessageDeduplicationId: createHash('sha256').update(message.id).digest('hex'),
        })),
      }),
    );
    if (Failed.length === 0) return undefined;
    logger.error('SNS refused messages', { codes: Failed.map(({ Code }) => Code) });
    return Math.min(...Failed.map(({ Id }) => Number(Id)));
  } catch (error) {
    logger.error('Publishing failed', { error: error as Error });
    return 0;
  }
}

/** The same message that the pipe's template builds where the topic is not FIFO. */
function messageOf(record: DynamoDBRecord): OrderEventMessage {
  const orderId = record.dynamodb?.Keys?.['pk']?.S ?? '';
  const image = record.dynamodb?.NewImage ?? {};
  return {
    id: `order.placed:${orderId}`,
    type: 'order.placed',
    orderId,
    customerId: image['customerId']?.S ?? '',
    occurredAt: image['createdAt']?.S ?? '',
    data: image['order'] as unknown as OrderEventMessage['data'],
  };
}
