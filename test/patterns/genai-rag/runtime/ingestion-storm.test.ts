// @project memory

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectChange } from '../../../../local/aws/s3/bucket';
import { seededRandom } from '../../../../local/engine/random';
import { METADATA_SUFFIX } from '../../../../patterns/genai-rag/contract';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { ACME, Crash, DATA_SOURCE, DocumentsFixture, type Hook, OTHER } from './documents-fixture';

const fixture = new DocumentsFixture(45_000);
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const TENANTS = [ACME.tenant, OTHER.tenant, 't-globex'];
const EVENTS = 1000;
const random = seededRandom(Number(process.env['STORM_SEED'] ?? 20_261_124), 'storm');
const below = (limit: number) => Math.floor(random() * limit);
const chance = (share: number) => random() < share;

/** What must be in the end: what lies in the bucket, by its key. Undefined: it is to be gone. */
const expected = new Map<string, string | undefined>();
const uploaded: { readonly tenant: string; readonly id: string }[] = [];
let made = 0;

async function upload(): Promise<void> {
  made += 1;
  const tenant = TENANTS[below(TENANTS.length)] ?? '';
  const content = `Upload ${made}`;
  const idempotencyKey = `storm-${made}`;
  const request = { name: `${made}.txt`, contentType: 'text/plain' as const, size: content.length, idempotencyKey };
  const { document } = await fixture.library().announce({ ...ACME, tenant }, request);
  fixture.put(`uploads/${tenant}/${document.id}`, content);
  uploaded.push({ tenant, id: document.id });
  expected.set(`documents/${tenant}/${document.id}.txt`, content);
}

function put(): void {
  made += 1;
  const tenant = TENANTS[below(TENANTS.length)] ?? '';
  const key = `documents/${tenant}/folder/${below(60)}${chance(0.1) ? '-broken' : ''}.txt`;
  fixture.put(key, `Put ${made}`);
  expected.set(key, `Put ${made}`);
}

async function remove(): Promise<void> {
  const there = [...expected].filter(([key, content]) => content !== undefined && key.includes('/folder/'));
  const [key] = there[below(there.length)] ?? [];
  if (key !== undefined && chance(0.6)) {
    fixture.delete(key);
    expected.set(key, undefined);
    return;
  }
  const [document] = uploaded.splice(below(uploaded.length), 1);
  if (document === undefined) return;
  await fixture.library().remove({ ...ACME, tenant: document.tenant }, document.id);
  expected.set(`documents/${document.tenant}/${document.id}.txt`, undefined);
}

/** Breaks off at a random call, now and then. */
function mishap(share: number, calls: number): Hook {
  if (!chance(share)) return () => undefined;
  let left = below(calls);
  return () => {
    left -= 1;
    if (left === 0) throw new Crash();
  };
}

/** Tells of one of the events; what breaks off goes back to its queue, and some come twice. */
async function tell(queue: ObjectChange[]): Promise<void> {
  const [event] = queue.splice(below(queue.length), 1);
  if (event === undefined) return;
  try {
    await fixture.inspect(event, mishap(0.1, 12));
    if (chance(0.15)) queue.push(event);
  } catch (error) {
    expect(error).toBeInstanceOf(Crash);
    queue.push(event);
  }
}

/** A minute passes; a run may break off, come twice, or meet trouble of Bedrock's. */
async function minute(): Promise<void> {
  fixture.now += 60_000;
  if (chance(0.15)) fixture.bedrock.failJob('The embedding model is out of reach.');
  if (chance(0.15)) fixture.bedrock.refuse('StartIngestionJob', 'ThrottlingException');
  if (chance(0.1)) fixture.bedrock.refuse('GetKnowledgeBaseDocuments', 'ThrottlingException');
  if (chance(0.1)) {
    try {
      fixture.bedrock.startOutsideJob(DATA_SOURCE);
    } catch (error) {
      expect((error as Error).name).toBe('ConflictException');
    }
  }
  const runs = Array.from({ length: chance(0.2) ? 2 : 1 }, () => fixture.sync(mishap(0.25, 10)));
  for (const { status, ...run } of await Promise.allSettled(runs)) {
    if (status === 'rejected') expect((run as { reason: unknown }).reason).toBeInstanceOf(Crash);
  }
}

it(`takes in every document of ${EVENTS} events, or says why not, by one job at a time`, async () => {
  fixture.bedrock.failDocument('broken', 'The file is broken.');
  const queue: ObjectChange[] = [];
  let told = 0;
  while (told < EVENTS) {
    // A burst, and then some quiet.
    for (let change = below(25); change >= 0; change -= 1) {
      const kind = random();
      if (kind < 0.4) await upload();
      else if (kind < 0.8) put();
      else await remove();
      queue.push(...fixture.events.splice(0));
    }
    for (let count = below(queue.length); count >= 0 && queue.length > 0; count -= 1) {
      await tell(queue);
      told += 1;
      queue.push(...fixture.events.splice(0));
    }
    fixture.now += below(20_000);
    for (let minutes = below(4); minutes > 0; minutes -= 1) await minute();
  }
  while (queue.length > 0 || fixture.events.length > 0) {
    queue.push(...fixture.events.splice(0));
    await tell(queue);
  }
  fixture.formerKeys.push(...expected.keys());
  await fixture.settle(200);

  expect(fixture.overlaps).toEqual([]);
  expect(fixture.bedrock.jobs().length).toBeGreaterThan(10);
  expect(fixture.bedrock.jobs().some(({ status }) => status === 'FAILED')).toBe(true);
  const rows = new Map<string, DocumentRow>();
  for (const tenant of TENANTS) for (const row of await fixture.rows(tenant)) rows.set(row.objectKey, row);
  const indexed = new Set(await fixture.indexed());
  const kinds = { indexed: 0, failed: 0, gone: 0 };
  for (const [key, content] of expected) {
    const row = rows.get(key);
    expect(fixture.content(key), key).toBe(content);
    if (content === undefined) {
      kinds.gone += 1;
      expect([row, indexed.has(key), fixture.content(`${key}${METADATA_SUFFIX}`)], key).toEqual([
        undefined,
        false,
        undefined,
      ]);
      continue;
    }
    expect(fixture.content(`${key}${METADATA_SUFFIX}`), key).toContain(`"tenant":"${row?.tenant}"`);
    expect(key.startsWith(`documents/${row?.tenant}/`)).toBe(true);
    expect(['indexed', 'failed'], key).toContain(row?.status);
    if (row?.status === 'failed') {
      kinds.failed += 1;
      expect(row.reason, key).toMatch(/broken|out of reach/);
    } else {
      kinds.indexed += 1;
      expect([row?.reason, indexed.has(key)], key).toEqual([undefined, true]);
    }
    if (key.includes('broken')) expect(row?.status, key).toBe('failed');
  }
  expect(rows.size).toBe(kinds.indexed + kinds.failed);
  expect(Math.min(kinds.indexed, kinds.failed, kinds.gone)).toBeGreaterThan(3);
  expect(await fixture.state()).toEqual({ changes: [] });
});
