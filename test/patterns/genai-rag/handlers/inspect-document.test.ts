import type { Context, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger, metrics } from '../../../../lib/runtime/observability';
import type { handler as Handler } from '../../../../patterns/genai-rag/handlers/inspect-document';
import { ACME, BUCKET, DocumentsFixture } from '../runtime/documents-fixture';

const fixture = new DocumentsFixture();
const { tenant } = ACME;
let handler: typeof Handler;

beforeAll(async () => {
  await fixture.start();
  for (const [name, value] of Object.entries(fixture.environment)) vi.stubEnv(name, value);
  ({ handler } = await import('../../../../patterns/genai-rag/handlers/inspect-document.js'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await fixture.stop();
});
beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(logger, level)
      .mockClear()
      .mockImplementation(() => undefined);
  }
  vi.spyOn(metrics, 'addMetric').mockClear().mockReturnValue(metrics);
  fixture.events.length = 0;
});

/** What the log got, at its levels. */
const logged = () => ({
  info: vi.mocked(logger.info).mock.calls,
  warn: vi.mocked(logger.warn).mock.calls,
  error: vi.mocked(logger.error).mock.calls.map(([message]) => message),
});
const NOTHING = { info: [], warn: [], error: [] };
const counted = () => vi.mocked(metrics.addMetric).mock.calls.map(([name, unit, value]) => [name, unit, value]);

const message = (type: string, key: string, etag?: string, bucket: string = BUCKET) => ({
  messageId: 'm-0',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:work',
  body: JSON.stringify({ 'detail-type': type, detail: { bucket: { name: bucket }, object: { key, etag } } }),
});
const handle = (...record: Parameters<typeof message>) =>
  handler({ Records: [message(...record)] } as unknown as SQSEvent, {} as Context);

const DONE = { batchItemFailures: [] };
const SENT_BACK = { batchItemFailures: [{ itemIdentifier: 'm-0' }] };

let made = 0;
/** A document that waits for a file of so many bytes. */
async function announced(size = 5): Promise<{ readonly id: string; readonly key: string }> {
  made += 1;
  const request = { name: `${made}.txt`, contentType: 'text/plain', size, idempotencyKey: `key-${made}` } as const;
  const { document } = await fixture.library().announce(ACME, request);
  return { id: document.id, key: `uploads/${tenant}/${document.id}` };
}

describe('a file that is what it says', () => {
  it('counts when it is accepted, replaced and deleted, and is in no log', async () => {
    const { id, key } = await announced();
    fixture.put(key, 'hello');
    expect(await handle('Object Created', key)).toEqual(DONE);
    expect(counted()).toEqual([['DocumentsTakenIn', 'Count', 1]]);
    const { objectKey = '' } = (await fixture.row(tenant, id)) ?? {};
    fixture.put(objectKey, 'other');
    expect(await handle('Object Created', objectKey, 'of-the-other')).toEqual(DONE);
    fixture.delete(objectKey);
    expect(await handle('Object Deleted', objectKey)).toEqual(DONE);
    expect(counted().map(([name]) => name)).toEqual(['DocumentsTakenIn', 'DocumentsTakenIn', 'DocumentsDeleted']);
    expect(logged()).toEqual(NOTHING);
  });

  it('is known by the ETag of the event, so that nothing is read but its row', async () => {
    const { id, key } = await announced();
    fixture.put(key, 'hello');
    await handle('Object Created', key);
    const { objectKey = '', etag = '' } = (await fixture.row(tenant, id)) ?? {};
    expect(await fixture.callsOf(() => handle('Object Created', objectKey, etag))).toEqual(['GetItem']);
    // Without one, or with another's, the object is looked at.
    for (const other of [undefined, 'other']) {
      const calls = await fixture.callsOf(() => handle('Object Created', objectKey, other));
      expect(calls).toEqual(expect.arrayContaining(['HeadObject', 'GetObject']));
    }
    expect(counted()).toEqual([['DocumentsTakenIn', 'Count', 1]]);
    expect(logged()).toEqual(NOTHING);
  });
});

describe('a file that is not', () => {
  it('is in the log by the id alone, and counts, when it is quarantined', async () => {
    const { id, key } = await announced();
    fixture.put(key, 'hello', 'text/html');
    expect(await handle('Object Created', key)).toEqual(DONE);
    expect(counted()).toEqual([['DocumentsQuarantined', 'Count', 1]]);
    const warning = ['A file was quarantined', { inspection: 'quarantined', document: id }];
    expect(logged()).toEqual({ ...NOTHING, warn: [warning] });
  });

  it('is in the log and counts when no document waits for it', async () => {
    const id = '11111111-2222-8333-8444-555555555555';
    const key = `uploads/${tenant}/${id}`;
    fixture.put(key, 'hello');
    expect(await handle('Object Created', key)).toEqual(DONE);
    expect(counted()).toEqual([['DocumentsUnclaimed', 'Count', 1]]);
    const warning = ['A file was quarantined', { inspection: 'unclaimed', document: id }];
    expect(logged()).toEqual({ ...NOTHING, warn: [warning] });
  });

  it('is no warning when its owner only has to save it otherwise', async () => {
    const { id, key } = await announced(7);
    // No encoding that is known.
    fixture.put(key, Buffer.from('83658358836781', 'hex'));
    expect(await handle('Object Created', key)).toEqual(DONE);
    expect(counted()).toEqual([]);
    expect(logged()).toEqual({ ...NOTHING, info: [['A file was refused', { document: id }]] });
  });

  it('is no warning when its document is gone', async () => {
    const { id, key } = await announced();
    await fixture.library().remove(ACME, id);
    fixture.put(key, 'hello');
    expect(await handle('Object Created', key)).toEqual(DONE);
    expect([counted(), logged()]).toEqual([[], NOTHING]);
  });
});

describe('a key of no tenant', () => {
  it('is in the log when a file came there, and not when one went', async () => {
    expect(await handle('Object Created', 'documents/loose.txt')).toEqual(DONE);
    const warning = ['A file is not in the folder of a tenant and is ignored'];
    expect(logged()).toEqual({ ...NOTHING, warn: [warning] });
    expect(await handle('Object Deleted', 'documents/loose.txt')).toEqual(DONE);
    expect(logged()).toEqual({ ...NOTHING, warn: [warning] });
    expect(counted()).toEqual([]);
  });
});

it.each<[string, ...Parameters<typeof message>]>([
  ['of another bucket', 'Object Created', `uploads/${tenant}/x`, undefined, 'other'],
  ['of another kind', 'Object Restore Completed', `uploads/${tenant}/x`],
])('sends an event %s back', async (_, ...record) => {
  expect(await handle(...record)).toEqual(SENT_BACK);
  expect(logged()).toEqual({ ...NOTHING, error: ['Message failed'] });
});
