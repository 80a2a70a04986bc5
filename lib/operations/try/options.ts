import { EMAIL } from '../../validation/email';
import { parsed } from '../options';
import { CommandError } from '../terminal';

/** What was asked for. */
export interface TryOptions {
  /** Name of a stack. */
  readonly stack: string;
  /** Address of the user. @default - a random one at example.com, which receives no mail */
  readonly email?: string;
  /** Whether the user, and what the first request made, stay. */
  readonly keep: boolean;
  readonly region?: string;
}

export const USAGE = `Usage: groundplan try <stack> [options]

Makes a user of a deployed stack of stage dev, signs in, asks the pattern its first question, and prints the answer and the
commands that do it again. Then it deletes the user.

<stack>           name of the stack in CloudFormation, such as EventDriven; its output Try has the whole line

  --email ADDRESS address of the user, who receives no mail (default: a random one at example.com)
  --keep          keep the user, print the password, and keep what the request made
  --region NAME   AWS region (default: that of the AWS CLI)
  --help          this text

It needs cloudformation:DescribeStacks, :GetTemplate and :ListStackResources, and on the user pool
cognito-idp:AdminCreateUser, :AdminSetUserPassword, :AdminInitiateAuth and :AdminDeleteUser.

Exit code: 0 it was answered, 1 it was not, 2 invalid options or a stack of another stage, 130 interrupted.`;

/** @throws CommandError (exit code 2) for an option that is unknown or not valid */
export function readTryOptions(args: readonly string[]): TryOptions {
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: { email: { type: 'string' }, keep: { type: 'boolean' }, region: { type: 'string' } },
  });
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) {
    throw new CommandError('Pass one stack, such as: npx groundplan try EventDriven. See groundplan try --help', 2);
  }
  // Letters, digits and hyphens (AWS: API_CreateStack), or the ARN of a stack.
  if (!/^([A-Za-z][A-Za-z0-9-]{0,127}|arn:[^\s]+)$/.test(stack)) {
    throw new CommandError(`${stack} is no name of a stack; allowed: letters, digits and hyphens, or its ARN`, 2);
  }
  const { email } = values;
  // Into a command line it goes as it is.
  if (email !== undefined && (!EMAIL.test(email) || /[^\w.+@-]/.test(email))) {
    throw new CommandError(`--email is ${email}; allowed: an e-mail address of letters, digits and . _ + - @`, 2);
  }
  return { stack, email, keep: values.keep === true, region: values.region };
}
