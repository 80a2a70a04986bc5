import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  paginateListQueues,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CommandError } from '../terminal';

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

/** The queue that a URL or ARN ends with. */
export function nameOf(reference: string): string {
  return reference.split(/[/:]/).pop() ?? reference;
}

/** URL of a queue by name, URL or ARN; undefined when there is none. */
export async function urlOf(sqs: SQSClient, reference: string): Promise<string | undefined> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: nameOf(reference) }));
    return QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

/**
 * The dead-letter queues that a person means by a queue's or a stack's name.
 *
 * @throws CommandError when there are none
 */
export async function findDeadLetterQueues(sqs: SQSClient, target: string): Promise<DeadLetterQueue[]> {
  const url = await urlOf(sqs, target);
  if (url !== undefined) return [await ofQueue(sqs, url)];
  const found: DeadLetterQueue[] = [];
  // CloudFormation names queues after their stack.
  for await (const { QueueUrls = [] } of paginateListQueues(
    { client: sqs, pageSize: 100 },
    { QueueNamePrefix: `${target}-` },
  )) {
    for (const each of QueueUrls) {
      const queue = await describe(sqs, each);
      if (queue.sources.length > 0 || /DeadLetter|DLQ/i.test(queue.name)) found.push(queue);
    }
  }
  if (found.length === 0)
    throw new CommandError(
      `There is no queue ${target}, and no stack ${target} with dead-letter queues, in this account and region.`,
    );
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
  const { queueUrls = [] } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  return {
    name: nameOf(url),
    url,
    arn: Attributes.QueueArn ?? '',
    depth: Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    sources: queueUrls.map(nameOf),
  };
}
