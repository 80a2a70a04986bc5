import {
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { CommandError, type Terminal } from '../terminal';
import type { DeadLetterQueue } from './dead-letter-queues';

/** Tells how far a move is. */
export type Progress = (moved: number, total: number) => void;

const POLL_MS = 1000;
/** Polls until a task that was started must be in the list. */
const POLLS_TO_APPEAR = 30;

/**
 * Has SQS move a queue's messages back to where they came from, and waits until it has.
 *
 * @throws CommandError when another task runs, when SQS gives up, or when the task is cancelled
 */
export async function moveBack(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  rate: number,
  terminal: Terminal,
  progress: Progress,
): Promise<void> {
  const before = await tasksOf(sqs, queue);
  const running = before.find(({ Status }) => Status === 'RUNNING');
  // SQS has one task for a queue at a time (docs.aws.amazon.com/AWSSimpleQueueService: API_StartMessageMoveTask).
  if (running !== undefined) {
    const { ApproximateNumberOfMessagesMoved: moved, ApproximateNumberOfMessagesToMove: all, TaskHandle } = running;
    throw new CommandError(
      `SQS is moving its messages already (${moved ?? 0} of ${all ?? 'unknown'}). Wait, or end that: aws sqs cancel-message-move-task --task-handle '${TaskHandle}'`,
    );
  }
  const earlier = Math.max(0, ...before.map(({ StartedTimestamp = 0 }) => StartedTimestamp));
  const { TaskHandle } = await sqs.send(
    new StartMessageMoveTaskCommand({ SourceArn: queue.arn, MaxNumberOfMessagesPerSecond: rate }),
  );
  for (let missed = 0; missed < POLLS_TO_APPEAR; ) {
    const tasks = await tasksOf(sqs, queue);
    // A task that has ended has no handle any more; it is then the one that was not there before.
    const task =
      tasks.find((each) => each.TaskHandle === TaskHandle) ??
      tasks.find(({ StartedTimestamp = 0 }) => StartedTimestamp > earlier);
    if (task === undefined) missed += 1;
    else if (ended(task, queue, progress)) return;
    await terminal.sleep(POLL_MS);
  }
  throw new CommandError('the move was started, but SQS does not list it; see with --dry-run what it left');
}

async function tasksOf(sqs: SQSClient, { arn }: DeadLetterQueue): Promise<ListMessageMoveTasksResultEntry[]> {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 10 }));
  return Results;
}

function ended(task: ListMessageMoveTasksResultEntry, queue: DeadLetterQueue, progress: Progress): boolean {
  progress(task.ApproximateNumberOfMessagesMoved ?? 0, task.ApproximateNumberOfMessagesToMove ?? queue.depth);
  if (task.Status === 'FAILED' || task.Status === 'CANCELLED') {
    throw new CommandError(`the move ended as ${task.Status}: ${task.FailureReason ?? 'no reason given'}`);
  }
  return task.Status === 'COMPLETED';
}
