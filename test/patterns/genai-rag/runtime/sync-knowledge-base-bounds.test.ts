import { describe, expect, it, vi } from 'vitest';
import { BedrockBusyError } from '../../../../patterns/genai-rag/runtime/ingestion-jobs';
import type {
  Ingestion,
  IngestionJob,
  PendingChange,
  Settlement,
} from '../../../../patterns/genai-rag/runtime/ingestion-state';
import { type SyncStores, syncKnowledgeBase } from '../../../../patterns/genai-rag/runtime/sync-knowledge-base';

const NOW = 10_000_000;
const NOTHING = { indexed: 0, failed: 0, jobsFailed: 0 };
function changeOf(changed: Partial<PendingChange> = {}): PendingChange {
  return {
    tenant: 't-acme',
    documentId: 'd-1',
    objectKey: 'documents/t-acme/a.txt',
    isDeleted: false,
    deletesObjects: false,
    mayBeIndexed: false,
    version: 'v-1',
    at: NOW - 15_000,
    since: NOW - 15_000,
    attempts: 0,
    notBefore: 0,
    ...changed,
  };
}
const RUNNING: IngestionJob = {
  state: 'running',
  token: 'token-1',
  jobId: 'job-1',
  startedAt: NOW - 60_000,
  covers: NOW - 75_000,
};
const old = (changed: Partial<PendingChange> = {}) =>
  changeOf({ at: RUNNING.covers, since: RUNNING.covers, ...changed });

/** Stores that answer what they are told to, and a run on them. */
function standOf(
  given: Partial<Ingestion>,
  answers: { outcome?: unknown; status?: string; busyAfter?: number; free?: boolean } = {},
) {
  let asked = 0;
  const { outcome = { state: 'complete', reasons: [] }, status = 'INDEXED', free = true } = answers;
  const state = {
    read: vi.fn(async () => ({ changes: [], isMoving: false, ...given })),
    begin: vi.fn(async () => free),
    run: vi.fn(async () => free),
    end: vi.fn(async () => free),
    complete: vi.fn(async () => free),
    settle: vi.fn(async (settlements: readonly Settlement[]) => [...settlements]),
  };
  const jobs = {
    start: vi.fn(async (): Promise<string | undefined> => 'job-1'),
    outcome: vi.fn(async () => outcome),
    documents: vi.fn(async (keys: readonly string[]) => {
      asked += 1;
      if (asked > (answers.busyAfter ?? Number.POSITIVE_INFINITY)) throw new BedrockBusyError('busy');
      return new Map(keys.map((key) => [key, { status }]));
    }),
    uriOf: (key: string) => `s3://documents/${key}`,
  };
  const files = { remove: vi.fn(async () => {}) };
  const stores = { state, jobs, files, newToken: () => 'token-2' } as unknown as SyncStores;
  return { state, jobs, files, run: () => syncKnowledgeBase(NOW, stores) };
}

describe('a job', () => {
  it('begins 15 seconds after the last change, and covers what came until then', async () => {
    const { run, state, jobs } = standOf({ changes: [changeOf()] });
    expect(await run()).toEqual({ ...NOTHING, outcome: 'started', oldestMs: 15_000 });
    const job = { state: 'starting', token: 'token-2', startedAt: NOW, covers: NOW - 15_000 };
    expect([state.begin.mock.calls, jobs.start.mock.calls]).toEqual([[[job]], [['token-2']]]);
    expect(state.run.mock.calls).toEqual([['token-2', 'job-1']]);
    const early = standOf({ changes: [changeOf({ at: NOW - 14_999 })] });
    expect(await early.run()).toMatchObject({ outcome: 'waiting' });
    expect(early.state.begin).not.toHaveBeenCalled();
  });

  it('begins in a burst that has lasted for two minutes', async () => {
    const burst = (since: number) => [changeOf({ since }), changeOf({ at: NOW, since: NOW })];
    expect(await standOf({ changes: burst(NOW - 120_000) }).run()).toMatchObject({
      outcome: 'started',
      oldestMs: 120_000,
    });
    expect(await standOf({ changes: burst(NOW - 119_999) }).run()).toMatchObject({ outcome: 'waiting' });
  });

  it('does not begin for what is tried again later', async () => {
    expect(await standOf({ changes: [changeOf({ notBefore: NOW })] }).run()).toMatchObject({ outcome: 'started' });
    expect(await standOf({ changes: [changeOf({ notBefore: NOW + 1 })] }).run()).toMatchObject({ outcome: 'waiting' });
    const later = [changeOf({ since: NOW - 999_999, notBefore: NOW + 1 }), changeOf(), changeOf({ at: NOW })];
    expect(await standOf({ changes: later }).run()).toMatchObject({ outcome: 'waiting', oldestMs: 999_999 });
  });

  it('begins for nothing but a new data source', async () => {
    expect(await standOf({}).run()).toEqual({ ...NOTHING, outcome: 'idle' });
    expect(await standOf({ isMoving: true }).run()).toEqual({ ...NOTHING, outcome: 'started' });
    expect(await standOf({ isMoving: true, changes: [changeOf({ at: NOW })] }).run()).toMatchObject({
      outcome: 'started',
    });
  });

  it('begins once', async () => {
    const { run, jobs } = standOf({ changes: [changeOf()] }, { free: false });
    expect(await run()).toMatchObject({ outcome: 'running' });
    expect(jobs.start).not.toHaveBeenCalled();
  });

  it('tells how long the oldest change waits, and never less than no time', async () => {
    const changes = [changeOf({ since: NOW - 5 }), changeOf({ since: NOW - 7 })];
    expect(await standOf({ changes }).run()).toMatchObject({ oldestMs: 7 });
    expect(await standOf({ changes: [changeOf({ since: NOW + 5 })] }).run()).toMatchObject({ oldestMs: 0 });
  });
});

describe('a job that is about to start', () => {
  const starting = (age: number) => ({
    job: { state: 'starting', token: 'token-1', startedAt: NOW - age, covers: 0 } as const,
  });

  it('is started by the same token for ten minutes', async () => {
    const { run, jobs, state } = standOf(starting(600_000));
    expect(await run()).toEqual({ ...NOTHING, outcome: 'started' });
    expect([jobs.start.mock.calls, state.begin.mock.calls]).toEqual([[['token-1']], []]);
    const late = standOf(starting(600_001));
    expect(await late.run()).toEqual({ ...NOTHING, outcome: 'waiting' });
    expect([late.jobs.start.mock.calls, late.state.end.mock.calls]).toEqual([[], [['token-1']]]);
  });

  it('gives its place back where somebody else has one', async () => {
    const { run, jobs, state } = standOf(starting(0));
    jobs.start.mockResolvedValue(undefined);
    expect(await run()).toMatchObject({ outcome: 'occupied' });
    expect([state.end.mock.calls, state.run.mock.calls]).toEqual([[['token-1']], []]);
  });

  it('waits where Bedrock is busy, and fails as it does', async () => {
    const { run, jobs } = standOf(starting(0));
    jobs.start.mockRejectedValue(new BedrockBusyError('busy'));
    expect(await run()).toMatchObject({ outcome: 'throttled' });
    jobs.start.mockRejectedValue(new Error('lost'));
    await expect(run()).rejects.toThrow('lost');
  });
});

describe('a job that runs', () => {
  it('goes on, or is forgotten', async () => {
    const going = standOf({ job: RUNNING, changes: [old()] }, { outcome: { state: 'running', reasons: [] } });
    expect(await going.run()).toEqual({ ...NOTHING, outcome: 'running', oldestMs: 75_000 });
    expect([going.state.settle.mock.calls, going.state.end.mock.calls]).toEqual([[], []]);
    const gone = standOf({ job: RUNNING }, { outcome: { state: 'unknown', reasons: [] } });
    expect(await gone.run()).toEqual({ ...NOTHING, outcome: 'waiting' });
    expect(gone.state.end.mock.calls).toEqual([['token-1']]);
  });

  it('settles what it covers, and nothing else', async () => {
    const changes = [
      old(),
      old({ at: RUNNING.covers + 1 }),
      old({ notBefore: RUNNING.startedAt }),
      old({ notBefore: RUNNING.startedAt + 1 }),
      old({ countedBy: 'token-1' }),
      old({ countedBy: 'token-0' }),
    ];
    const { run, state } = standOf({ job: RUNNING, changes });
    expect(await run()).toEqual({ ...NOTHING, indexed: 3, outcome: 'settled', oldestMs: 75_000 });
    const [[settlements, now]] = state.settle.mock.calls as unknown as [[Settlement[], number]];
    expect(settlements.map(({ change }) => change)).toEqual([changes[0], changes[2], changes[5]]);
    expect(now).toBe(NOW);
    expect([state.complete.mock.calls, state.end.mock.calls]).toEqual([[['token-1']], []]);
  });

  it('counts what failed', async () => {
    const { run } = standOf({ job: RUNNING, changes: [old()] }, { status: 'FAILED' });
    expect(await run()).toMatchObject({ indexed: 0, failed: 1, jobsFailed: 0, outcome: 'settled' });
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('and failed as a whole is counted once (%s)', async (free, jobsFailed) => {
    const outcome = { state: 'failed', reasons: ['why'] };
    const { run, state, jobs } = standOf({ job: RUNNING, changes: [old({ attempts: 2 }), old()] }, { outcome, free });
    expect(await run()).toMatchObject({ indexed: 0, failed: 1, jobsFailed, outcome: 'settled' });
    expect(jobs.documents).not.toHaveBeenCalled();
    const [[settlements]] = state.settle.mock.calls as unknown as [[Settlement[]]];
    expect(settlements.map((each) => [each.outcome, 'reason' in each && each.reason])).toEqual([
      ['failed', 'why'],
      ['again', false],
    ]);
    expect([state.end.mock.calls, state.complete.mock.calls]).toEqual([[['token-1']], []]);
  });

  it('settles 500 in a run, asking for ten and writing fifty at a time', async () => {
    const changes = Array.from({ length: 501 }, (_, index) => old({ objectKey: `documents/t-acme/${index}` }));
    const { run, state, jobs } = standOf({ job: RUNNING, changes });
    expect(await run()).toMatchObject({ indexed: 500, outcome: 'running' });
    expect(jobs.documents.mock.calls.map(([keys]) => keys.length)).toEqual(Array(50).fill(10));
    expect(state.settle.mock.calls.map(([settlements]) => settlements.length)).toEqual(Array(10).fill(50));
    expect(state.complete).not.toHaveBeenCalled();
    const all = standOf({ job: RUNNING, changes: changes.slice(0, 500) });
    expect(await all.run()).toMatchObject({ indexed: 500, outcome: 'settled' });
  });

  it('writes what it heard before Bedrock was busy', async () => {
    const changes = Array.from({ length: 70 }, (_, index) => old({ objectKey: `documents/t-acme/${index}` }));
    const { run, state } = standOf({ job: RUNNING, changes }, { busyAfter: 6 });
    expect(await run()).toMatchObject({ indexed: 60, outcome: 'throttled' });
    expect(state.settle.mock.calls.map(([settlements]) => settlements.length)).toEqual([50, 10]);
    expect(state.complete).not.toHaveBeenCalled();
  });

  it('deletes what was to go and is there still', async () => {
    const gone = { isDeleted: true, mayBeIndexed: true };
    const changes = [old({ ...gone, deletesObjects: true }), old({ ...gone, objectKey: 'documents/t-acme/b' })];
    const { run, files } = standOf({ job: RUNNING, changes });
    await run();
    const { objectKey } = old();
    expect(files.remove.mock.calls).toEqual([[[objectKey, `${objectKey}.metadata.json`]]]);
    const done = standOf({ job: RUNNING, changes }, { status: 'NOT_FOUND' });
    await done.run();
    expect(done.files.remove.mock.calls).toEqual([[[]]]);
  });

  it('fails as Bedrock does', async () => {
    const { run, jobs } = standOf({ job: RUNNING, changes: [old()] });
    jobs.documents.mockRejectedValue(new Error('lost'));
    await expect(run()).rejects.toThrow('lost');
    jobs.documents.mockResolvedValue(new Map());
    expect(await run()).toMatchObject({ indexed: 0, failed: 0, outcome: 'settled' });
  });
});
