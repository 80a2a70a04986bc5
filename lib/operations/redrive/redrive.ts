import type { Message } from '@aws-sdk/client-sqs';
import { agreed } from '../agreed';
import { explained } from '../aws-errors';
import { CommandError, messageOf, type Terminal } from '../terminal';
import { type Clients, type ClientsFor, clientsFor } from './clients';
import { type DeadLetterQueue, findDeadLetterQueues } from './dead-letter-queues';
import { drain } from './drain';
import { moveBack } from './move-task';
import type { RedriveOptions } from './options';
import { urlOf } from './queue-reference';
import { describe, describeLeft, messages, type QueueReport } from './report';
import { lookAt } from './samples';
import { describeOrigins, wayBack } from './way-back';
import type { Road, Way } from './ways/way';

/** What one run has at hand. */
interface Run {
  readonly clients: Clients;
  readonly region: string;
  readonly options: RedriveOptions;
  readonly terminal: Terminal;
  /** URL of the queue that `--to` names. */
  readonly target?: string;
}

/** Runs the command. @returns the exit code: 1 when a message that was to go stayed */
export async function redrive(
  options: RedriveOptions,
  terminal: Terminal,
  createClients: ClientsFor = clientsFor,
): Promise<number> {
  const clients = createClients(options.region);
  let region = options.region ?? 'this region';
  try {
    region = await clients.sqs.config.region();
    return await run({ clients, region, options, terminal });
  } catch (error) {
    throw explained(error, region);
  }
}

async function run({ clients, region, options, terminal }: Run): Promise<number> {
  const { byName, queues, warning } = await findDeadLetterQueues(clients, options.target);
  if (!byName) refuseForStack(options);
  const target = options.to === undefined ? undefined : await urlOf(clients.sqs, options.to);
  if (options.to !== undefined && target === undefined)
    throw new CommandError(`--to: there is no queue ${options.to} in ${region}.`);
  if (warning !== undefined) terminal.err(warning);
  const at: Run = { clients, region, options, terminal, target };
  const reports: QueueReport[] = [];
  for (const queue of queues) reports.push(await look(at, queue));
  // Standard output belongs to the JSON document, but whoever is asked must see what for.
  const show = options.json ? terminal.err : terminal.out;
  if (!options.json || (terminal.interactive && !options.yes)) for (const report of reports) show(describe(report));

  const full = reports.filter(({ depth, skipped }) => depth > 0 && skipped === undefined);
  const act = full.length > 0 && !options.dryRun && (await isAgreed(full, at));
  if (act) await moveAll(at, full);
  if (options.json)
    terminal.out(
      JSON.stringify(
        { dryRun: options.dryRun, queues: reports.map(({ queue: _, ...report }) => report) },
        undefined,
        2,
      ),
    );
  const failed = reports.some(({ error, left, skipped, depth }) => {
    return error !== undefined || left.length > 0 || (!options.dryRun && skipped !== undefined && depth > 0);
  });
  return failed ? 1 : 0;
}

/** Options for one queue must not affect the messages of another service. */
function refuseForStack({ to, only, skip, target }: RedriveOptions): void {
  const name = to !== undefined ? '--to' : only !== undefined ? '--only' : skip !== undefined ? '--skip' : undefined;
  if (name === undefined) return;
  throw new CommandError(
    `${name} applies to one queue, and ${target} is a stack: pass one of its queues (see --dry-run)`,
    2,
  );
}

function roadOf({ clients, region, terminal }: Run, queue: DeadLetterQueue): Road {
  return { clients, region, queue, now: () => terminal.now() };
}

function wayOf(at: Run, queue: DeadLetterQueue): (message: Message) => Promise<Way> {
  if (at.options.discard) return async () => ({ goes: 'nowhere (deleted)', send: async () => undefined });
  return (message) => wayBack(roadOf(at, queue), message, at.target);
}

async function look(at: Run, queue: DeadLetterQueue): Promise<QueueReport> {
  const samples = await lookAt(at.clients, queue, at.options.samples, wayOf(at, queue));
  const oldest = Math.min(...samples.map(({ sentAt }) => sentAt));
  const { name, url, arn, depth, sources } = queue;
  return {
    name,
    url,
    arn,
    depth,
    sources,
    queue,
    from: describeOrigins({ queue }),
    oldestSeconds: samples.length === 0 ? undefined : Math.round((at.terminal.now() - oldest) / 1000),
    samples,
    skipped: depth > 0 && queue.url === at.target ? 'it is the target of --to' : undefined,
    moved: 0,
    left: [],
  };
}

function isAgreed(reports: readonly QueueReport[], { terminal, options }: Run): Promise<boolean> {
  const { yes, rate, discard, only } = options;
  const count = messages(only?.length ?? reports.reduce((sum, { depth }) => sum + depth, 0));
  const queues = reports.length === 1 ? '1 queue' : `${reports.length} queues`;
  return agreed(terminal, {
    yes,
    question: discard ? `Delete ${count} permanently?` : `Redrive ${count} from ${queues} at ${rate}/s?`,
    otherwise: 'pass --yes to redrive, or --dry-run to preview',
    declined: 'Nothing was moved.',
  });
}

async function moveAll(at: Run, reports: readonly QueueReport[]): Promise<void> {
  let interrupted = false;
  const forget = at.terminal.onInterrupt(() => {
    interrupted = true;
    at.terminal.err('Stopping after the current messages.');
  });
  try {
    for (const report of reports) if (!interrupted) await move(at, report, () => interrupted);
  } finally {
    forget();
  }
}

/** Moves one queue's messages. What goes wrong is kept in the report, so that the other queues have their turn. */
async function move(at: Run, report: QueueReport, interrupted: () => boolean): Promise<void> {
  const { clients, options, terminal, region, target } = at;
  const { queue } = report;
  const { rate, only, skip } = options;
  const progress = (moved: number, total: number) => {
    report.moved = moved;
    terminal.err(`${queue.name}: ${moved} of ${total} ${options.discard ? 'deleted' : 'moved'}`);
  };
  const explain = (error: unknown) => explained(error, region);
  const wanted = only && new Set(only);
  const way = wayOf(at, queue);
  try {
    // SQS moves by itself, and faster, what is all its own.
    const isOwn = queue.sources.length > 0 && queue.origins.length === 0;
    if (isOwn && target === undefined && only === undefined && skip === undefined) {
      await moveBack(clients.sqs, queue, rate, terminal, progress);
    } else {
      report.left = await drain(clients.sqs, queue, terminal, {
        rate,
        progress,
        explain,
        isMeant: (id) => (wanted === undefined || wanted.delete(id)) && skip?.includes(id) !== true,
        wayOf: way,
        stopped: () => interrupted() || wanted?.size === 0,
      });
    }
    if (wanted !== undefined && wanted.size > 0) {
      report.error = `not found in the queue, or held by another receiver: ${[...wanted].join(', ')}`;
    }
  } catch (error) {
    report.error = messageOf(explain(error));
  }
  for (const line of describeLeft(report)) terminal.err(`${queue.name}: ${line}`);
  if (report.error !== undefined) terminal.err(`${queue.name}: ${report.error}`);
}
