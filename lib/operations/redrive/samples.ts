import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from './dead-letter-queues';
import { isStreamPointer, reasonOf } from './reason';

/** One message as a person wants to see it. */
export interface Sample {
  readonly messageId: string;
  /** When it was first sent, milliseconds since 1970. */
  readonly sentAt: number;
  /** Why it is here, as far as the message tells. */
  readonly reason: string;
  /** Its body on one line, cut. */
  readonly body: string;
  /** Whether it only tells where a stream's record is. */
  readonly pointer: boolean;
}

const BODY_LENGTH = 120;
/** Seconds that a message is hidden while it is looked at, should this command die before it shows it again. */
const LOOK_SECONDS = 10;

/** Looks at some messages and leaves them where they are. */
export async function lookAt(sqs: SQSClient, queue: DeadLetterQueue, count: number): Promise<Sample[]> {
  if (count === 0 || queue.depth === 0) return [];
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: count,
      VisibilityTimeout: LOOK_SECONDS,
      // A short poll asks some of SQS's servers and may find a short queue empty (AWS: long polling).
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  for (const { ReceiptHandle } of Messages) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return Messages.map((message) => ({
    messageId: message.MessageId ?? '',
    sentAt: Number(message.Attributes?.SentTimestamp),
    reason: reasonOf(message, queue),
    body: (message.Body ?? '').replace(/\s+/g, ' ').slice(0, BODY_LENGTH),
    pointer: isStreamPointer(message, queue),
  }));
}
