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

Shows the messages in dead-letter queues, and sends each back to the queue, workflow, function, event bus or stream that
should have processed it, and to no other. Fix the cause first.

<queue-or-stack>  a queue's name, URL or ARN (for a work queue: its dead-letter queue), or a stack's name: all of its
                  dead-letter queues, including those of nested stacks

  --dry-run       show the queues, samples, and where each message would go; move nothing
  --rate N        messages per second, 1 to 500 (default 10)
  --samples N     messages of each queue to show, 0 to 10 (default 3)
  --only IDS      only the messages with these ids, separated by commas; requires a queue
  --skip IDS      all messages but these; requires a queue
  --discard       delete the messages of --only and send nothing
  --to QUEUE      send the messages to this queue instead; requires a queue
  --yes, -y       do not ask for confirmation
  --json          one JSON document on standard output
  --region NAME   AWS region (default: that of the AWS CLI)
  --help          this text

A message is deleted only after it was delivered: it may arrive twice, and is never lost. A message that cannot be sent back
stays in the queue, and the command says what to do. The age is that of the oldest message shown, since SQS reports none.
Showing a message hides it for a moment and counts as a receive. Ctrl-C stops after the current messages; it does not stop a
move that SQS runs itself.

It needs cloudformation:ListStackResources, :GetTemplate, :DescribeStacks and :DescribeStackResources;
sqs:GetQueueUrl, :GetQueueAttributes, :ListDeadLetterSourceQueues, :ReceiveMessage, :ChangeMessageVisibility, :DeleteMessage,
:SendMessage, :StartMessageMoveTask and :ListMessageMoveTasks; kms:Decrypt and :GenerateDataKey on the queues' key; and,
depending on the messages, states:StartExecution, lambda:InvokeFunction, events:PutEvents, or dynamodb:GetShardIterator,
:GetRecords and :UpdateItem.

Exit code: 0 success, 1 some messages could not be redriven, 2 invalid options.`;

/** @throws CommandError (exit code 2) for an option that is unknown or out of range */
export function readOptions(args: readonly string[]): RedriveOptions {
  const { values, positionals } = parse(args);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new CommandError(`Pass one queue or stack.\n\n${USAGE}`, 2);
  }
  const [only, skip] = [ids('--only', values.only), ids('--skip', values.skip)];
  if (values.discard === true && only === undefined) {
    throw new CommandError('--discard deletes messages permanently: pass their ids with --only', 2);
  }
  if (values.discard === true && values.to !== undefined)
    throw new CommandError('--discard sends nothing: omit --to', 2);
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
    throw new CommandError(`${name} is ${text}; allowed: message ids separated by commas, as --dry-run shows them`, 2);
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
