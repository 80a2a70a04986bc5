import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { DocumentsRepository, keyOf } from '../../../../patterns/genai-rag/runtime/documents-repository';
import { DOCUMENTS, TableInMemory } from './stores-in-memory-fixture';

const NOW = Date.parse('2026-11-24T10:00:00.500Z');
const SECONDS = Math.floor(NOW / 1000);
const HOUR = 3600;
const ROW = {
  tenant: 't-acme',
  id: 'd-1',
  name: 'Fares',
  contentType: 'text/plain',
  size: 10,
  status: 'waiting',
  createdAt: '2026-11-24T10:00:00.000Z',
  updatedAt: '2026-11-24T10:00:00.000Z',
  objectKey: 'documents/t-acme/d-1.txt',
} as const;

let now = NOW;
let versions = 0;
let store: TableInMemory;
let documents: DocumentsRepository;
beforeEach(() => {
  now = NOW;
  versions = 0;
  store = new TableInMemory(() => now, DOCUMENTS);
  documents = new DocumentsRepository({
    name: 'documents',
    client: { send: store.send } as never,
    now: () => now,
    newVersion: () => {
      versions += 1;
      return `v-${versions}`;
    },
    timing: { after: () => () => {}, random: () => 0 },
  });
});
const item = (key: string) => store.items().get(key);
const change = () => item('ingestion change#t-acme#d-1');
const reads = () => {
  const seen: unknown[] = [];
  store.onCall = (_, { ConsistentRead }) => seen.push(ConsistentRead);
  return seen;
};

describe('a new document', () => {
  it('is there, with a version', async () => {
    expect(await documents.create(ROW)).toEqual({ ...ROW, version: 'v-1' });
    expect(item('tenant#t-acme document#d-1')).toEqual({ ...keyOf(ROW), ...ROW, version: 'v-1' });
    const consistent = reads();
    expect(await documents.find('t-acme', 'd-1')).toEqual({ ...ROW, version: 'v-1' });
    expect(consistent).toEqual([true]);
    expect(await documents.find('t-other', 'd-1')).toBeUndefined();
    expect(await documents.find('t-acme', 'd-2')).toBeUndefined();
  });

  it('is the one that is there under its id', async () => {
    await documents.create(ROW);
    expect(await documents.create({ ...ROW, name: 'Other' })).toEqual({ ...ROW, version: 'v-1' });
  });

  it('takes the place of one that waits and may go within the hour', async () => {
    await documents.create({ ...ROW, expiresAt: SECONDS + HOUR + 1 });
    expect(await documents.create(ROW)).toMatchObject({ version: 'v-1' });
    now += 1000;
    expect(await documents.create(ROW)).toMatchObject({ version: 'v-3' });
  });

  it('leaves one that waits no more, whatever its time is', async () => {
    await documents.create({ ...ROW, status: 'pending', expiresAt: 1 });
    expect(await documents.create(ROW)).toMatchObject({ version: 'v-1' });
  });

  it('is not there when the table fails', async () => {
    const lost = new Error('lost');
    store.onCall = () => {
      throw lost;
    };
    await expect(documents.create(ROW)).rejects.toBe(lost);
    await expect(documents.write({ ...ROW, version: '' }, undefined, 'none')).rejects.toBe(lost);
  });
});

describe('a page of documents', () => {
  const at = (second: number) => ({ ...ROW, id: `d-${second}`, createdAt: `2026-11-24T10:00:0${second}.000Z` });
  const ids = ({ rows }: { rows: readonly { id: string }[] }) => rows.map(({ id }) => id);

  it('has the newest first, and says where the next one begins', async () => {
    for (const second of [1, 3, 2]) await documents.create(at(second));
    await documents.create({ ...at(4), tenant: 't-other' });
    const first = await documents.page('t-acme', 2);
    expect(ids(first)).toEqual(['d-3', 'd-2']);
    expect(first.rows[0]).toEqual({ ...at(3), version: 'v-2' });
    const second = await documents.page('t-acme', 2, first.next);
    expect([ids(second), second.next]).toEqual([['d-1'], undefined]);
    expect(Object.keys(second)).toEqual(['rows']);
    expect(await documents.page('t-none', 2)).toEqual({ rows: [] });
  });
});

describe('a write', () => {
  const row: DocumentRow = { ...ROW, status: 'pending', etag: 'e-1', version: '' };

  it('puts a document that was not there, and nothing over one that is', async () => {
    expect(await documents.write(row, undefined, 'none')).toBe(true);
    const written = { ...row, version: 'v-1', updatedAt: '2026-11-24T10:00:00.500Z' };
    expect(await documents.find('t-acme', 'd-1')).toEqual(written);
    expect(change()).toBeUndefined();
    expect(await documents.write(row, undefined, 'put')).toBe(false);
    expect(change()).toBeUndefined();
    expect(await documents.write(row, { ...row, version: 'v-0' }, 'put')).toBe(false);
    expect(await documents.write(row, written, 'none')).toBe(true);
    expect(await documents.write(row, written, 'none')).toBe(false);
  });

  it('notes what the knowledge base has to take in', async () => {
    await documents.write(row, undefined, 'put');
    expect(change()).toEqual({
      pk: 'ingestion',
      sk: 'change#t-acme#d-1',
      tenant: 't-acme',
      documentId: 'd-1',
      objectKey: row.objectKey,
      isDeleted: false,
      deletesObjects: false,
      mayBeIndexed: false,
      version: 'v-1',
      at: NOW,
      since: NOW,
      attempts: 0,
      notBefore: 0,
    });
  });

  it('notes again what changed again, and since when it waits', async () => {
    await documents.write({ ...row, indexedAt: ROW.createdAt }, undefined, 'put');
    expect(change()).toMatchObject({ mayBeIndexed: true });
    const noted = { ...change(), countedBy: 'token', attempts: 2, notBefore: 9 };
    class PutCommand {
      readonly input = { TableName: 'documents', Item: noted };
    }
    await store.send(new PutCommand());
    now += 5000;
    const seen = await documents.find('t-acme', 'd-1');
    await documents.write(row, seen, 'put');
    const { countedBy: _, ...again } = noted;
    const news = { version: 'v-2', at: NOW + 5000, since: NOW, attempts: 0, notBefore: 0, mayBeIndexed: false };
    expect(change()).toEqual({ ...again, ...news });
  });

  it('notes what is to go, with its objects where it has a tag still', async () => {
    await documents.write(row, undefined, 'deleted');
    expect(change()).toMatchObject({ isDeleted: true, deletesObjects: true });
    const { etag: _, ...without } = row;
    await documents.write(without, await documents.find('t-acme', 'd-1'), 'deleted');
    expect(change()).toMatchObject({ isDeleted: true, deletesObjects: false });
    await documents.write(row, await documents.find('t-acme', 'd-1'), 'put');
    expect(change()).toMatchObject({ isDeleted: false, deletesObjects: false });
  });
});

describe('without a clock and versions of its own', () => {
  it('has those of the machine', async () => {
    const machine = new DocumentsRepository({ name: 'documents', client: { send: store.send } as never });
    expect(machine.now).toBe(Date.now);
    expect((await machine.create(ROW)).version).toMatch(/^[0-9a-f-]{36}$/);
  });
});
