import { ChangeMessageVisibilityCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './clients';
import type { DeadLetterQueue } from './dead-letter-queues';
import { reasonOf } from './letters';
import type { Way } from './ways/way';

/** One message as a person wants to see it. */
export interface Sample {
  readonly messageId: string;
  /** When it was first sent, milliseconds since 1970. */
  readonly sentAt: number;
  /** Why it is here, as far as the message tells. */
  readonly reason: string;
  /** Its body on one line, cut. */
  readonly body: string;
  /** Where it would go; absent when it stays. */
  readonly goes?: string;
  /** Why it stays. */
  readonly stays?: string;
  /** What to do about one that stays. */
  readonly fix?: string;
}

const BODY_LENGTH = 120;
/** Seconds that a message is hidden while it is looked at, should this command die before it shows it again. */
const LOOK_SECONDS = 10;

/** Looks at some messages and leaves them where they are. */
export async function lookAt(
  { sqs }: Clients,
  queue: DeadLetterQueue,
  count: number,
  wayOf: (message: Message) => Promise<Way>,
): Promise<Sample[]> {
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
  try {
    const samples: Sample[] = [];
    for (const message of Messages) {
      const { MessageId = '', Body = '', Attributes } = message;
      const way = await wayOf(message);
      samples.push({
        messageId: MessageId,
        sentAt: Number(Attributes?.SentTimestamp),
        reason: reasonOf(message, queue),
        body: Body.replace(/\s+/g, ' ').slice(0, BODY_LENGTH),
        ...('goes' in way ? { goes: way.goes } : way),
      });
    }
    return samples;
  } finally {
    for (const { ReceiptHandle } of Messages) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 }));
    }
  }
}
