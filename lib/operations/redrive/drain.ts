import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CommandError, messageOf, type Terminal } from '../terminal';
import type { DeadLetterQueue } from './dead-letter-queues';
import type { Progress } from './move-task';
import type { Way } from './ways/way';

/** A message that was left in the queue. */
export interface LeftLetter {
  readonly messageId: string;
  readonly why: string;
  /** What to do about it. Absent where its receiver refused it: what it says is in {@link why}. */
  readonly fix?: string;
}

/** What to do with a queue's messages. */
export interface Draining {
  /** Messages in a second at most. */
  readonly rate: number;
  /** Whether a message is meant at all. */
  readonly isMeant: (messageId: string) => boolean;
  readonly wayOf: (message: Message) => Promise<Way>;
  readonly progress: Progress;
  /** Whether to stop after what is under way. */
  readonly stopped: () => boolean;
  readonly explain: (error: unknown) => unknown;
}

/** Seconds that a message is hidden: longer than a batch takes, so that no other run receives it meanwhile. */
const HIDDEN_SECONDS = 60;
/** Receives in a row without a message that was not seen before: what is not meant comes round again and again. */
const MAX_EMPTY_RECEIVES = 3;

/**
 * Sends a queue's messages where each belongs, and deletes one only once it arrived: should the command die in between, it is
 * sent twice and never lost. What stays can be received again at once.
 *
 * @returns what stays, but for what was not meant
 * @throws CommandError when a message arrived and cannot be deleted
 */
export async function drain(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  terminal: Terminal,
  { rate, isMeant, wayOf, progress, stopped, explain }: Draining,
): Promise<LeftLetter[]> {
  // One by one in a FIFO queue: a message that stays then holds back its group, and nothing overtakes it.
  const batch = queue.url.endsWith('.fifo') ? 1 : Math.min(10, rate);
  const handles = new Map<string, string | undefined>();
  const left: LeftLetter[] = [];
  let [moved, vain] = [0, 0];
  try {
    // No more than there were: what fails once more comes back as a new message, and would go round forever.
    while (moved + handles.size < queue.depth && vain < MAX_EMPTY_RECEIVES && !stopped()) {
      const messages = await receive(sqs, queue.url, Math.min(batch, queue.depth - moved - handles.size));
      const fresh = messages.filter(({ MessageId = '' }) => !handles.has(MessageId));
      for (const { MessageId = '', ReceiptHandle } of messages) handles.set(MessageId, ReceiptHandle);
      vain = fresh.length === 0 ? vain + 1 : 0;
      if (messages.length === 0) break;
      const meant = fresh.filter(({ MessageId = '' }) => isMeant(MessageId));
      const outcomes = await Promise.all(meant.map((message) => sent(message, wayOf, explain)));
      const arrived = meant.filter((_, index) => outcomes[index] === undefined);
      left.push(...outcomes.filter((outcome) => outcome !== undefined));
      await remove(sqs, queue.url, arrived);
      for (const { MessageId = '' } of arrived) handles.delete(MessageId);
      moved += arrived.length;
      if (meant.length > 0) progress(moved, queue.depth);
      await terminal.sleep((meant.length / rate) * 1000);
    }
  } finally {
    for (const handle of handles.values()) await show(sqs, queue.url, handle);
  }
  return left;
}

/** Sends one message. @returns why it stays; undefined when it arrived */
async function sent(
  message: Message,
  wayOf: Draining['wayOf'],
  explain: Draining['explain'],
): Promise<LeftLetter | undefined> {
  const { MessageId: messageId = '' } = message;
  try {
    const way = await wayOf(message);
    if (!('send' in way)) return { messageId, why: way.stays, fix: way.fix };
    await way.send();
    return undefined;
  } catch (error) {
    return { messageId, why: messageOf(explain(error)) };
  }
}

async function receive(sqs: SQSClient, QueueUrl: string, count: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: count,
      VisibilityTimeout: HIDDEN_SECONDS,
      // A short poll asks some of SQS's servers, and finding nothing there is not the end (AWS: long polling).
      WaitTimeSeconds: 2,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

async function remove(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length > 0) {
    throw new CommandError(
      `${Failed.length} messages were sent but could not be deleted; they will arrive twice: ${Failed[0]?.Message}`,
    );
  }
}

/** Shows a message again. Should SQS refuse, it shows by itself when its time is up. */
async function show(sqs: SQSClient, QueueUrl: string, ReceiptHandle: string | undefined): Promise<void> {
  await sqs
    .send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
    .catch(() => undefined);
}
