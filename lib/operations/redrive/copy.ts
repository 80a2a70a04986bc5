import {
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CommandError, type Terminal } from '../terminal';
import type { DeadLetterQueue } from './dead-letter-queues';
import type { Progress } from './move-task';
import { EVENTBRIDGE_ATTRIBUTES, isStreamPointer } from './reason';

/** What was left in the queue. */
export interface Left {
  /** Messages that only tell where a stream's record is. */
  readonly pointers: number;
  /** Messages that the target refused. */
  readonly refused: number;
  /** Why the target refused the first of them. */
  readonly refusal?: string;
}

/** Seconds that a message is hidden: longer than a batch takes, so that nobody else takes it meanwhile. */
const COPY_SECONDS = 60;

/**
 * Sends a queue's messages to another queue, and deletes each only once it is there. What is left can be received again
 * at once.
 *
 * @throws CommandError when a message arrived and cannot be deleted
 */
export async function copyTo(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  targetUrl: string,
  rate: number,
  terminal: Terminal,
  progress: Progress,
): Promise<Left> {
  // One by one in a FIFO queue: a message that is refused then holds back its group, and nothing overtakes it.
  const batch = queue.url.endsWith('.fifo') ? 1 : Math.min(10, rate);
  const left = new Map<string, string | undefined>();
  let moved = 0;
  let pointers = 0;
  let refusal: string | undefined;
  let again = 0;
  try {
    // No more than there were: what fails once more comes back as a new message, and would go round for ever.
    while (moved + left.size < queue.depth) {
      const messages = await receive(sqs, queue.url, Math.min(batch, queue.depth - moved - left.size));
      const fresh = messages.filter(({ MessageId = '' }) => !left.has(MessageId));
      for (const { MessageId = '', ReceiptHandle } of messages) left.set(MessageId, ReceiptHandle);
      again = fresh.length === 0 ? again + messages.length : 0;
      if (messages.length === 0 || again > left.size) break;
      const movable = fresh.filter((message) => !isStreamPointer(message, queue));
      pointers += fresh.length - movable.length;
      const answer = await send(sqs, targetUrl, movable);
      refusal ??= answer.refusal;
      await remove(sqs, queue.url, answer.sent);
      for (const { MessageId = '' } of answer.sent) left.delete(MessageId);
      moved += answer.sent.length;
      if (fresh.length > 0) progress(moved, queue.depth);
      await terminal.sleep((fresh.length / rate) * 1000);
    }
  } finally {
    for (const handle of left.values()) await show(sqs, queue.url, handle);
  }
  return { pointers, refused: left.size - pointers, refusal };
}

async function receive(sqs: SQSClient, QueueUrl: string, count: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: count,
      VisibilityTimeout: COPY_SECONDS,
      // A short poll asks some of SQS's servers, and finding nothing there is not the end (AWS: long polling).
      WaitTimeSeconds: 2,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

interface Answer {
  readonly sent: readonly Message[];
  readonly refusal?: string;
}

async function send(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<Answer> {
  if (messages.length === 0) return { sent: [] };
  const fifo = QueueUrl.endsWith('.fifo');
  const Entries = messages.map(({ MessageId, Body, Attributes, MessageAttributes }, index) => {
    const entry: SendMessageBatchRequestEntry = {
      Id: String(index),
      MessageBody: Body,
      MessageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes ?? {}).filter(([name]) => !EVENTBRIDGE_ATTRIBUTES.includes(name)),
      ),
      // A standard queue takes a group too, for fairness; a FIFO queue takes nothing without.
      MessageGroupId: Attributes?.MessageGroupId ?? (fifo ? MessageId : undefined),
      MessageDeduplicationId: fifo ? MessageId : undefined,
    };
    return entry;
  });
  try {
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const [first] = Failed;
    return {
      sent: Successful.flatMap(({ Id }) => messages[Number(Id)] ?? []),
      refusal: first && `${first.Code}: ${first.Message}`,
    };
  } catch (error) {
    // A batch together may be no larger than one message (AWS: SQS quotas).
    if (!(error instanceof BatchRequestTooLong) || messages.length === 1) throw error;
    const half = Math.ceil(messages.length / 2);
    const before = await send(sqs, QueueUrl, messages.slice(0, half));
    const after = await send(sqs, QueueUrl, messages.slice(half));
    return { sent: [...before.sent, ...after.sent], refusal: before.refusal ?? after.refusal };
  }
}

async function remove(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length > 0) {
    throw new CommandError(
      `${Failed.length} messages were sent but could not be deleted; they will come twice: ${Failed[0]?.Message}`,
    );
  }
}

/** Shows a message again. Should SQS refuse, it shows by itself when its time is up. */
async function show(sqs: SQSClient, QueueUrl: string, ReceiptHandle: string | undefined): Promise<void> {
  await sqs
    .send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
    .catch(() => undefined);
}
