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
    // CloudFormation has no code of its own for what does not exist.
    const isMissing =
      error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
    if (isMissing) return undefined;
    throw error;
  }
}

/** States in which a stack has no resource yet, or none any more. */
const EMPTY = /^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|DELETE_COMPLETE)$/;

/**
 * Whether a resource is still to be made: its stack does not exist, or has nothing. Of a stack that cannot be asked for it is taken for
 * new: that is what this command is run before.
 */
export async function isNew(aws: Aws, place: Place, resource: { readonly stack: string }): Promise<boolean> {
  const stack = place.stackOf(resource);
  if (stack === undefined) return true;
  const found = await stackOf(aws, stack.stackName).catch(() => undefined);
  return found === undefined || EMPTY.test(found.StackStatus ?? '');
}
