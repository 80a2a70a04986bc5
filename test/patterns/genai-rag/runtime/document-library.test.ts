import { describe, expect, it, vi } from 'vitest';
import { DocumentLibrary } from '../../../../patterns/genai-rag/runtime/document-library';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';

const CALLER = { tenant: 't-acme', user: 'ada' };
const NOW = Date.parse('2026-11-24T10:00:00.500Z');
const ANNOUNCED = { idempotencyKey: 'k-1', name: 'Fares', contentType: 'text/plain', size: 5 } as const;
const ROW: DocumentRow = {
  tenant: 't-acme',
  id: 'd-1',
  name: 'Fares',
  contentType: 'text/plain',
  size: 5,
  status: 'pending',
  createdAt: '2026-11-24T10:00:00.000Z',
  updatedAt: '2026-11-24T10:00:00.000Z',
  objectKey: 'documents/t-acme/d-1.txt',
  etag: 'e',
  version: 'v-1',
};
const SHOWN = expect.objectContaining({ id: 'd-1', status: 'pending' });

/** A library of what is found; `undefined` for nothing. */
function libraryOf(
  row?: DocumentRow,
  { created = {}, written = true }: { created?: Partial<DocumentRow>; written?: boolean } = {},
) {
  const documents = {
    now: () => NOW,
    create: vi.fn(async (given: object) => ({ ...given, version: 'v-1', ...created })),
    find: vi.fn(async () => row),
    page: vi.fn(
      async (): Promise<{ rows: DocumentRow[]; next?: object }> => ({ rows: row === undefined ? [] : [row] }),
    ),
    write: vi.fn(async (..._: unknown[]) => written),
  };
  const upload = { url: 'u', fields: {}, expiresAt: '' };
  const download = { url: 'd', expiresAt: '' };
  const requests = {
    form: vi.fn(async () => upload),
    download: vi.fn(async () => download),
    remove: vi.fn(async (_: readonly string[]) => {}),
  };
  return { library: new DocumentLibrary(documents as never, requests as never), documents, requests, upload, download };
}
const refused = (status: number, code: string) => expect.objectContaining({ status, code });
const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('a document that is announced', () => {
  it('waits for its file for a day', async () => {
    const { library, documents, requests, upload } = libraryOf();
    const answer = await library.announce(CALLER, ANNOUNCED);
    const [[row]] = documents.create.mock.calls as unknown as [[DocumentRow]];
    const at = '2026-11-24T10:00:00.500Z';
    expect(row).toEqual({
      tenant: 't-acme',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Fares',
      contentType: 'text/plain',
      size: 5,
      status: 'waiting',
      createdAt: at,
      updatedAt: at,
      objectKey: `documents/t-acme/${row.id}.txt`,
      expiresAt: Math.floor(NOW / 1000) + 86_400,
    });
    expect(answer).toEqual({ document: expect.objectContaining({ id: row.id, status: 'waiting' }), upload });
    const form = { key: `uploads/t-acme/${row.id}`, contentType: 'text/plain', size: 5 };
    expect(requests.form.mock.calls).toEqual([[form]]);
  });

  it('is the same by the same key of the same user', async () => {
    const idOf = async (caller: typeof CALLER, idempotencyKey = 'k-1') => {
      const { document } = await libraryOf().library.announce(caller, { ...ANNOUNCED, idempotencyKey });
      return document.id;
    };
    const ids = [await idOf(CALLER), await idOf({ ...CALLER, user: 'bob' }), await idOf({ ...CALLER, tenant: 't-b' })];
    expect(new Set([...ids, await idOf(CALLER, 'k-2')]).size).toBe(4);
    expect(await idOf(CALLER)).toBe(ids[0]);
  });

  it.each<Partial<DocumentRow>>([{ name: 'Other' }, { contentType: 'text/csv' }, { size: 6 }])(
    'is refused where its key was of %j',
    async (created) => {
      const { library, requests } = libraryOf(undefined, { created });
      expect(await failure(library.announce(CALLER, ANNOUNCED))).toEqual(refused(409, 'idempotency_key_reused'));
      expect(requests.form).not.toHaveBeenCalled();
    },
  );

  it('is refused where it is being deleted', async () => {
    const { library } = libraryOf(undefined, { created: { status: 'deleting' } });
    expect(await failure(library.announce(CALLER, ANNOUNCED))).toEqual(refused(409, 'document_deleted'));
  });
});

describe('documents', () => {
  const expiring = (ms: number) => ({ ...ROW, expiresAt: Math.floor(NOW / 1000) + ms / 1000 });

  it('are listed without those that waited in vain', async () => {
    const { library, documents } = libraryOf(ROW);
    expect(await library.list(CALLER, 7)).toEqual({ documents: [SHOWN] });
    expect(documents.page.mock.calls).toEqual([['t-acme', 7, undefined]]);
    expect(await libraryOf(expiring(0)).library.list(CALLER, 7)).toEqual({ documents: [] });
    expect((await libraryOf(expiring(1000)).library.list(CALLER, 7)).documents).toHaveLength(1);
    documents.page.mockResolvedValue({ rows: [], next: { createdAt: ROW.createdAt, id: 'd-1' } });
    const cursor = Buffer.from(`${ROW.createdAt} d-1`).toString('base64url');
    expect(await library.list(CALLER, 7)).toEqual({ documents: [], cursor });
  });

  it('are opened, and downloaded once they are there', async () => {
    const { library, requests, download } = libraryOf(ROW);
    expect(await library.open(CALLER, 'd-1')).toEqual({ document: SHOWN, download });
    expect(requests.download.mock.calls).toEqual([[ROW.objectKey, 'Fares', 'text/plain']]);
    const { etag: _, ...waiting } = ROW;
    expect(await libraryOf(waiting).library.open(CALLER, 'd-1')).toEqual({ document: SHOWN });
    expect(await libraryOf({ ...ROW, status: 'deleting' }).library.open(CALLER, 'd-1')).not.toHaveProperty('download');
    for (const row of [undefined, expiring(0)])
      expect(await failure(libraryOf(row).library.open(CALLER, 'd-1'))).toEqual(refused(404, 'not_found'));
    expect(await libraryOf(expiring(1000)).library.open(CALLER, 'd-1')).toMatchObject({ document: SHOWN });
  });

  it('go with all of their objects, once that is written', async () => {
    const row = { ...ROW, reason: 'once', expiresAt: 9 };
    const { library, documents, requests } = libraryOf(row);
    const { reason: _, expiresAt: __, ...kept } = row;
    const deleting = { ...kept, status: 'deleting' };
    expect(await library.remove(CALLER, 'd-1')).toStrictEqual(deleting);
    expect(documents.write.mock.calls).toEqual([[deleting, row, 'deleted']]);
    const { objectKey } = ROW;
    const keys = [objectKey, `${objectKey}.metadata.json`, 'uploads/t-acme/d-1'];
    expect(requests.remove.mock.calls).toEqual([[keys]]);
    const theirs = libraryOf({ ...ROW, objectKey: 'documents/t-acme/a.txt' });
    await theirs.library.remove(CALLER, 'd-1');
    expect(theirs.requests.remove.mock.calls[0]?.[0]).toHaveLength(2);
  });

  it('that go already are only cleared away, and none are not found', async () => {
    const deleting = { ...ROW, status: 'deleting' } as const;
    const { library, documents, requests } = libraryOf(deleting);
    expect(await library.remove(CALLER, 'd-1')).toBe(deleting);
    expect([documents.write.mock.calls.length, requests.remove.mock.calls.length]).toEqual([0, 1]);
    expect(await failure(libraryOf().library.remove(CALLER, 'd-1'))).toEqual(refused(404, 'not_found'));
    const busy = libraryOf(ROW, { written: false });
    expect(await failure(busy.library.remove(CALLER, 'd-1'))).toMatchObject({ name: 'DocumentBusyError' });
    expect(busy.requests.remove).not.toHaveBeenCalled();
  });
});
