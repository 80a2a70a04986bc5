import { parsed, whole } from '../options';
import { CommandError } from '../terminal';

/** What was asked for. */
export interface RedriveOptions {
  /** Name, URL or ARN of a queue, or name of a stack. */
  readonly target: string;
  /** Messages in a second. */
  readonly rate: number;
  /** Messages of each queue to show. */
  readonly samples: number;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Act without asking. */
  readonly yes: boolean;
  /** Queue to send to what no work queue sent; with one queue named, whatever is in it. */
  readonly to?: string;
  readonly region?: string;
}

export const USAGE = `Usage: groundplan redrive <queue-or-stack> [options]

Shows what lies in dead-letter queues, and sends it back to be handled again.

<queue-or-stack>  a queue's name, URL or ARN (a work queue stands for its dead-letter queue), or a stack's name: the
                  dead-letter queues whose names start with it and a hyphen, so look with --dry-run first

  --dry-run       show the queues and samples; move nothing
  --rate N        messages in a second, 1 to 500 (default 10)
  --samples N     messages of each queue to show, 0 to 10 (default 3)
  --to QUEUE      send to this queue what no work queue sent (failures of topics and rules); with one queue named,
                  send whatever is in it
  --yes, -y       do not ask
  --json          one JSON document on standard output
  --region NAME   AWS region (default: as the AWS CLI's)
  --help          this text

The age is that of the oldest message shown, since SQS itself tells none. Looking at a message hides it for a moment
and counts as a receive. Interrupting the command does not stop what SQS moves by itself.

Exit code: 0 done, 1 something could not be redriven, 2 asked for wrongly.`;

/** @throws CommandError (exit code 2) for an option that is unknown or out of range */
export function readOptions(args: readonly string[]): RedriveOptions {
  const { values, positionals } = parse(args);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new CommandError(`Name one queue or stack.\n\n${USAGE}`, 2);
  }
  return {
    target,
    rate: whole('--rate', values.rate, 10, 1, 500),
    samples: whole('--samples', values.samples, 3, 0, 10),
    dryRun: values['dry-run'] === true,
    json: values.json === true,
    yes: values.yes === true,
    to: values.to,
    region: values.region,
  };
}

function parse(args: readonly string[]) {
  return parsed({
    args: [...args],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
      yes: { type: 'boolean', short: 'y' },
      rate: { type: 'string' },
      samples: { type: 'string' },
      to: { type: 'string' },
      region: { type: 'string' },
    },
  });
}
