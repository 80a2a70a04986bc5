import type { PlacedStack } from '../place';
import { type Answer, type Check, ok, willFail } from '../question';
import { stackOf } from '../stack-state';

/** Whether CloudFormation takes a deployment of the stack in the state that it is in. */
export const stack: Check = {
  id: 'stack',
  questions: (place) =>
    place.stacks.map((each) => ({
      subject: each.stackName,
      resources: [],
      ask: async (aws) => judged(each, await stackOf(aws, each.stackName), place.region),
    })),
};

interface Found {
  readonly StackStatus?: string;
  readonly EnableTerminationProtection?: string;
}

function judged({ key, stackName }: PlacedStack, found: Found | undefined, region: string): Answer {
  const { StackStatus: status = '', EnableTerminationProtection } = found ?? {};
  const cli = (command: string) => `aws cloudformation ${command} --region ${region} --stack-name ${stackName}`;
  if (found === undefined) return ok('not deployed yet');
  if (/^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/.test(status)) {
    const isProtected = EnableTerminationProtection === 'true';
    if (status === 'ROLLBACK_COMPLETE' && !isProtected)
      return ok(`${status}: "cdk deploy" deletes it, and begins again`);
    return willFail(
      `${status}: an earlier try is to be deleted first${isProtected ? ', and termination protection forbids it' : ''}`,
      ...(isProtected ? [cli('update-termination-protection --no-enable-termination-protection')] : []),
      cli('delete-stack'),
      cli('wait stack-delete-complete'),
    );
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    return willFail(`${status}: its last update is to be rolled back first`, `npx cdk rollback ${key}`);
  }
  if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') {
    return willFail(`${status}: wait until CloudFormation is done`, cli('describe-stacks'));
  }
  return ok(status === 'REVIEW_IN_PROGRESS' ? 'not deployed yet' : `deployed (${status})`);
}
