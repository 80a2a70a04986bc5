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
  /** Queue to send the letters of one queue to, in place of where they came from. */
  readonly to?: string;
  /** Ids of the only messages that are meant. */
  readonly only?: readonly string[];
  /** Ids of messages that are not meant. */
  readonly skip?: readonly string[];
  /** Delete the messages of `only` and send nothing. */
  readonly discard: boolean;
  readonly region?: string;
}

export const USAGE = `Usage: groundplan redrive <queue-or-stack> [options]

Shows what lies in dead-letter queues, and sends each message back to where it belongs: to the queue, the workflow, the
function, the bus or the stream that should have got it, and to no other. Mend the cause first.

<queue-or-stack>  a queue's name, URL or ARN (a work queue stands for its dead-letter queue), or a stack's name: all of
                  its dead-letter queues, those of nested stacks included

  --dry-run       show the queues, samples, and what would become of each; move nothing
  --rate N        messages in a second, 1 to 500 (default 10)
  --samples N     messages of each queue to show, 0 to 10 (default 3)
  --only IDS      these messages alone, by their ids, separated by commas; one queue must be named
  --skip IDS      all but these messages
  --discard       delete the messages of --only and send nothing
  --to QUEUE      send what is in the queue to this one instead; one queue must be named
  --yes, -y       do not ask
  --json          one JSON document on standard output
  --region NAME   AWS region (default: as the AWS CLI's)
  --help          this text

A message is deleted only once it arrived, so that it may come twice and is never lost. What cannot go back by itself stays,
and the command says what to do. The age is that of the oldest message shown, since SQS itself tells none. Looking at a
message hides it for a moment and counts as a receive. Ctrl-C stops after what is under way, but not what SQS moves itself.

It needs cloudformation:ListStackResources, :GetTemplate, :DescribeStacks and :DescribeStackResources;
sqs:GetQueueUrl, :GetQueueAttributes, :ListDeadLetterSourceQueues, :ReceiveMessage, :ChangeMessageVisibility, :DeleteMessage,
:SendMessage, :StartMessageMoveTask and :ListMessageMoveTasks; kms:Decrypt and :GenerateDataKey on the queues' key; and by
what lies there states:StartExecution, lambda:InvokeFunction, events:PutEvents, or dynamodb:GetShardIterator, :GetRecords and
:UpdateItem.

Exit code: 0 done, 1 something could not be redriven, 2 asked for wrongly.`;

/** @throws CommandError (exit code 2) for an option that is unknown or out of range */
export function readOptions(args: readonly string[]): RedriveOptions {
  const { values, positionals } = parse(args);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new CommandError(`Name one queue or stack.\n\n${USAGE}`, 2);
  }
  const [only, skip] = [ids('--only', values.only), ids('--skip', values.skip)];
  if (values.discard === true && only === undefined) {
    throw new CommandError('--discard deletes messages for good: name them with --only', 2);
  }
  if (values.discard === true && values.to !== undefined)
    throw new CommandError('--discard sends nothing: leave out --to', 2);
  return {
    target,
    rate: whole('--rate', values.rate, 10, 1, 500),
    samples: whole('--samples', values.samples, 3, 0, 10),
    dryRun: values['dry-run'] === true,
    json: values.json === true,
    yes: values.yes === true,
    to: values.to,
    only,
    skip,
    discard: values.discard === true,
    region: values.region,
  };
}

/** Message ids, separated by commas. */
function ids(name: string, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const found = text.split(',').map((id) => id.trim());
  if (found.some((id) => !/^[\w-]{1,100}$/.test(id))) {
    throw new CommandError(
      `${name} is ${text}; allowed: ids of messages, as --dry-run shows them, separated by commas`,
      2,
    );
  }
  return found;
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
      only: { type: 'string' },
      skip: { type: 'string' },
      discard: { type: 'boolean' },
      region: { type: 'string' },
    },
  });
}
