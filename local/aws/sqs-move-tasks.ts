import { randomUUID } from 'node:crypto';
import { enforce, refused } from '../limits/limit';
import { SQS_LIMITS } from '../limits/sqs';
import { optionalInteger, optionalText, text } from './input';
import { AwsError, type LocalInput } from './service';
import type { LocalQueue } from './sqs-queue';

const { rows: LIMITS } = SQS_LIMITS;

interface MoveTask {
  readonly handle: string;
  readonly source: LocalQueue;
  readonly destination?: LocalQueue;
  readonly rate: number;
  readonly startedAt: number;
  readonly total: number;
  moved: number;
  failure?: string;
}

/** The queues that tasks move messages between. */
export interface Queues {
  queue(reference: string): LocalQueue;
  all(): readonly LocalQueue[];
}

/**
 * Message move tasks (docs.aws.amazon.com/AWSSimpleQueueService: StartMessageMoveTask). A task that names no rate moves as
 * fast as the documented ceiling.
 */
export class MoveTasks {
  private readonly tasks: MoveTask[] = [];

  constructor(
    private readonly queues: Queues,
    private readonly now: () => number,
  ) {}

  start(input: LocalInput): LocalInput {
    const source = this.source(text(input, 'SourceArn'));
    const target = optionalText(input, 'DestinationArn');
    const rate = optionalInteger(input, 'MaxNumberOfMessagesPerSecond') ?? LIMITS.moveRate.max;
    enforce(LIMITS.moveRate, rate);
    if (!this.queues.all().some(({ redrive }) => redrive?.deadLetterTargetArn === source.arn)) {
      throw refused(LIMITS.moveSourceIsDeadLetterQueue, 'Source queue must be configured as a Dead Letter Queue.');
    }
    const active = this.tasks.filter((task) => this.progress(task)['Status'] === 'RUNNING');
    enforce(
      LIMITS.activeMoves,
      active.filter((task) => task.source === source).length,
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
    enforce(LIMITS.activeMovesOfAccount, active.length);
    const task: MoveTask = {
      handle: randomUUID(),
      source,
      destination: target === undefined ? undefined : this.queues.queue(target),
      rate,
      startedAt: this.now(),
      total: source.depth().visible,
      moved: 0,
    };
    this.tasks.unshift(task);
    return { TaskHandle: task.handle };
  }

  list(input: LocalInput): LocalInput {
    const source = this.source(text(input, 'SourceArn'));
    const results = optionalInteger(input, 'MaxResults') ?? 1;
    enforce(LIMITS.listedMoves, results);
    const tasks = this.tasks.filter((task) => task.source === source).slice(0, results);
    return { Results: tasks.map((task) => this.progress(task)) };
  }

  private source(arn: string): LocalQueue {
    try {
      return this.queues.queue(arn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw refused(LIMITS.moveSource, "The resource that you specified for the SourceArn parameter doesn't exist.");
    }
  }

  private progress(task: MoveTask): LocalInput {
    const due = Math.min(task.total, Math.ceil(((this.now() - task.startedAt) / 1000) * task.rate));
    while (task.failure === undefined && task.moved < due) {
      const message = task.source.takeAny();
      if (message === undefined) break;
      if (task.destination === undefined && message.from === undefined) {
        task.source.putBack(message);
        task.failure = 'CouldNotDetermineMessageSource';
        break;
      }
      (task.destination ?? this.queues.queue(message.from ?? '')).accept({ ...message, receives: 0 });
      task.moved += 1;
    }
    const Status = status(task);
    return {
      // A task that has ended has no handle (AWS: API_ListMessageMoveTasksResultEntry).
      ...(Status === 'RUNNING' && { TaskHandle: task.handle }),
      Status,
      SourceArn: task.source.arn,
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.total,
      MaxNumberOfMessagesPerSecond: task.rate,
      StartedTimestamp: task.startedAt,
      ...(task.failure !== undefined && { FailureReason: task.failure }),
    };
  }
}

function status({ failure, moved, total }: MoveTask): 'RUNNING' | 'COMPLETED' | 'FAILED' {
  if (failure !== undefined) return 'FAILED';
  return moved >= total ? 'COMPLETED' : 'RUNNING';
}
