import { type KinesisClient, paginateListStreams } from '@aws-sdk/client-kinesis';
import { CommandError } from '../../../lib/operations/terminal';
import type { LoadOptions } from './options';

/** Where events go. */
export interface Target {
  readonly stream: string;
  readonly region: string;
}

/** Names that an error lists at most. */
const LISTED = 10;

/**
 * The stream that a person means, and that there are credentials to ask for it with.
 *
 * @throws CommandError when the stack has none or several
 */
export async function findTarget(
  kinesis: KinesisClient,
  { stream, stack }: Pick<LoadOptions, 'stream' | 'stack'>,
): Promise<Target> {
  const region = await kinesis.config.region().catch((error: Error) => {
    if (error.message !== 'Region is missing') throw error;
    throw new CommandError('No region is set: pass --region, or set AWS_REGION.');
  });
  if (stream === undefined) return { stream: await onlyStreamOf(kinesis, stack, region), region };
  // Whether they are there shows before anything is sent.
  await kinesis.config.credentials();
  return { stream, region };
}

/** CloudFormation names streams after their stack. */
async function onlyStreamOf(kinesis: KinesisClient, stack: string, region: string): Promise<string> {
  const names: string[] = [];
  for await (const { StreamNames = [] } of paginateListStreams({ client: kinesis }, {})) names.push(...StreamNames);
  const found = names.filter((name) => name.startsWith(`${stack}-`));
  const [only] = found;
  if (only === undefined) {
    throw new CommandError(
      `No stream in ${region} has a name that starts with ${stack}-, and there is ${list(names)}. ` +
        'Name another stack with --stack, or the stream with --stream.',
    );
  }
  if (found.length > 1) {
    throw new CommandError(
      `The stack ${stack} has ${found.length} streams in ${region}; name one: --stream ${list(found, ' or ')}`,
    );
  }
  return only;
}

/** Names as a person reads them, some of many. */
export function list(names: readonly string[], between = ', '): string {
  if (names.length === 0) return 'none at all';
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(between) + (more > 0 ? ` and ${more} more` : '');
}
