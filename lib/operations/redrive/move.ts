import {
  DeleteMessageBatchCommand,
  ListMessageMoveTasksCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { CommandError, type Terminal } from '../terminal';
import type { DeadLetterQueue } from './dead-letter-queues';
import { isStreamPointer } from './samples';

/** Tells how far a move is. */
export type Progress = (moved: number, total: number) => void;

const POLL_MS = 1000;
/** Seconds that a copied message is hidden: longer than a batch takes, so that nobody else takes it meanwhile. */
const COPY_SECONDS = 60;

/** Has SQS move a queue's messages back to where they came from. @returns how many it moved */
export async function moveBack(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  rate: number,
  terminal: Terminal,
  progress: Progress,
): Promise<number> {
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn: queue.arn, MaxNumberOfMessagesPerSecond: rate }),
  );
  for (;;) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: 10 }));
    // A task that has ended has no handle any more; the newest comes first.
    const task = Results.find((each) => each.TaskHandle === TaskHandle) ?? Results[0];
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    progress(moved, task?.ApproximateNumberOfMessagesToMove ?? queue.depth);
    if (task?.Status === 'COMPLETED') return moved;
    if (task?.Status !== 'RUNNING') {
      throw new CommandError(
        `${queue.name}: the move ended as ${task?.Status}: ${task?.FailureReason ?? 'no reason given'}`,
      );
    }
    await terminal.sleep(POLL_MS);
  }
}

/**
 * Sends a queue's messages to another queue, and deletes each only once it is there. Pointers to stream records stay.
 *
 * @returns how many were moved, and how many were left
 */
export async function copyTo(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  targetUrl: string,
  rate: number,
  terminal: Terminal,
  progress: Progress,
): Promise<{ moved: number; left: number }> {
  let moved = 0;
  const left = new Set<string>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(10, rate),
        VisibilityTimeout: COPY_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    // Seen before: everything that is left has been looked at.
    const fresh = Messages.filter(({ MessageId = '' }) => !left.has(MessageId));
    if (fresh.length === 0) return { moved, left: left.size };
    const movable = fresh.filter((message) => !isStreamPointer(message));
    for (const { MessageId = '' } of fresh) left.add(MessageId);
    for (const message of await send(sqs, targetUrl, movable)) left.delete(message.MessageId ?? '');
    const sent = movable.filter(({ MessageId = '' }) => !left.has(MessageId));
    await remove(sqs, queue.url, sent);
    moved += sent.length;
    progress(moved, queue.depth);
    await terminal.sleep((fresh.length / rate) * 1000);
  }
}

/** @returns the messages that arrived */
async function send(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<Message[]> {
  if (messages.length === 0) return [];
  const fifo = QueueUrl.endsWith('.fifo');
  const Entries = messages.map((message, index): SendMessageBatchRequestEntry => {
    const { MessageId, Body, Attributes, MessageAttributes } = message;
    return {
      Id: String(index),
      MessageBody: Body,
      MessageAttributes: withoutErrors(MessageAttributes),
      ...(fifo && { MessageGroupId: Attributes?.MessageGroupId ?? MessageId, MessageDeduplicationId: MessageId }),
    };
  });
  const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return Successful.flatMap(({ Id }) => messages[Number(Id)] ?? []);
}

/** EventBridge's account of the failure is not part of the event. */
function withoutErrors(attributes: Record<string, MessageAttributeValue> = {}): Record<string, MessageAttributeValue> {
  const added = [
    'ERROR_CODE',
    'ERROR_MESSAGE',
    'EXHAUSTED_RETRY_CONDITION',
    'RETRY_ATTEMPTS',
    'RULE_ARN',
    'TARGET_ARN',
  ];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !added.includes(name)));
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
