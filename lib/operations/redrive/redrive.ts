import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError, messageOf, type Terminal } from '../terminal';
import { copyTo, type Left } from './copy';
import { type DeadLetterQueue, findDeadLetterQueues } from './dead-letter-queues';
import { moveBack } from './move-task';
import type { RedriveOptions } from './options';
import { nameOf, urlOf } from './queue-reference';
import { describe, messages, type QueueReport } from './report';
import { lookAt, type Sample } from './samples';

/** Makes the client; a test makes its own. */
export type ClientFactory = (region: string | undefined) => SQSClient;

const defaultClient: ClientFactory = (region) => new SQSClient(region === undefined ? {} : { region });

/** Runs the command. @returns the exit code: 1 when a message that was to go stayed, or when none could go */
export async function redrive(
  options: RedriveOptions,
  terminal: Terminal,
  clientFor: ClientFactory = defaultClient,
): Promise<number> {
  const sqs = clientFor(options.region);
  const target = options.to === undefined ? undefined : await urlOf(sqs, options.to);
  if (options.to !== undefined && target === undefined)
    throw new CommandError(`--to: there is no queue ${options.to}.`);
  const { byName, queues } = await findDeadLetterQueues(sqs, options.target);
  const reports: QueueReport[] = [];
  for (const queue of queues) {
    // A stack's other queues know where their messages came from, and a target for the rest must not catch them.
    const targetOfQueue = byName || queue.sources.length === 0 ? target : undefined;
    reports.push(await look(sqs, queue, targetOfQueue, options, terminal));
  }
  // Standard output belongs to the JSON document, but whoever is asked must see what for.
  const show = options.json ? terminal.err : terminal.out;
  if (!options.json || (terminal.interactive && !options.yes)) for (const report of reports) show(describe(report));

  const movable = reports.filter(({ skipped }) => skipped === undefined);
  const act = movable.length > 0 && !options.dryRun && (await agreed(movable, options, terminal));
  if (act) for (const report of movable) await move(sqs, report, target, options, terminal);
  if (options.json) terminal.out(JSON.stringify({ dryRun: options.dryRun, queues: reports }, undefined, 2));
  const noneCould = !options.dryRun && movable.length === 0 && reports.some(({ depth }) => depth > 0);
  return noneCould || reports.some(({ error }) => error !== undefined) ? 1 : 0;
}

async function look(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  target: string | undefined,
  options: RedriveOptions,
  terminal: Terminal,
): Promise<QueueReport> {
  const samples = await lookAt(sqs, queue, options.samples);
  const oldest = Math.min(...samples.map(({ sentAt }) => sentAt));
  return {
    ...queue,
    oldestSeconds: samples.length === 0 ? undefined : Math.round((terminal.now() - oldest) / 1000),
    samples,
    to: target && nameOf(target),
    skipped: reasonToSkip(queue, samples, target),
    moved: 0,
  };
}

function reasonToSkip(
  queue: DeadLetterQueue,
  samples: readonly Sample[],
  target: string | undefined,
): string | undefined {
  if (queue.depth === 0) return 'it is empty';
  if (queue.url === target) return 'it is the target itself';
  const pointers = samples.length > 0 && samples.every(({ pointer }) => pointer);
  // With a target, messages that were not shown may still be of another kind.
  if (pointers && (target === undefined || samples.length === queue.depth)) {
    return 'its messages only tell where a record is in its stream; mend the cause and write the item again';
  }
  if (queue.sources.length === 0 && target === undefined) {
    return 'no queue names it as its dead-letter queue, so say where its messages go: --to <queue>';
  }
  return undefined;
}

async function agreed(
  reports: readonly QueueReport[],
  { yes, rate }: RedriveOptions,
  terminal: Terminal,
): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive)
    throw new CommandError('Nobody is here to be asked; pass --yes to redrive, or --dry-run to look.');
  const count = messages(reports.reduce((sum, { depth }) => sum + depth, 0));
  const queues = reports.length === 1 ? '1 queue' : `${reports.length} queues`;
  const answer = await terminal.ask(`Redrive ${count} from ${queues} at ${rate}/s? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  terminal.err('Nothing was moved.');
  return false;
}

/** Moves one queue's messages. What goes wrong is kept in the report, so that the other queues have their turn. */
async function move(
  sqs: SQSClient,
  report: QueueReport,
  target: string | undefined,
  { rate }: RedriveOptions,
  terminal: Terminal,
): Promise<void> {
  const progress = (moved: number, total: number) => {
    report.moved = moved;
    terminal.err(`${report.name}: ${moved} of ${total} moved`);
  };
  try {
    if (report.to === undefined || target === undefined) await moveBack(sqs, report, rate, terminal, progress);
    else note(report, await copyTo(sqs, report, target, rate, terminal, progress));
  } catch (error) {
    report.error = messageOf(error);
  }
  for (const trouble of [report.left, report.error]) {
    if (trouble !== undefined) terminal.err(`${report.name}: ${trouble}`);
  }
}

function note(report: QueueReport, { pointers, refused, refusal }: Left): void {
  if (pointers > 0) report.left = `${messages(pointers)} left: pointers to stream records`;
  if (refused > 0) report.error = `${messages(refused)} left: refused by ${report.to}: ${refusal}`;
}
