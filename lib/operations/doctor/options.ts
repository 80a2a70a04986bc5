import { parsed } from '../options';
import { CommandError } from '../terminal';

/** What was asked for. */
export interface DoctorOptions {
  /** A pattern, a cloud assembly, and stacks of it. */
  readonly names: readonly string[];
  /** `-c key=value`, for a pattern. */
  readonly context: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly json: boolean;
  /** Print the policy, and ask nothing. */
  readonly policy: boolean;
}

export const USAGE = `Usage: groundplan doctor [cdk.out] [stack...] [options]
       groundplan doctor <pattern> [-c key=value...] [options]
       groundplan doctor --policy

Checks before the first deployment what templates need of your account and region: bootstrap, quotas, service-linked
roles, zones, access to models, names that are taken, and more. It uses your own credentials and only reads.

[cdk.out]         a cloud assembly (default cdk.out): run "npx cdk synth" first
[stack...]        only these stacks of it; * stands for any text
<pattern>         synthesizes a pattern of this package, and checks that

  -c key=value    context for a pattern, as for "cdk deploy"
  --region NAME   region of stacks that name none (default: that of the AWS CLI)
  --json          prints the answers as JSON
  --policy        prints an IAM policy with every action that it may need, and does nothing else
  --help          prints this

Each answer is "ok", "WILL FAIL" with the command that fixes it, or "CANNOT TELL": no permission, not reachable, or
known only at deployment. Exit code: 0 without a failure, 1 with one, 2 when it cannot read what it is given or has no
credentials.`;

/** @throws CommandError (exit code 2) for an option that is unknown or malformed */
export function readOptions(args: readonly string[]): DoctorOptions {
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      region: { type: 'string' },
      json: { type: 'boolean', default: false },
      policy: { type: 'boolean', default: false },
    },
  });
  const { region } = values;
  if (region !== undefined && !/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region)) {
    throw new CommandError(`--region is ${region}; allowed: a region such as eu-west-1`, 2);
  }
  return {
    names: positionals,
    context: Object.fromEntries(values.context.map(pair)),
    json: values.json,
    policy: values.policy,
    ...(region === undefined ? {} : { region }),
  };
}

function pair(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandError(`-c is ${text}; allowed: key=value, such as -c stage=prod`, 2);
  return [text.slice(0, at), text.slice(at + 1)];
}
