import {
  GetQueueAttributesCommand,
  paginateListDeadLetterSourceQueues,
  paginateListQueues,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CommandError } from '../terminal';
import { nameOf, urlOf } from './queue-reference';

/** A dead-letter queue. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** Messages in it, those that somebody looks at included. */
  readonly depth: number;
  /** Names of the queues whose redrive policy names it. None for those of topics, rules, streams and pipes. */
  readonly sources: readonly string[];
}

/** What a person's word stands for. */
export interface Found {
  /** Whether one queue was named, and not a stack. */
  readonly byName: boolean;
  readonly queues: readonly DeadLetterQueue[];
}

/** What ListQueues takes in one answer (AWS: 1 to 1000). */
const PAGE = 100;

/**
 * The dead-letter queues that a person means by a queue's or a stack's name.
 *
 * @throws CommandError when there are none
 */
export async function findDeadLetterQueues(sqs: SQSClient, target: string): Promise<Found> {
  const url = await urlOf(sqs, target);
  if (url !== undefined) return { byName: true, queues: [await ofQueue(sqs, url)] };
  // Only a stack's name can start a queue's name; SQS refuses an ARN or URL as prefix with an error of its own.
  const queues = /^[A-Za-z][A-Za-z0-9-]*$/.test(target) ? await ofStack(sqs, target) : [];
  if (queues.length === 0) {
    throw new CommandError(
      `There is no queue ${target}, and no stack ${target} with dead-letter queues, in this account and region.`,
    );
  }
  return { byName: false, queues };
}

/** CloudFormation names queues after their stack. */
async function ofStack(sqs: SQSClient, stack: string): Promise<DeadLetterQueue[]> {
  const found: DeadLetterQueue[] = [];
  const pages = paginateListQueues({ client: sqs, pageSize: PAGE }, { QueueNamePrefix: `${stack}-` });
  for await (const { QueueUrls = [] } of pages) {
    for (const url of QueueUrls) {
      const queue = await describe(sqs, url);
      if (queue.sources.length > 0 || /DeadLetter|DLQ/i.test(queue.name)) found.push(queue);
    }
  }
  return found;
}

/** A work queue stands for its dead-letter queue. */
async function ofQueue(sqs: SQSClient, url: string): Promise<DeadLetterQueue> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = Attributes?.RedrivePolicy;
  if (policy === undefined) return describe(sqs, url);
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
  const deadLetterUrl = await urlOf(sqs, deadLetterTargetArn);
  if (deadLetterUrl === undefined)
    throw new CommandError(`${nameOf(url)} names a dead-letter queue that is not there: ${deadLetterTargetArn}`);
  return describe(sqs, deadLetterUrl);
}

async function describe(sqs: SQSClient, url: string): Promise<DeadLetterQueue> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const sources: string[] = [];
  const pages = paginateListDeadLetterSourceQueues({ client: sqs, pageSize: PAGE }, { QueueUrl: url });
  for await (const { queueUrls = [] } of pages) sources.push(...queueUrls.map(nameOf));
  return {
    name: nameOf(url),
    url,
    arn: Attributes.QueueArn ?? '',
    depth: Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    sources,
  };
}
