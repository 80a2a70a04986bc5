import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { logger, metrics } from '../../../../lib/runtime/observability';
import type { handler as Handler } from '../../../../patterns/genai-rag/handlers/sync-knowledge-base';
import { ACME, DocumentsFixture } from '../runtime/documents-fixture';

const fixture = new DocumentsFixture();
let handler: typeof Handler;
/** Metrics since the last one was published. */
let stored: (readonly [string, string, number])[] = [];
let published: (readonly [string, string, number])[][] = [];

beforeAll(async () => {
  await fixture.start();
  for (const [name, value] of Object.entries(fixture.environment)) vi.stubEnv(name, value);
  ({ handler } = await import('../../../../patterns/genai-rag/handlers/sync-knowledge-base.js'));
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: fixture.now });
  [stored, published] = [[], []];
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(metrics, 'addMetric').mockImplementation((name, unit, value) => {
    stored.push([name, unit, value]);
    return metrics;
  });
  vi.spyOn(metrics, 'hasStoredMetrics').mockImplementation(() => stored.length > 0);
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    published.push(stored);
    stored = [];
    return metrics;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await fixture.stop();
});

/** A run, so many milliseconds later. @returns what it published, and what it logged */
async function runAfter(ms: number) {
  fixture.now += ms;
  vi.setSystemTime(fixture.now);
  published = [];
  vi.mocked(logger.info).mockClear();
  await handler();
  return { published, logged: vi.mocked(logger.info).mock.calls };
}

const oldest = (seconds: number) => ['OldestChangeSeconds', 'Seconds', seconds];
const synchronized = (outcome: string, counts: object = {}) => [
  'Synchronized',
  { outcome, indexed: 0, failed: 0, jobsFailed: 0, ...counts },
];

it('says nothing while nothing waits', async () => {
  expect(await runAfter(0)).toEqual({ published: [], logged: [] });
});

it('measures how long the oldest change waits, in whole seconds, and what was indexed', async () => {
  fixture.put(`documents/${ACME.tenant}/a.txt`, 'a');
  await fixture.deliver();
  expect(await runAfter(1499)).toEqual({ published: [[oldest(1)]], logged: [synchronized('waiting')] });
  expect(await runAfter(1)).toMatchObject({ published: [[oldest(2)]] });
  expect(await runAfter(60_000)).toEqual({ published: [[oldest(62)]], logged: [synchronized('started')] });
  expect(await runAfter(60_000)).toEqual({
    published: [[['DocumentsIndexed', 'Count', 1], oldest(122)]],
    logged: [synchronized('settled', { indexed: 1 })],
  });
  expect(await runAfter(0)).toEqual({ published: [], logged: [] });
});

it('logs what it fails by, and fails: the schedule tries again', async () => {
  fixture.put(`documents/${ACME.tenant}/b.txt`, 'b');
  await fixture.deliver();
  // As often as the client may try: it takes a clock that jumped for its own mistake.
  fixture.bedrock.refuse('StartIngestionJob', 'AccessDeniedException', 3);
  await expect(runAfter(60_000)).rejects.toThrow('refused');
  expect(vi.mocked(logger.error).mock.calls).toEqual([
    ['Synchronizing failed', { error: expect.objectContaining({ name: 'AccessDeniedException' }) }],
  ]);
});
