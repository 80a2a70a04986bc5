import { parsed, whole } from '../../../lib/operations/options';
import { CommandError } from '../../../lib/operations/terminal';
import { REJECTED_PREFIX } from '../contract';

/** Which objects of a failure store are meant. */
export interface Selection {
  /** What their keys begin with. */
  readonly prefix: string;
  /** First day, as `yyyy-MM-dd`. @default - from the beginning */
  readonly since?: string;
  /** Last day, as `yyyy-MM-dd`. @default - to the end */
  readonly until?: string;
  /** Only keys behind this one. @default - all */
  readonly after?: string;
}

/** What was asked for. */
export interface ReplayOptions extends Selection {
  /** Records in a second at most. */
  readonly rate: number;
  readonly stack: string;
  /** Name of the failure store. @default - the only one of the stack */
  readonly bucket?: string;
  /** Name of the stream. @default - the only one of the stack */
  readonly stream?: string;
  /** File for records that could not be sent. @default - one in the current folder */
  readonly unsent?: string;
  /** Look, and send nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Send without asking. */
  readonly yes: boolean;
  readonly region?: string;
}

/** Where Lambda keeps the batches of a stream that failed (AWS Lambda: kinesis-on-failure-destination). */
const BATCH_PREFIX = 'aws/lambda/';

export const USAGE = `Usage: groundplan replay data-pipeline [options]

Sends the failed records of the failure store into the stream again, with their original partition keys and data. Fix
the cause first, and preview with --dry-run.

  --dry-run         show the records and why they failed; send nothing
  --prefix PREFIX   objects whose keys begin with it (default ${BATCH_PREFIX}, the failed batches; ${REJECTED_PREFIX} has the
                    records that are not valid events)
  --since DAY       objects of this day and later, such as 2026-11-23, by the day in their keys
  --until DAY       objects of this day and earlier
  --after KEY       objects after this one: continues where a replay ended
  --rate N          most records per second, 1 to 10000 (default 500)
  --stack NAME      stack that has one failure store and one stream (default DataPipeline)
  --bucket NAME     failure store: the stack's output FailuresBucket
  --stream NAME     stream to send to
  --unsent FILE     file for records that could not be sent, as JSON lines (default groundplan-unsent-<time>.jsonl in
                    this folder; created only if needed)
  --yes, -y         do not ask for confirmation
  --json            the summary, with each object, as one JSON document on standard output
  --region NAME     AWS region (default: that of the AWS CLI)
  --help            this text

Every consumer of the stream receives the records again, including those that processed them before. Nothing is deleted:
a record that is replayed twice is sent twice. Records that fail again during a replay are stored again, and the same
replay does not send them.

Ctrl-C ends it early: it waits for requests in flight, and the summary says how to continue. Ctrl-C again ends it
immediately.
It needs s3:ListBucket and s3:GetObject on the store, kms:Decrypt and kms:GenerateDataKey on the key,
kinesis:PutRecords, without --bucket s3:ListAllMyBuckets, and without --stream kinesis:ListStreams.

Exit code: 0 everything was sent, 1 some records were not sent or could not be read, 2 invalid options, 130 interrupted.`;

/** @throws CommandError (exit code 2) for an option that is unknown or out of range */
export function readReplayOptions(args: readonly string[]): ReplayOptions {
  const values = parse(args);
  const { bucket, stream, stack, prefix = BATCH_PREFIX, after } = values;
  if (bucket !== undefined && stream !== undefined && stack !== undefined) {
    throw new CommandError('--stack has no effect with --bucket and --stream: omit it', 2);
  }
  if (prefix.startsWith('/')) throw new CommandError(`--prefix is ${prefix}; allowed: no / at the beginning`, 2);
  if (after !== undefined && !after.startsWith(prefix)) {
    throw new CommandError(`--after is ${after}; allowed: a key that begins with the prefix ${prefix}`, 2);
  }
  const [since, until] = [day('--since', values.since), day('--until', values.until)];
  if (since !== undefined && until !== undefined && since > until) {
    throw new CommandError(`--since is ${since}; allowed: no day after --until, which is ${until}`, 2);
  }
  return {
    prefix,
    since,
    until,
    after,
    rate: whole('--rate', values.rate, 500, 1, 10_000),
    stack: stack ?? 'DataPipeline',
    bucket,
    stream,
    unsent: values.unsent,
    dryRun: values['dry-run'] === true,
    json: values.json === true,
    yes: values.yes === true,
    region: values.region,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      prefix: text,
      since: text,
      until: text,
      after: text,
      rate: text,
      stack: text,
      bucket: text,
      stream: text,
      unsent: text,
      json: { type: 'boolean' },
      yes: { type: 'boolean', short: 'y' },
      region: text,
    },
  });
  if (positionals.length > 0) throw new CommandError(`Unexpected argument ${positionals.join(' ')}; see --help`, 2);
  return values;
}

function day(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  // A day that no month has is carried over by Date or is none.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new CommandError(`${name} is ${text}; allowed: a day, such as 2026-11-23`, 2);
  }
  return text;
}
