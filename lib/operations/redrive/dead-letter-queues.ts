import { GetQueueAttributesCommand, paginateListDeadLetterSourceQueues, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { isDenied } from '../aws-errors';
import { CommandError } from '../terminal';
import type { Clients } from './clients';
import { type Origin, originsOf } from './origins';
import { nameOf, urlOf } from './queue-reference';
import { type Place, placeOf } from './references';
import { type DeployedStack, findStack, stackOf, treeOf } from './stacks';

/** A dead-letter queue. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** Messages in it, those that are being looked at included. */
  readonly depth: number;
  /** Names of the queues whose redrive policy names it. */
  readonly sources: readonly string[];
  /** What else sends to it, by the template of its stack. */
  readonly origins: readonly Origin[];
}

/** What a person's word stands for. */
export interface Found {
  /** Whether one queue was named, and not a stack. */
  readonly byName: boolean;
  readonly queues: readonly DeadLetterQueue[];
  /** What could not be found out, for the person. */
  readonly warning?: string;
}

/** What ListDeadLetterSourceQueues takes in one answer (AWS: 1 to 1000). */
const PAGE = 100;

/**
 * The dead-letter queues that a person means by a queue or a stack.
 *
 * @throws CommandError when there are none
 */
export async function findDeadLetterQueues(clients: Clients, target: string): Promise<Found> {
  const url = await urlOf(clients.sqs, target);
  if (url !== undefined) return ofQueue(clients, url);
  const region = await clients.sqs.config.region();
  // A queue's URL or ARN names no stack.
  const stack = /^(arn:[^:]+:cloudformation:.+|[A-Za-z][A-Za-z0-9-]*)$/.test(target)
    ? await findStack(clients.cloudFormation, target)
    : undefined;
  if (stack === undefined) {
    throw new CommandError(
      `There is no queue ${target} and no stack ${target} in ${region}. Check the name, the region (--region) and the account.`,
    );
  }
  const queues = await ofStack(clients, stack);
  if (queues.length === 0) throw new CommandError(`The stack ${target} in ${region} has no dead-letter queue.`);
  return { byName: false, queues, warning: warningOf(stack) };
}

async function ofStack(clients: Clients, stack: DeployedStack): Promise<DeadLetterQueue[]> {
  const urls = treeOf(stack)
    .flatMap(({ resources }) => [...resources.values()])
    .filter(({ type }) => type === 'AWS::SQS::Queue')
    .map(({ physicalId }) => physicalId);
  const found: DeadLetterQueue[] = [];
  let origins: ReadonlyMap<string, readonly Origin[]> | undefined;
  for (const url of urls) {
    const queue = await attributesOf(clients, url);
    if (queue === undefined) continue;
    origins ??= originsOf(stack, placeOf(queue.arn));
    const sources = await sourcesOf(clients, url);
    const own = origins.get(queue.arn) ?? [];
    if (sources.length > 0 || own.length > 0) found.push({ ...queue, sources, origins: own });
  }
  return found;
}

/** A work queue stands for its dead-letter queue. */
async function ofQueue(clients: Clients, named: string): Promise<Found> {
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: named, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = Attributes?.RedrivePolicy;
  let url = named;
  if (policy !== undefined) {
    const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
    const dead = await urlOf(clients.sqs, deadLetterTargetArn);
    if (dead === undefined)
      throw new CommandError(`${nameOf(named)} names a dead-letter queue that does not exist: ${deadLetterTargetArn}`);
    url = dead;
  }
  const queue = await attributesOf(clients, url);
  if (queue === undefined) throw new CommandError(`The queue ${nameOf(url)} does not exist any more.`);
  const sources = await sourcesOf(clients, url);
  const { origins, warning } = await originsOfQueue(clients, url, queue.arn, placeOf(queue.arn));
  return { byName: true, queues: [{ ...queue, sources, origins }], warning };
}

/** What sends to one queue, by its stack. A queue may be of none, and whoever asks may not see stacks. */
async function originsOfQueue({ cloudFormation }: Clients, url: string, arn: string, place: Place) {
  try {
    const stack = await stackOf(cloudFormation, url);
    if (stack === undefined) return { origins: [] };
    return { origins: originsOf(stack, place).get(arn) ?? [], warning: warningOf(stack) };
  } catch (error) {
    if (!isDenied(error)) throw error;
    const { name, message } = error;
    return {
      origins: [],
      warning: `Its stack cannot be read, so only what work queues sent can go back. ${name}: ${message}`,
    };
  }
}

function warningOf(stack: DeployedStack): string | undefined {
  const unread = treeOf(stack).find(({ unread }) => unread !== undefined)?.unread;
  return unread && `What sends to these queues is not known, since ${unread}; only what work queues sent can go back.`;
}

/** Undefined for a queue that its stack still lists and that is gone. */
async function attributesOf({ sqs }: Clients, url: string) {
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const depth =
      Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    return { name: nameOf(url), url, arn: Attributes.QueueArn ?? '', depth };
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function sourcesOf({ sqs }: Clients, url: string): Promise<string[]> {
  const sources: string[] = [];
  const pages = paginateListDeadLetterSourceQueues({ client: sqs, pageSize: PAGE }, { QueueUrl: url });
  for await (const { queueUrls = [] } of pages) sources.push(...queueUrls.map(nameOf));
  return sources;
}
