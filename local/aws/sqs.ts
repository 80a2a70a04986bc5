import { createHash, randomUUID } from 'node:crypto';
import { optionalInteger, optionalText, records, text, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';
import { LocalQueue, type Message, type QueueAttributes } from './sqs-queue';

interface MoveTask {
  readonly handle: string;
  readonly source: LocalQueue;
  readonly destination?: LocalQueue;
  readonly rate: number;
  readonly startedAt: number;
  readonly total: number;
  moved: number;
}

type Action = (input: LocalInput) => LocalInput;

/** Message rate of a move task that names none: as fast as SQS can; here as fast as the documented ceiling. */
const MAX_MOVE_RATE = 500;

/** Queues in memory: visibility, redrive, retention, FIFO groups and deduplication, and message move tasks. */
export class LocalSqs implements LocalService {
  private readonly queues = new Map<string, LocalQueue>();
  private readonly tasks: MoveTask[] = [];

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
    /** Picks the next message of a standard queue, which promises no order. @default - the oldest */
    private readonly pick: (count: number) => number = () => 0,
  ) {}

  createQueue(name: string, attributes: QueueAttributes = {}): { url: string; arn: string } {
    const { account, region } = this.location;
    const arn = `arn:aws:sqs:${region}:${account}:${name}`;
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    this.queues.set(name, new LocalQueue(name, url, arn, attributes, this.now, this.pick));
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
      const received = queue.receive(
        optionalInteger(input, 'MaxNumberOfMessages') ?? 1,
        optionalInteger(input, 'VisibilityTimeout'),
        (message, arn) => this.queue(arn).accept({ ...message, from: queue.arn }),
      );
      return { Messages: received.map((message) => queue.answer(message)) };
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
    ListMessageMoveTasks: (input) => this.listMoves(text(input, 'SourceArn')),
  };

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
      delaySeconds: optionalInteger(input, 'DelaySeconds') ?? 0,
    });
    return { MessageId: messageId, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
  }

  private batch(input: LocalInput, perform: (queue: LocalQueue, entry: LocalInput) => LocalInput): LocalInput {
    const queue = this.of(input);
    const Successful: LocalInput[] = [];
    const Failed: LocalInput[] = [];
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
    const task: MoveTask = {
      handle: randomUUID(),
      source,
      destination: target === undefined ? undefined : this.queue(target),
      rate: optionalInteger(input, 'MaxNumberOfMessagesPerSecond') ?? MAX_MOVE_RATE,
      startedAt: this.now(),
      total: source.depth().visible,
      moved: 0,
    };
    this.tasks.unshift(task);
    return { TaskHandle: task.handle };
  }

  private listMoves(sourceArn: string): LocalInput {
    const source = this.queue(sourceArn);
    const tasks = this.tasks.filter((task) => task.source === source);
    return { Results: tasks.map((task) => this.progress(task)) };
  }

  private progress(task: MoveTask): LocalInput {
    const due = Math.min(task.total, Math.ceil(((this.now() - task.startedAt) / 1000) * task.rate));
    while (task.moved < due) {
      const message = task.source.takeAny();
      if (message === undefined) break;
      (task.destination ?? this.queue(message.from ?? '')).accept({ ...message, receives: 0 });
      task.moved += 1;
    }
    return {
      TaskHandle: task.handle,
      Status: task.moved >= task.total ? 'COMPLETED' : 'RUNNING',
      SourceArn: task.source.arn,
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.total,
      MaxNumberOfMessagesPerSecond: task.rate,
      StartedTimestamp: task.startedAt,
    };
  }
}
