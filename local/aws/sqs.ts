import { createHash, randomUUID } from 'node:crypto';
import { enforce } from '../limits/limit';
import { SQS_LIMITS } from '../limits/sqs';
import { optionalInteger, optionalText, records, text, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';
import { LocalQueue, type Message, type QueueAttributes, type QueueSurroundings } from './sqs-queue';

interface MoveTask {
  readonly handle: string;
  readonly source: LocalQueue;
  readonly destination?: LocalQueue;
  readonly rate: number;
  readonly startedAt: number;
  readonly total: number;
  moved: number;
  /** Whether it met a message that it could not move. */
  failed: boolean;
}

type Action = (input: LocalInput) => LocalInput;

/** Message rate of a move task that names none: as fast as SQS can; here as fast as the documented ceiling. */
const MAX_MOVE_RATE = 500;

/** What AWS says of a batch before it looks at its entries. */
function checkEntries(ids: readonly string[]): void {
  enforce(SQS_LIMITS.rows.emptyBatch, ids.length);
  enforce(SQS_LIMITS.rows.batchEntries, ids.length);
  if (new Set(ids).size < ids.length) throw new AwsError('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) throw new AwsError('InvalidBatchEntryId', 'An Id is malformed.');
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
  const part = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    hash.update(length).update(text);
  };
  for (const [name, { DataType, StringValue = '' }] of entries) {
    part(name);
    part(DataType);
    hash.update(Buffer.from([1]));
    part(StringValue);
  }
  return hash.digest('hex');
}

/** Queues in memory: visibility, redrive, retention, FIFO groups and deduplication, and message move tasks. */
export class LocalSqs implements LocalService {
  private readonly queues = new Map<string, LocalQueue>();
  private readonly tasks: MoveTask[] = [];

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
    private readonly surroundings: Partial<Omit<QueueSurroundings, 'now'>> = {},
  ) {}

  createQueue(name: string, attributes: QueueAttributes = {}): { url: string; arn: string } {
    const { account, region } = this.location;
    const arn = `arn:aws:sqs:${region}:${account}:${name}`;
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    this.queues.set(
      name,
      new LocalQueue(name, url, arn, attributes, { now: this.now, newId: randomUUID, ...this.surroundings }),
    );
    return { url, arn };
  }

  /** A queue by name, URL or ARN. */
  queue(reference: string): LocalQueue {
    const queue = this.queues.get(reference.split(/[/:]/).pop() ?? '');
    if (queue === undefined) {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
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
    SendMessage: (input) => this.send(this.of(input), input),
    SendMessageBatch: (input) => this.batch(input, (queue, entry) => this.send(queue, entry)),
    ReceiveMessage: (input) => {
      const queue = this.of(input);
      const count = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
      if (count < 1 || count > 10) {
        throw new AwsError('InvalidParameterValue', 'MaxNumberOfMessages must be between 1 and 10, if provided.');
      }
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
      this.of(input).changeVisibility(text(input, 'ReceiptHandle'), optionalInteger(input, 'VisibilityTimeout') ?? 0);
      return {};
    },
    StartMessageMoveTask: (input) => this.startMove(input),
    ListMessageMoveTasks: (input) =>
      this.listMoves(text(input, 'SourceArn'), optionalInteger(input, 'MaxResults') ?? 1),
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

  private send(queue: LocalQueue, input: LocalInput): LocalInput {
    const body = text(input, 'MessageBody');
    const messageId = queue.send({
      body,
      attributes: (input['MessageAttributes'] ?? {}) as Message['attributes'],
      group: optionalText(input, 'MessageGroupId'),
      deduplicationId: optionalText(input, 'MessageDeduplicationId'),
      delaySeconds: optionalInteger(input, 'DelaySeconds'),
    });
    return {
      MessageId: messageId,
      MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
      MD5OfMessageAttributes: attributesDigest((input['MessageAttributes'] ?? {}) as Message['attributes']),
    };
  }

  private batch(input: LocalInput, perform: (queue: LocalQueue, entry: LocalInput) => LocalInput): LocalInput {
    const queue = this.of(input);
    const Successful: LocalInput[] = [];
    const Failed: LocalInput[] = [];
    checkEntries(records(input, 'Entries').map((entry) => text(entry, 'Id')));
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

  private startMove(input: LocalInput): LocalInput {
    const source = this.queue(text(input, 'SourceArn'));
    const target = optionalText(input, 'DestinationArn');
    if (!this.all().some(({ redrive }) => redrive?.deadLetterTargetArn === source.arn)) {
      throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    // AWS: API_StartMessageMoveTask. The words of this refusal are those that moto and LocalStack give.
    if (this.tasks.some((task) => task.source === source && this.progress(task)['Status'] === 'RUNNING')) {
      throw new AwsError(
        'InvalidParameterValue',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const rate = optionalInteger(input, 'MaxNumberOfMessagesPerSecond') ?? MAX_MOVE_RATE;
    if (rate < 1 || rate > MAX_MOVE_RATE) {
      throw new AwsError(
        'InvalidParameterValue',
        `MaxNumberOfMessagesPerSecond must be between 1 and ${MAX_MOVE_RATE}.`,
      );
    }
    const task: MoveTask = {
      handle: randomUUID(),
      source,
      destination: target === undefined ? undefined : this.queue(target),
      rate,
      startedAt: this.now(),
      total: source.depth().visible,
      moved: 0,
      failed: false,
    };
    this.tasks.unshift(task);
    return { TaskHandle: task.handle };
  }

  /** The latest tasks of a queue, one unless asked for more, and ten at the most (AWS: API_ListMessageMoveTasks). */
  private listMoves(sourceArn: string, most: number): LocalInput {
    if (most < 1 || most > 10) throw new AwsError('InvalidParameterValue', 'MaxResults must be between 1 and 10.');
    const source = this.queue(sourceArn);
    const tasks = this.tasks.filter((task) => task.source === source).slice(0, most);
    return { Results: tasks.map((task) => this.progress(task)) };
  }

  private progress(task: MoveTask): LocalInput {
    const due = Math.min(task.total, Math.ceil(((this.now() - task.startedAt) / 1000) * task.rate));
    while (task.moved < due && !task.failed) {
      const message = task.source.takeAny();
      if (message === undefined) break;
      // What no queue dead-lettered has nowhere to go back to, and stays.
      if (task.destination === undefined && message.from === undefined) {
        task.source.accept(message);
        task.failed = true;
        break;
      }
      (task.destination ?? this.queue(message.from ?? '')).accept({ ...message, receives: 0 });
      task.moved += 1;
    }
    const Status = task.failed ? 'FAILED' : task.moved >= task.total ? 'COMPLETED' : 'RUNNING';
    return {
      // A task that has ended has no handle (AWS: API_ListMessageMoveTasksResultEntry).
      ...(Status === 'RUNNING' && { TaskHandle: task.handle }),
      ...(task.failed && { FailureReason: 'CouldNotDetermineMessageSource' }),
      Status,
      SourceArn: task.source.arn,
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.total,
      MaxNumberOfMessagesPerSecond: task.rate,
      StartedTimestamp: task.startedAt,
    };
  }
}
