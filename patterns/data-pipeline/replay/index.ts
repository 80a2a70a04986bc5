import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { agreed } from '../../../lib/operations/agreed';
import type { Command } from '../../../lib/operations/command';
import { messageOf, type Terminal } from '../../../lib/operations/terminal';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { FAILURE_DAYS } from '../contract';
import { stampOf } from '../load';
import { number } from '../load/report';
import { ONE_STREAM_A_CONNECTION } from '../load/stream-requests';
import { findTarget, type Target } from '../load/target-stream';
import { UnsentFile } from '../load/unsent-file';
import { FailureStore, findBucket, type Stock } from './failure-store';
import { look } from './look';
import { type ReplayOptions, readReplayOptions, USAGE } from './options';
import { readAhead } from './read-ahead';
import {
  describeInventory,
  describeStock,
  describeSummary,
  inventoryOf,
  meantBy,
  recordsOf,
  type Summary,
  summaryOf,
} from './report';
import { Replay } from './run';

/** Makes the clients; a test makes its own. */
export interface Clients {
  readonly kinesis: (region: string | undefined) => KinesisClient;
  readonly s3: (region: string | undefined) => S3Client;
}

const defaultClients: Clients = {
  kinesis: (region) =>
    new KinesisClient({ ...(region !== undefined && { region }), requestHandler: ONE_STREAM_A_CONNECTION }),
  s3: (region) =>
    new S3Client({ ...(region !== undefined && { region }), requestHandler: callTimeouts({ answerMs: 30_000 }) }),
};

const ASKING = {
  question: 'Replay?',
  otherwise: 'pass --yes to replay, or --dry-run to preview',
  declined: 'Nothing was sent.',
};

/** `groundplan replay data-pipeline`. */
export const dataPipelineReplay: Command = {
  usage: USAGE,
  run: (args, terminal) => replay(readReplayOptions(args), terminal),
};

/** Runs the command. @returns the exit code: 1 when a record could not be sent, or an object not be read */
export async function replay(
  options: ReplayOptions,
  terminal: Terminal,
  clients: Clients = defaultClients,
): Promise<number> {
  const [kinesis, s3] = [clients.kinesis(options.region), clients.s3(options.region)];
  try {
    const target = await findTarget(kinesis, options);
    const store = new FailureStore(s3, await findBucket(s3, options, target.region), options);
    const stock = await store.stock();
    const objects = readAhead(store, stock.newest);
    const meant = meantBy(store, target, options);
    if (options.dryRun) {
      const found = await look(objects);
      terminal.err(`${describeStock(store, stock)}. Dry run: nothing is sent; the target is ${target.stream}.`);
      const inventory = inventoryOf(meant, found);
      terminal.out(options.json ? JSON.stringify(inventory, undefined, 2) : describeInventory(inventory));
      return found.unreadable.length > 0 ? 1 : 0;
    }
    terminal.err(plan(store, stock, target, options));
    if (stock.objects === 0 && !options.json) return 0;
    if (stock.objects > 0 && !(await agreed(terminal, { ...ASKING, yes: options.yes }))) return 0;
    const unsent = new UnsentFile(options.unsent ?? `groundplan-unsent-${stampOf(terminal.now())}.jsonl`);
    const run = new Replay({ ...options, ...target, kinesis, objects, unsent, terminal });
    await run.work();
    const summary = summaryOf(meant, options, run, stock, unsent);
    terminal.out(options.json ? JSON.stringify(summary, undefined, 2) : describeSummary(summary));
    for (const line of troubles(summary, unsent)) terminal.err(line);
    return exitCodeOf(summary);
  } finally {
    kinesis.destroy();
    s3.destroy();
  }
}

/** What is about to be done. */
function plan(store: FailureStore, stock: Stock, { stream, region }: Target, { rate }: ReplayOptions): string {
  if (stock.objects === 0) return `There is nothing to replay: ${describeStock(store, stock)}.`;
  return (
    `Sends the records of ${describeStock(store, stock)} to ${stream} in ${region}, ${number(rate)}/s at most.\n` +
    'Every consumer of the stream receives them again, including those that processed them before. A second replay sends them again:\n' +
    `the objects stay in the bucket; in the stack's own bucket they expire after ${FAILURE_DAYS} days.`
  );
}

function troubles({ failure, lost }: Summary, { path, reason }: UnsentFile): string[] {
  return [
    ...(failure === undefined ? [] : [`Ended early: ${failure}`]),
    ...(lost === 0 ? [] : [`${recordsOf(lost)} not in ${path}, only in the store: ${messageOf(reason)}`]),
  ];
}

function exitCodeOf({ interrupted, failure, unsent, unreadable }: Summary): number {
  if (interrupted) return 130;
  return failure !== undefined || unsent > 0 || unreadable.length > 0 ? 1 : 0;
}
