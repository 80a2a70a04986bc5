import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError, type Terminal } from '../terminal';
import { type DeadLetterQueue, findDeadLetterQueues, urlOf } from './dead-letter-queues';
import { copyTo, moveBack } from './move';
import type { RedriveOptions } from './options';
import { lookAt, type Sample } from './samples';

/** What is known of a queue, and what was done. */
export interface QueueReport extends DeadLetterQueue {
  /** Age of the oldest message shown, in seconds. */
  readonly oldestSeconds?: number;
  readonly samples: readonly Sample[];
  /** Messages that went back. */
  moved: number;
  /** Why nothing was moved. */
  skipped?: string;
}

/** Makes the client; a test makes its own. */
export type ClientFactory = (region: string | undefined) => SQSClient;

const defaultClient: ClientFactory = (region) => new SQSClient(region === undefined ? {} : { region });

/** Runs the command. @returns the exit code: 0 when everything asked for was done */
export async function redrive(
  options: RedriveOptions,
  terminal: Terminal,
  clientFor: ClientFactory = defaultClient,
): Promise<number> {
  const sqs = clientFor(options.region);
  const target = options.to === undefined ? undefined : await urlOf(sqs, options.to);
  if (options.to !== undefined && target === undefined)
    throw new CommandError(`--to: there is no queue ${options.to}.`);
  const reports: QueueReport[] = [];
  for (const queue of await findDeadLetterQueues(sqs, options.target)) {
    const samples = await lookAt(sqs, queue, options.samples);
    const oldest = Math.min(...samples.map(({ sentAt }) => sentAt));
    const oldestSeconds = samples.length === 0 ? undefined : Math.round((terminal.now() - oldest) / 1000);
    reports.push({ ...queue, oldestSeconds, samples, moved: 0, skipped: reasonToSkip(queue, samples, target) });
  }
  if (!options.json) for (const report of reports) terminal.out(describe(report));

  const movable = reports.filter(({ skipped }) => skipped === undefined);
  if (movable.length > 0 && !options.dryRun && (await agreed(movable, options, terminal))) {
    for (const report of movable) await move(sqs, report, target, options, terminal);
  }
  if (options.json) terminal.out(JSON.stringify({ dryRun: options.dryRun, queues: reports }, undefined, 2));
  return 0;
}

function reasonToSkip(
  queue: DeadLetterQueue,
  samples: readonly Sample[],
  target: string | undefined,
): string | undefined {
  if (queue.depth === 0) return 'it is empty';
  if (queue.url === target) return 'it is the target itself';
  if (samples.length > 0 && samples.every(({ pointer }) => pointer)) {
    return 'its messages only tell where a record is in its stream; mend the cause and write the item again';
  }
  if (queue.sources.length === 0 && target === undefined) {
    return 'no queue names it as its dead-letter queue, so say where its messages go: --to <queue>';
  }
  return undefined;
}

async function agreed(
  reports: readonly QueueReport[],
  { yes, rate, to }: RedriveOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive)
    throw new CommandError('Nobody is here to be asked; pass --yes to redrive, or --dry-run to look.');
  const messages = reports.reduce((sum, { depth }) => sum + depth, 0);
  const where = to === undefined ? 'back to where they came from' : `to ${to}`;
  const answer = await terminal.ask(
    `Redrive ${messages} messages of ${reports.length} ${reports.length === 1 ? 'queue' : 'queues'} ${where}, at ${rate}/s? [y/N] `,
  );
  if (/^y(es)?$/i.test(answer.trim())) return true;
  terminal.err('Nothing was moved.');
  return false;
}

async function move(
  sqs: SQSClient,
  report: QueueReport,
  target: string | undefined,
  { rate }: RedriveOptions,
  terminal: Terminal,
): Promise<void> {
  const progress = (moved: number, total: number) => terminal.err(`${report.name}: ${moved} of ${total} moved`);
  if (target === undefined) {
    report.moved = await moveBack(sqs, report, rate, terminal, progress);
    return;
  }
  const { moved, left } = await copyTo(sqs, report, target, rate, terminal, progress);
  report.moved = moved;
  if (left > 0) report.skipped = `${left} messages were left: pointers to stream records, or refused by the target`;
  if (left > 0) terminal.err(`${report.name}: ${report.skipped}`);
}

function describe({ name, depth, oldestSeconds, sources, samples, skipped }: QueueReport): string {
  const age = oldestSeconds === undefined ? '' : `, oldest shown ${duration(oldestSeconds)}`;
  const from = sources.length === 0 ? '' : `, from ${sources.join(', ')}`;
  const lines = [`${name}: ${depth} ${depth === 1 ? 'message' : 'messages'}${age}${from}`];
  for (const { messageId, reason, body } of samples) lines.push(`  ${messageId}  ${reason}`, `    ${body}`);
  if (skipped !== undefined && depth > 0) lines.push(`  not redriven: ${skipped}`);
  return lines.join('\n');
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
