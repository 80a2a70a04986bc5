import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { CommandError } from '../terminal';

/** A queue as a person names it. */
interface QueueReference {
  readonly name: string;
  /** Known from an ARN or URL. */
  readonly account?: string;
  /** Known from an ARN or URL. */
  readonly region?: string;
}

/** The queue that a URL or ARN ends with. */
export function nameOf(reference: string): string {
  return reference.split(/[/:]/).pop() ?? reference;
}

function read(reference: string): QueueReference {
  const name = nameOf(reference);
  const [, , , region, account] = reference.startsWith('arn:') ? reference.split(':') : [];
  if (account !== undefined) return { name, region, account };
  if (!/^https?:/.test(reference)) return { name };
  return {
    name,
    account: /\/(\d{12})\/[^/]+$/.exec(reference)?.[1],
    region: /\bsqs\.([a-z]+-[a-z-]+-\d+)\./.exec(reference)?.[1],
  };
}

/**
 * URL of a queue by name, URL or ARN; undefined when there is none.
 *
 * @throws CommandError for a queue of another region: one of the same name may be in this region too
 */
export async function urlOf(sqs: SQSClient, reference: string): Promise<string | undefined> {
  const { name, account, region } = read(reference);
  const here = await sqs.config.region();
  if (region !== undefined && region !== here) {
    throw new CommandError(`${reference} is in ${region}, and this command looks at ${here}: pass --region ${region}`);
  }
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }));
    return QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
