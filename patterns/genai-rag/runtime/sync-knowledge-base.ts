import type { DocumentFiles } from './document-files';
import { metadataKey } from './document-location';
import { BedrockBusyError, type IngestionJobs, inRequests } from './ingestion-jobs';
import type { IngestionJob, IngestionState, PendingChange, Settlement } from './ingestion-state';
import { type EndedJob, failedBy, settledBy } from './settle-change';

/**
 * A job covers what changed so long before it began: the clocks of those who wrote it down may differ, and what comes in a burst goes
 * into one job.
 */
const SETTLE_MS = 15_000;
/** A burst that does not end is ingested anyway. */
const LONGEST_BURST_MS = 120_000;
/** A token that Bedrock may have forgotten starts nothing any more. AWS does not say how long it remembers one. */
const TOKEN_MS = 10 * 60_000;
/** Changes settled in one run: 50 requests, which Bedrock takes in about ten seconds. The next run goes on. */
const SETTLED_AT_ONCE = 500;
/** Changes that are asked for before what was heard is written: five requests, one transaction. */
const SETTLED_TOGETHER = 50;

/** What a run works with. */
export interface SyncStores {
  readonly state: IngestionState;
  readonly jobs: IngestionJobs;
  readonly files: Pick<DocumentFiles, 'remove'>;
  /** A new token: 33 to 256 letters, digits and hyphens (AWS: StartIngestionJob). */
  readonly newToken: () => string;
}

/**
 * What a run did. `idle`: nothing waits; `waiting`: not for long enough; `occupied`: someone else's job runs; `running`: ours does;
 * `started` and `settled` say of themselves; `throttled`: Bedrock takes no more for now.
 */
export type SyncOutcome = 'idle' | 'waiting' | 'occupied' | 'running' | 'started' | 'settled' | 'throttled';

/** What came of a run. */
export interface SyncRun {
  readonly outcome: SyncOutcome;
  readonly indexed: number;
  readonly failed: number;
  readonly jobsFailed: number;
  /** Milliseconds that the oldest change has waited when the run began; undefined without one. */
  readonly oldestMs?: number;
}

/**
 * Brings the knowledge base one step nearer to the documents: starts a job for what changed, or asks what became of the one that was
 * started. It may break off after each of its calls, and run twice at once: the next run finds in the table where things stand, and
 * there is never more than one job of ours (rag-knowledge-base).
 */
export async function syncKnowledgeBase(now: number, stores: SyncStores): Promise<SyncRun> {
  const { changes, job, isMoving } = await stores.state.read();
  const oldest = changes.length === 0 ? undefined : Math.min(...changes.map(({ since }) => since));
  const run = { ...NOTHING, ...(oldest !== undefined && { oldestMs: Math.max(0, now - oldest) }) };
  try {
    if (job?.jobId !== undefined)
      return { ...run, ...(await follow({ ...job, jobId: job.jobId }, changes, now, stores)) };
    const starting = job ?? (await begin(changes, isMoving, now, stores));
    if (typeof starting === 'string') return { ...run, outcome: starting };
    return { ...run, outcome: await start(starting, now, stores) };
  } catch (error) {
    if (!(error instanceof BedrockBusyError)) throw error;
    return { ...run, outcome: 'throttled' };
  }
}

const NOTHING = { indexed: 0, failed: 0, jobsFailed: 0 };

/** Books the place for a job, if one is due. A new data source has one at once, though no document changed: it has none of them. */
async function begin(
  changes: readonly PendingChange[],
  isMoving: boolean,
  now: number,
  { state, newToken }: SyncStores,
): Promise<IngestionJob | SyncOutcome> {
  if (changes.length === 0 && !isMoving) return 'idle';
  const due = changes.filter(({ at, notBefore }) => at <= now - SETTLE_MS && notBefore <= now);
  const isQuiet = changes.every(({ at }) => at <= now - SETTLE_MS);
  const isDue = due.length > 0 && (isQuiet || due.some(({ since }) => since <= now - LONGEST_BURST_MS));
  if (!isDue && !isMoving) return 'waiting';
  const job: IngestionJob = { state: 'starting', token: newToken(), startedAt: now, covers: now - SETTLE_MS };
  return (await state.begin(job)) ? job : 'running';
}

async function start(
  { token, startedAt }: IngestionJob,
  now: number,
  { state, jobs }: SyncStores,
): Promise<SyncOutcome> {
  if (now - startedAt > TOKEN_MS) {
    await state.end(token);
    return 'waiting';
  }
  const jobId = await jobs.start(token);
  if (jobId === undefined) {
    await state.end(token);
    return 'occupied';
  }
  await state.run(token, jobId);
  return 'started';
}

async function follow(
  job: IngestionJob & { readonly jobId: string },
  changes: readonly PendingChange[],
  now: number,
  stores: SyncStores,
): Promise<Omit<SyncRun, 'oldestMs'>> {
  const { state, jobs } = stores;
  const { state: jobState, reasons } = await jobs.outcome(job.jobId);
  if (jobState === 'running') return { ...NOTHING, outcome: 'running' };
  if (jobState === 'unknown') {
    await state.end(job.token);
    return { ...NOTHING, outcome: 'waiting' };
  }
  const covered = changes.filter(
    ({ at, notBefore, countedBy }) => at <= job.covers && notBefore <= job.startedAt && countedBy !== job.token,
  );
  const ended: EndedJob = { token: job.token, now, reasons };
  const part = covered.slice(0, SETTLED_AT_ONCE);
  const counts: Counts =
    jobState === 'failed'
      ? countsOf(
          await state.settle(
            part.map((change) => failedBy(ended, change)),
            now,
          ),
        )
      : await settleAll(part, ended, stores);
  const { indexed, failed } = counts;
  const run = { indexed, failed, jobsFailed: 0 };
  if (counts.isThrottled) return { ...run, outcome: 'throttled' };
  if (part.length < covered.length) return { ...run, outcome: 'running' };
  const ends = jobState === 'failed' ? await state.end(job.token) : await state.complete(job.token);
  return { ...run, jobsFailed: jobState === 'failed' && ends ? 1 : 0, outcome: 'settled' };
}

interface Counts {
  readonly indexed: number;
  readonly failed: number;
  readonly isThrottled?: boolean;
}

/** Asks for documents ten by ten and writes what it heard fifty by fifty, so that a run that breaks off has brought something on. */
async function settleAll(changes: readonly PendingChange[], ended: EndedJob, stores: SyncStores): Promise<Counts> {
  const total = { indexed: 0, failed: 0 };
  for (let start = 0; start < changes.length; start += SETTLED_TOGETHER) {
    const { settlements, isThrottled } = await ask(changes.slice(start, start + SETTLED_TOGETHER), ended, stores);
    // Whoever deleted a document may have broken off before its objects went.
    const left = settlements.filter(({ change, outcome }) => outcome === 'again' && change.deletesObjects);
    await stores.files.remove(left.flatMap(({ change }) => [change.objectKey, metadataKey(change.objectKey)]));
    const { indexed, failed } = countsOf(await stores.state.settle(settlements, ended.now));
    total.indexed += indexed;
    total.failed += failed;
    if (isThrottled) return { ...total, isThrottled };
  }
  return total;
}

async function ask(
  changes: readonly PendingChange[],
  ended: EndedJob,
  { jobs }: SyncStores,
): Promise<{ readonly settlements: readonly Settlement[]; readonly isThrottled: boolean }> {
  const settlements: Settlement[] = [];
  try {
    for (const some of inRequests(changes)) {
      const states = await jobs.documents(some.map(({ objectKey }) => objectKey));
      for (const change of some) {
        const { objectKey } = change;
        const documentState = states.get(objectKey) ?? { status: 'NOT_FOUND' };
        settlements.push(settledBy(ended, change, jobs.uriOf(objectKey), documentState));
      }
    }
    return { settlements, isThrottled: false };
  } catch (error) {
    if (!(error instanceof BedrockBusyError)) throw error;
    return { settlements, isThrottled: true };
  }
}

function countsOf(settled: readonly Settlement[]): Counts {
  const count = (outcome: Settlement['outcome']) => settled.filter((each) => each.outcome === outcome).length;
  return { indexed: count('indexed'), failed: count('failed') };
}
