import { parsed, whole } from '../../../lib/operations/options';
import { CommandError } from '../../../lib/operations/terminal';

/** What was asked for. */
export interface LoadOptions {
  /** Events in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Share of the events that come from one session. */
  readonly skew: number;
  readonly seed?: number;
  /** Name of the stream. @default - the only one of the stack */
  readonly stream?: string;
  readonly stack: string;
  /** File for events that could not be sent. @default - one in the current folder */
  readonly unsent?: string;
  readonly json: boolean;
  /** Send without asking. */
  readonly yes: boolean;
  readonly region?: string;
}

/** Seeds are below this. */
export const SEEDS = 2 ** 32;

export const USAGE = `Usage: groundplan load data-pipeline [options]

Sends clickstream events like those of a shop's visitors with the pattern's producer, and prints a summary.

  --rate N          events per second, 1 to 50000 (default 100)
  --duration TIME   how long, such as 30s, 5m or 1h, up to 24h (default 60s)
  --skew SHARE      share of the events that come from one session and make one shard hot, 0 to 0.99 (default 0)
  --seed N          sends the same events again, at the same rate and skew (default: random, and printed)
  --stack NAME      stack to send to: its only stream (default DataPipeline)
  --stream NAME     stream to send to
  --unsent FILE     file for events that could not be sent, as JSON lines (default groundplan-unsent-<time>.jsonl in
                    this folder; created only if needed)
  --yes, -y         do not ask for confirmation
  --json            the summary as one JSON document on standard output
  --region NAME     AWS region (default: that of the AWS CLI)
  --help            this text

Ctrl-C ends it early: it waits for requests in flight and prints the summary. Ctrl-C again ends it immediately.
It needs kinesis:PutRecords, kms:GenerateDataKey on the stream's key, and without --stream kinesis:ListStreams.

Exit code: 0 everything was sent, 1 some events were not, 2 invalid options, 130 interrupted.`;

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** @throws CommandError (exit code 2) for an option that is unknown or out of range */
export function readLoadOptions(args: readonly string[]): LoadOptions {
  const values = parse(args);
  if (values.stream !== undefined && values.stack !== undefined) {
    throw new CommandError('--stream and --stack exclude each other: omit --stack', 2);
  }
  return {
    rate: whole('--rate', values.rate, 100, 1, 50_000),
    duration: duration(values.duration ?? '60s'),
    skew: share(values.skew ?? '0'),
    seed: values.seed === undefined ? undefined : whole('--seed', values.seed, 0, 0, SEEDS - 1),
    stream: values.stream,
    stack: values.stack ?? 'DataPipeline',
    unsent: values.unsent,
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
      rate: text,
      duration: text,
      skew: text,
      seed: text,
      stream: text,
      stack: text,
      unsent: text,
      json: { type: 'boolean' },
      yes: { type: 'boolean', short: 'y' },
      region: text,
    },
  });
  if (positionals.length > 0) throw new CommandError(`Unexpected argument ${positionals.join(' ')}; see --help`, 2);
  return values;
}

function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const value = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (value < UNITS.s || value > 24 * UNITS.h) {
    throw new CommandError(`--duration is ${text}; allowed: from 1s to 24h, such as 30s, 5m or 1h`, 2);
  }
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value > 0.99) {
    throw new CommandError(`--skew is ${text}; allowed: a number from 0 to 0.99`, 2);
  }
  return value;
}
