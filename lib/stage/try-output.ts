import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { StageSettings } from './stage';
import { TRY_METADATA, type TryMetadata, TryOutputs } from './try-metadata';

/** What {@link addTryOutput} takes into a stack. */
export interface TryOutputProps {
  /** The pattern whose first request it is, by the name of its folder, such as `event-driven`. */
  readonly pattern: string;
  readonly stage: StageSettings;
  /** The pool that the stack made. @default - users of yours, or roles: `groundplan try` makes no user, and there is no output */
  readonly userPool?: IUserPool;
}

/**
 * Whether an administrator may sign a user in by password, with IAM's `cognito-idp:AdminInitiateAuth`: `groundplan try` and the AWS CLI
 * do. In dev alone; other stages keep to SRP, which never sends a password.
 */
export function takesAdminSignIn({ name }: StageSettings): boolean {
  return name === 'dev';
}

/**
 * Says in the outputs of a stack how to begin: in dev the line `npx groundplan try <stack>`, elsewhere the line that makes the first user.
 * `try` finds the pattern and the stage in the template's metadata, and asks by the outputs that the pattern's own stack has
 * (`ApiUrl`, `UserPoolId`, `UserPoolClientId` of the event-driven pattern). One pattern in a stack.
 */
export function addTryOutput(scope: Construct, { pattern, stage, userPool }: TryOutputProps): void {
  const stack = Stack.of(scope);
  stack.addMetadata(TRY_METADATA, { pattern, stage: stage.name } satisfies TryMetadata);
  if (userPool === undefined) return;
  if (takesAdminSignIn(stage)) {
    new CfnOutput(stack, TryOutputs.tryIt, {
      value: `npx groundplan try ${stack.stackName} --region ${stack.region}`,
      description: 'Makes a user, signs in, and asks the first question',
    });
    return;
  }
  const person = 'you@example.com';
  new CfnOutput(stack, TryOutputs.firstUser, {
    // The default medium is SMS (AWS: API_AdminCreateUser), and a user of e-mail has no number.
    value:
      `aws cognito-idp admin-create-user --region ${stack.region} --user-pool-id ${userPool.userPoolId} --username ${person} ` +
      `--user-attributes Name=email,Value=${person} Name=email_verified,Value=true --desired-delivery-mediums EMAIL`,
    description: 'Makes a user, who gets a temporary password by e-mail',
  });
}
