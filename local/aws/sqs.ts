import { createHash, randomUUID } from 'node:crypto';
import { enforce, refused } from '../limits/limit';
import { SQS_LIMITS } from '../limits/sqs';
import { optionalInteger, optionalText, records, text, unsupported } from './input';
import { messageAttributes } from './message-attributes';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';
import { messageBytes, type Outgoing } from './sqs-message';
import { MoveTasks } from './sqs-move-tasks';
import { LocalQueue, type Message, type QueueAttributes, type QueueContext } from './sqs-queue';

const { rows: LIMITS } = SQS_LIMITS;

type Action = (input: LocalInput) => LocalInput;

/** What AWS says of a batch before it looks at its entries. */
function checkEntries(ids: readonly string[]): void {
  enforce(LIMITS.emptyBatch, ids.length);
  enforce(LIMITS.batchEntries, ids.length);
  if (new Set(ids).size < ids.length) throw refused(LIMITS.batchIdsDistinct, 'Two entries have the same Id.');
  for (const id of ids) {
    enforce(LIMITS.batchIdLength, id.length);
    if (!/^[\w-]*$/.test(id)) throw refused(LIMITS.batchIdCharacters);
  }
}

/** Leaves of a message what ReceiveMessage was asked for: `All`, a name, or `prefix.*`. */
function asked(message: LocalInput, input: LocalInput): LocalInput {
  const { Attributes, MessageAttributes, ...rest } = message;
  const names = (...parameters: string[]) => parameters.flatMap((name) => (input[name] ?? []) as string[]);
  const some = (members: unknown, wanted: string[]) => {
    const found = Object.entries((members ?? {}) as LocalInput).filter(([name]) =>
      wanted.some(
        (want) => want === 'All' || want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -2))),
      ),
    );
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
  return {
    ...rest,
    Attributes: some(Attributes, names('AttributeNames', 'MessageSystemAttributeNames')),
    MessageAttributes: some(MessageAttributes, names('MessageAttributeNames')),
  };
}

/** AWS: SQS message metadata, calculating the MD5 message digest for message attributes. */
function attributesDigest(attributes: Message['attributes']): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const hash = createHash('md5');
  const part = (bytes: string | Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(bytes));
    hash.update(length).update(bytes);
  };
  for (const [name, { DataType, StringValue = '', BinaryValue }] of entries) {
    part(name);
    part(DataType);
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    part(BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue, 'base64'));
  }
  return hash.digest('hex');
}

/** Queues in memory: visibility, redrive, retention, FIFO groups and deduplication, and message move tasks. */
export class LocalSqs implements LocalService {
  private readonly queues = new Map<string, LocalQueue>();
  private readonly moves = new MoveTasks(this, () => this.now());

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
    private readonly context: Partial<Omit<QueueContext, 'now'>> = {},
  ) {}

  createQueue(name: string, attributes: QueueAttributes = {}): { url: string; arn: string } {
    const { account, region } = this.location;
    const arn = `arn:aws:sqs:${region}:${account}:${name}`;
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    this.queues.set(
      name,
      new LocalQueue(name, url, arn, attributes, { now: this.now, newId: randomUUID, ...this.context }),
    );
    return { url, arn };
  }

  /** A queue by name, URL or ARN. */
  queue(reference: string): LocalQueue {
    const queue = this.queues.get(reference.split(/[/:]/).pop() ?? '');
    if (queue === undefined) {
      throw refused(LIMITS.queueExists, 'The specified queue does not exist.');
    }
    return queue;
  }

  /** Every queue. */
  all(): LocalQueue[] {
    return [...this.queues.values()];
  }

  call(action: string, input: LocalInput): LocalInput {
    const perform = this.actions[action];
    if (perform === undefined) throw unsupported(action);
    return perform(input);
  }

  private readonly actions: Readonly<Record<string, Action>> = {
    ListQueues: ({ QueueNamePrefix = '' }) => ({
      QueueUrls: this.all().flatMap(({ name, url }) => (name.startsWith(String(QueueNamePrefix)) ? [url] : [])),
    }),
    GetQueueUrl: (input) => ({ QueueUrl: this.queue(text(input, 'QueueName')).url }),
    GetQueueAttributes: (input) => ({ Attributes: this.of(input).described() }),
    ListDeadLetterSourceQueues: (input) => {
      const { arn } = this.of(input);
      return {
        queueUrls: this.all().flatMap((queue) => (queue.redrive?.deadLetterTargetArn === arn ? [queue.url] : [])),
      };
    },
    SendMessage: (input) => send(this.of(input), input),
    SendMessageBatch: (input) => {
      const bytes = records(input, 'Entries').reduce((sum, entry) => sum + messageBytes(outgoing(entry)), 0);
      return this.batch(input, send, () => enforce(LIMITS.batchSize, bytes));
    },
    ReceiveMessage: (input) => {
      const queue = this.of(input);
      const count = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
      enforce(LIMITS.maxNumberOfMessages, count);
      const wait = optionalInteger(input, 'WaitTimeSeconds') ?? queue.waitTimeSeconds;
      enforce(LIMITS.waitTimeSeconds, wait);
      if (wait === 0 && !queue.fifo && queue.atFlightLimit()) throw refused(LIMITS.inFlight);
      const received = this.receive(queue, count, optionalInteger(input, 'VisibilityTimeout'));
      return received.length === 0 ? {} : { Messages: received.map((message) => asked(queue.answer(message), input)) };
    },
    DeleteMessage: (input) => {
      this.of(input).remove(text(input, 'ReceiptHandle'));
      return {};
    },
    DeleteMessageBatch: (input) =>
      this.batch(input, (queue, entry) => {
        queue.remove(text(entry, 'ReceiptHandle'));
        return {};
      }),
    ChangeMessageVisibility: (input) => {
      const seconds = optionalInteger(input, 'VisibilityTimeout');
      if (seconds === undefined) throw missing('VisibilityTimeout');
      this.of(input).changeVisibility(text(input, 'ReceiptHandle'), seconds);
      return {};
    },
    StartMessageMoveTask: (input) => this.moves.start(input),
    ListMessageMoveTasks: (input) => this.moves.list(input),
  };

  /** Receives as ReceiveMessage does: what was received too often goes to the dead-letter queue. */
  receive(queue: LocalQueue, count: number, visibilitySeconds?: number): Message[] {
    return queue.receive(count, visibilitySeconds, (message, arn) => {
      // A FIFO queue's message gets its id for a deduplication id there (AWS: SQS, configure a dead-letter queue redrive).
      const deduplicationId = queue.fifo ? message.messageId : message.deduplicationId;
      this.queue(arn).accept({ ...message, deduplicationId, from: queue.arn });
    });
  }

  private of(input: LocalInput): LocalQueue {
    return this.queue(text(input, 'QueueUrl'));
  }

  private batch(
    input: LocalInput,
    perform: (queue: LocalQueue, entry: LocalInput) => LocalInput,
    checkWhole: () => void = () => undefined,
  ): LocalInput {
    const queue = this.of(input);
    const Successful: LocalInput[] = [];
    const Failed: LocalInput[] = [];
    checkEntries(records(input, 'Entries').map((entry) => text(entry, 'Id')));
    checkWhole();
    for (const entry of records(input, 'Entries')) {
      const Id = text(entry, 'Id');
      try {
        Successful.push({ Id, ...perform(queue, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }
}

/** A message as SendMessage and an entry of SendMessageBatch have it. */
function outgoing(input: LocalInput): Outgoing {
  const attributes = messageAttributes(input['MessageAttributes']);
  return {
    body: optionalText(input, 'MessageBody') ?? '',
    attributes,
    group: optionalText(input, 'MessageGroupId'),
    deduplicationId: optionalText(input, 'MessageDeduplicationId'),
    delaySeconds: optionalInteger(input, 'DelaySeconds'),
  };
}

function send(queue: LocalQueue, input: LocalInput): LocalInput {
  const message = outgoing(input);
  return {
    MessageId: queue.send(message),
    MD5OfMessageBody: createHash('md5').update(message.body).digest('hex'),
    MD5OfMessageAttributes: attributesDigest(message.attributes ?? {}),
  };
}

function missing(parameter: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
}
