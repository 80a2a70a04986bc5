import { type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { ownAttributes } from '../letters';
import { nameOf } from '../queue-reference';
import type { Road, Way } from './way';

/** What differs from the letter. */
export interface Instead {
  /** @default - the letter's own body */
  readonly body?: string;
  /** Group in a FIFO queue. @default - the letter's own; its message id where it has none */
  readonly group?: string;
}

/**
 * A letter goes to a queue with its attributes and its group. In a FIFO queue its message id deduplicates it, as in SQS's own
 * redrive: the id of its sender might still be remembered, and the letter would be swallowed.
 */
export function toQueue({ clients: { sqs } }: Road, url: string, message: Message, instead: Instead = {}): Way {
  const fifo = url.endsWith('.fifo');
  const { MessageId, Body, Attributes } = message;
  return {
    goes: `to the queue ${nameOf(url)}`,
    send: async () => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: instead.body ?? Body,
          MessageAttributes: ownAttributes(message),
          // A standard queue takes a group too, for fairness; a FIFO queue takes nothing without.
          MessageGroupId: instead.group ?? Attributes?.MessageGroupId ?? (fifo ? MessageId : undefined),
          MessageDeduplicationId: fifo ? MessageId : undefined,
        }),
      );
    },
  };
}
