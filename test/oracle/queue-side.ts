import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import type { MotoFixture, Pair, QueueOnBoth } from './moto-fixture';

/** A message that both sides handed out, by their receipt handles. */
export interface Handed extends Pair<string> {
  readonly queue: QueueOnBoth;
}

interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes: Record<string, string>;
  readonly MessageAttributes?: Json;
}

/** Gives the ids of one side names by the order in which they appear, so that two sides can be compared. */
class Names {
  private readonly names = new Map<string, string>();

  of(id: string): string {
    const name = this.names.get(id) ?? `message ${this.names.size + 1}`;
    this.names.set(id, name);
    return name;
  }
}

/** Queues of both sides, driven by the same calls. */
export class QueueSides {
  private readonly names = { ours: new Names(), moto: new Names() };

  constructor(
    private readonly fixture: MotoFixture,
    private readonly comparison: Comparison,
  ) {}

  /** Sends one message; what is compared is whether it was taken, and its digest. */
  async send(queue: QueueOnBoth, input: Json): Promise<void> {
    const pair = await this.fixture.both('sqs', 'SendMessage', { QueueUrl: queue.url, ...input });
    const taken = ({ error, output }: Answer) => error ?? output['MD5OfMessageBody'];
    this.comparison.same('SendMessage', input, taken(pair.ours), taken(pair.moto));
  }

  async sendBatch(queue: QueueOnBoth, entries: readonly Json[]): Promise<void> {
    const input = { QueueUrl: queue.url, Entries: entries };
    const pair = await this.fixture.both('sqs', 'SendMessageBatch', input);
    this.comparison.same('SendMessageBatch', input, batchOutcome(pair.ours), batchOutcome(pair.moto));
  }

  /** Receives, and returns what both handed out. */
  async receive(queue: QueueOnBoth, input: Json): Promise<Handed[]> {
    const full = { QueueUrl: queue.url, AttributeNames: ['All'], MessageAttributeNames: ['All'], ...input };
    const pair = await this.fixture.both('sqs', 'ReceiveMessage', full);
    // A dead letter's deduplication id is a known difference, which has a step of its own.
    const dropped = queue.name.startsWith('dead-') && queue.name.endsWith('.fifo');
    const seen = (answer: Answer, names: Names) =>
      answer.error ??
      messagesOf(answer).map((message) => {
        const { MessageDeduplicationId, ...rest } = described(message, names);
        return dropped ? rest : { ...rest, MessageDeduplicationId };
      });
    const [ours, moto] = [seen(pair.ours, this.names.ours), seen(pair.moto, this.names.moto)];
    this.comparison.same('ReceiveMessage', full, ours, moto);
    const counterparts = messagesOf(pair.moto);
    return messagesOf(pair.ours).map((message, at) => ({
      queue,
      ours: message.ReceiptHandle,
      moto: counterparts[at]?.ReceiptHandle ?? '',
    }));
  }

  /** Calls an action that takes a receipt handle, each side's own; what is compared is the error or its absence. */
  async withHandle(action: string, handed: Handed, input: Json = {}): Promise<void> {
    const full = (ReceiptHandle: string) => ({ QueueUrl: handed.queue.url, ReceiptHandle, ...input });
    const [ours, moto] = await Promise.all([
      this.fixture.ours('sqs', action, full(handed.ours)),
      this.fixture.moto('sqs', action, full(handed.moto)),
    ]);
    this.comparison.same(action, { queue: handed.queue.name, ...input }, ours.error ?? 'done', moto.error ?? 'done');
  }

  async deleteBatch(queue: QueueOnBoth, handed: readonly Handed[]): Promise<void> {
    const full = (side: 'ours' | 'moto') => ({
      QueueUrl: queue.url,
      Entries: handed.map((message, at) => ({ Id: `d${at}`, ReceiptHandle: message[side] })),
    });
    const [ours, moto] = await Promise.all([
      this.fixture.ours('sqs', 'DeleteMessageBatch', full('ours')),
      this.fixture.moto('sqs', 'DeleteMessageBatch', full('moto')),
    ]);
    this.comparison.same('DeleteMessageBatch', { count: handed.length }, batchOutcome(ours), batchOutcome(moto));
  }

  async attributes(queue: QueueOnBoth): Promise<void> {
    const input = { QueueUrl: queue.url, AttributeNames: ['All'] };
    const pair = await this.fixture.both('sqs', 'GetQueueAttributes', input);
    this.comparison.same('GetQueueAttributes', input, settings(pair.ours), settings(pair.moto));
  }

  /** Any call with the same input; what is compared is the error code alone. */
  async refused(action: string, input: Json): Promise<void> {
    const pair = await this.fixture.both('sqs', action, input);
    this.comparison.same(action, input, pair.ours.error ?? 'done', pair.moto.error ?? 'done');
  }
}

/** Messages of a ReceiveMessage answer. */
export function messagesOf({ output }: Answer): Received[] {
  return (output['Messages'] ?? []) as Received[];
}

function described({ MessageId, Body, MD5OfBody, Attributes, MessageAttributes = {} }: Received, names: Names): Json {
  const { ApproximateReceiveCount, MessageGroupId, MessageDeduplicationId } = Attributes;
  const id = names.of(MessageId);
  return {
    id,
    Body,
    MD5OfBody,
    ApproximateReceiveCount,
    MessageGroupId,
    MessageDeduplicationId,
    MessageAttributes,
  };
}

function batchOutcome({ error, output }: Answer): unknown {
  if (error !== undefined) return error;
  const ids = (entries: unknown) => ((entries ?? []) as Json[]).map(({ Id, Code }) => ({ Id, Code }));
  return { Successful: ids(output['Successful']), Failed: ids(output['Failed']) };
}

/** Settings and counts that both describe; moto adds every default, which ours leaves out. */
function settings({ error, output }: Answer): unknown {
  if (error !== undefined) return error;
  const attributes = output['Attributes'] as Record<string, string>;
  const { RedrivePolicy = 'null' } = attributes;
  const { maxReceiveCount, deadLetterTargetArn } = (JSON.parse(RedrivePolicy) ?? {}) as Json;
  return {
    redrive: { maxReceiveCount, deadLetterTargetArn },
    arn: attributes['QueueArn'],
    fifo: attributes['FifoQueue'],
    visible: attributes['ApproximateNumberOfMessages'],
    inFlight: attributes['ApproximateNumberOfMessagesNotVisible'],
    visibility: attributes['VisibilityTimeout'],
    size: attributes['MaximumMessageSize'],
  };
}
