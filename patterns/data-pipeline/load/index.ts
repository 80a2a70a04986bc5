import { randomInt } from 'node:crypto';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { agreed } from '../../../lib/operations/agreed';
import type { Command } from '../../../lib/operations/command';
import { messageOf, type Terminal } from '../../../lib/operations/terminal';
import { type LoadOptions, readLoadOptions, SEEDS, USAGE } from './options';
import { describe, eventsOf, number, summaryOf } from './report';
import { Run } from './run';
import { ONE_STREAM_A_CONNECTION } from './stream-requests';
import { findTarget, type Target } from './target-stream';
import { UnsentFile } from './unsent-file';

/** Makes the client; a test makes its own. */
export type ClientFactory = (region: string | undefined) => KinesisClient;

const defaultClient: ClientFactory = (region) =>
  new KinesisClient({ ...(region !== undefined && { region }), requestHandler: ONE_STREAM_A_CONNECTION });

const ASKING = { question: 'Send?', otherwise: 'pass --yes to send', declined: 'Nothing was sent.' };

/** `groundplan load data-pipeline`. */
export const dataPipelineLoad: Command = {
  usage: USAGE,
  run: (args, terminal) => load(readLoadOptions(args), terminal),
};

/** Runs the command. @returns the exit code: 1 when an event could not be sent */
export async function load(
  options: LoadOptions,
  terminal: Terminal,
  clientFor: ClientFactory = defaultClient,
): Promise<number> {
  const kinesis = clientFor(options.region);
  try {
    const target = await findTarget(kinesis, options);
    const seed = options.seed ?? randomInt(SEEDS);
    const unsent = new UnsentFile(options.unsent ?? `groundplan-unsent-${stampOf(terminal.now())}.jsonl`);
    const run = new Run({ ...options, kinesis, stream: target.stream, seed, unsent, terminal });
    terminal.err(plan(run, target, options, seed));
    if (!(await agreed(terminal, { ...ASKING, yes: options.yes }))) return 0;
    await run.work();
    const summary = summaryOf(run, target, options, seed, unsent);
    terminal.out(options.json ? JSON.stringify(summary, undefined, 2) : describe(summary));
    if (summary.failure !== undefined) terminal.err(`Stopped by ${summary.failure}`);
    if (unsent.lost > 0) terminal.err(`${eventsOf(unsent.lost)} lost: ${messageOf(unsent.reason)}`);
    if (run.interrupted) return 130;
    return summary.failure !== undefined || summary.unsent > 0 ? 1 : 0;
  } finally {
    kinesis.destroy();
  }
}

/** What is about to be done. */
function plan({ asked }: Run, { stream, region }: Target, { rate, duration, skew }: LoadOptions, seed: number): string {
  const hot = skew > 0 ? `, ${number(skew * 100)}% of them of one session` : '';
  return (
    `Sends ${eventsOf(asked)} to ${stream} in ${region}: ${number(rate)}/s for ${number(duration / 1000)} s${hot}.\n` +
    `AWS bills the stream and the processing of the events. --seed ${seed} sends the same events again.`
  );
}

/** A time as a file's name may have it. */
export function stampOf(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
}
