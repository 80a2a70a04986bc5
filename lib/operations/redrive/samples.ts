import {
  ChangeMessageVisibilityCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from './dead-letter-queues';

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
    pointer: isStreamPointer(message),
  }));
}

/** Where a stream's record is, which is all that Lambda and Pipes keep of one that failed (AWS: on-failure destinations). */
export function isStreamPointer(message: Pick<Message, 'Body'>): boolean {
  try {
    const body: unknown = JSON.parse(message.Body ?? '');
    return typeof body === 'object' && body !== null && ('DDBStreamBatchInfo' in body || 'KinesisBatchInfo' in body);
  } catch {
    return false;
  }
}

function reasonOf(message: Message, queue: DeadLetterQueue): string {
  if (isStreamPointer(message)) {
    return 'a stream record that failed to the last; only its place in the stream is kept, so it cannot be redriven';
  }
  // EventBridge tells why in attributes (EventBridge: dead-letter queues).
  const { ERROR_CODE, ERROR_MESSAGE, RULE_ARN } = message.MessageAttributes ?? {};
  if (ERROR_CODE !== undefined) {
    return `EventBridge could not deliver it: ${ERROR_CODE.StringValue} ${ERROR_MESSAGE?.StringValue ?? ''} (${RULE_ARN?.StringValue?.split('/').pop() ?? 'rule'})`;
  }
  if (queue.sources.length === 0) return 'its topic could not deliver it to the queue';
  // Looking counts as a receive; what counted before, the queue does not tell.
  return `its consumer failed each time that ${queue.sources.join(' or ')} delivered it; the consumer's log has the error`;
}
