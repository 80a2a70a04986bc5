import type { Answers } from './aws/answers';
import type { Place } from './place';
import type { Aws } from './question';

type Stack = NonNullable<Answers['cloudformation:DescribeStacks']['Stacks']>[number];

/** What CloudFormation says of a stack; undefined for one that does not exist. */
export async function stackOf(aws: Aws, stackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await aws.call('cloudformation:DescribeStacks', { StackName: stackName });
    return Stacks[0];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether a stack has made a resource. */
export async function hasMade(aws: Aws, stackName: string, logicalId: string): Promise<boolean> {
  try {
    const input = { StackName: stackName, LogicalResourceId: logicalId };
    const { StackResourceDetail } = await aws.call('cloudformation:DescribeStackResource', input);
    return StackResourceDetail !== undefined;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** CloudFormation has no code of its own for what does not exist. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
}

/** States in which a stack has no resource yet, or none any more. */
const EMPTY = /^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|DELETE_COMPLETE)$/;

/** Whether a resource is still to be made: its stack does not exist, or has nothing. @throws Error where CloudFormation does not say */
export async function isNew(aws: Aws, place: Place, resource: { readonly stack: string }): Promise<boolean> {
  const stack = place.stackOf(resource);
  if (stack === undefined) return true;
  const found = await stackOf(aws, stack.stackName);
  return found === undefined || EMPTY.test(found.StackStatus ?? '');
}

/** Those that are still to be made. */
export async function newOnes<T extends { readonly resource: { readonly stack: string } }>(
  aws: Aws,
  place: Place,
  all: readonly T[],
): Promise<readonly T[]> {
  const areNew = await Promise.all(all.map(({ resource }) => isNew(aws, place, resource)));
  return all.filter((_, at) => areNew[at] === true);
}
