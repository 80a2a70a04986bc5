import { describe, expect, it, vi } from 'vitest';
import type { TakenInLocation } from '../../../../patterns/genai-rag/runtime/document-location';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { metadataFile } from '../../../../patterns/genai-rag/runtime/metadata-file';
import { type ObjectEvent, reconcileDocument } from '../../../../patterns/genai-rag/runtime/reconcile-document';

const ID = '0190abcd-0000-8000-8000-000000000001';
const KEY = `documents/t-acme/${ID}.txt`;
const METADATA_KEY = `${KEY}.metadata.json`;
const LOCATION: TakenInLocation = { tenant: 't-acme', id: ID, key: KEY, uploaded: true };
const ADOPTED = { ...LOCATION, uploaded: false };
const NOW = '2026-11-24T10:00:00.000Z';
const ROW: DocumentRow = {
  tenant: 't-acme',
  id: ID,
  name: 'Fares',
  contentType: 'text/plain',
  size: 5,
  status: 'indexed',
  createdAt: NOW,
  updatedAt: NOW,
  objectKey: KEY,
  etag: 'e-1',
  metadataEtag: 'm-1',
  version: 'v-1',
};
const DELETING = { ...ROW, status: 'deleting' as const };
const RIGHT = metadataFile(ROW) ?? '';

interface World {
  readonly row?: DocumentRow | undefined;
  readonly object?: { readonly size: number; readonly etag: string } | undefined;
  readonly metadata?: string | undefined;
  readonly written?: boolean;
  readonly copied?: string | undefined;
}

async function reconciled(world: World, event: Partial<ObjectEvent> = {}, location = LOCATION) {
  const { row, object, metadata, written = true, copied = 'c-1' } = world;
  const documents = {
    now: () => Date.parse(NOW),
    find: vi.fn(async () => row),
    write: vi.fn(async (..._: unknown[]) => written),
  };
  const files = {
    find: vi.fn(async () => object),
    metadata: vi.fn(async () => (metadata === undefined ? undefined : { text: metadata, etag: 'm-1' })),
    putMetadata: vi.fn(async () => 'm-2'),
    remove: vi.fn(async (_: readonly string[]) => {}),
    copy: vi.fn(async () => copied),
  };
  const told = { key: KEY, created: true, ...event };
  const outcome = await reconcileDocument(told, location, { documents, files: files as never }).catch(
    (error: unknown) => (error as Error).name,
  );
  return { outcome, documents, files };
}
const OBJECT = { size: 5, etag: 'e-1' };

describe('what is known', () => {
  it('is a content that was taken note of, by its tag', async () => {
    for (const event of [{ etag: 'e-1' }, { key: METADATA_KEY, etag: 'm-1' }]) {
      const { outcome, files } = await reconciled({ row: ROW }, event);
      expect([outcome, files.find.mock.calls]).toEqual(['known', []]);
    }
    for (const event of [{ etag: 'm-1' }, { key: METADATA_KEY, etag: 'e-1' }, {}]) {
      const { files } = await reconciled({ row: ROW, object: OBJECT, metadata: RIGHT }, event);
      expect(files.find).toHaveBeenCalledTimes(1);
    }
  });

  it('is that something went which was to go, or never was there', async () => {
    const { etag: _, ...without } = ROW;
    for (const row of [undefined, DELETING, without]) {
      const { outcome, files } = await reconciled({ row }, { created: false });
      expect([outcome, files.find.mock.calls]).toEqual(['known', []]);
    }
  });

  it('is an object and a metadata file as they were', async () => {
    const { outcome, documents, files } = await reconciled({ row: ROW, object: OBJECT, metadata: RIGHT });
    expect([outcome, documents.write.mock.calls, files.putMetadata.mock.calls]).toEqual(['known', [], []]);
  });

  it('is an upload that is copied right now', async () => {
    const { etag: _, ...without } = ROW;
    const copying = await reconciled({ row: without, object: OBJECT });
    const before = await reconciled({ row: without, metadata: RIGHT });
    expect([copying.outcome, before.outcome]).toEqual(['known', 'known']);
    expect([copying.documents.write.mock.calls, before.files.remove.mock.calls]).toEqual([[], []]);
  });
});

describe('a document that changed', () => {
  it('is noted with its new content', async () => {
    const { outcome, documents } = await reconciled({ row: ROW, object: { size: 6, etag: 'e-2' }, metadata: RIGHT });
    expect(outcome).toBe('changed');
    const next = { ...ROW, size: 6, etag: 'e-2', metadataEtag: 'm-1', status: 'pending' };
    expect(documents.write.mock.calls).toEqual([[next, ROW, 'put']]);
  });

  it('is noted with its metadata, which is mended', async () => {
    const { outcome, documents, files } = await reconciled({ row: ROW, object: OBJECT });
    expect(outcome).toBe('changed');
    expect(files.putMetadata.mock.calls).toEqual([[METADATA_KEY, RIGHT]]);
    expect(documents.write.mock.calls).toEqual([[{ ...ROW, metadataEtag: 'm-2', status: 'pending' }, ROW, 'put']]);
    const theirs = await reconciled({ row: { ...ROW, metadataEtag: 'm-0' }, object: OBJECT, metadata: RIGHT });
    expect([theirs.outcome, theirs.files.putMetadata.mock.calls]).toEqual(['changed', []]);
  });

  it('is looked at anew when somebody was faster, and not for ever', async () => {
    const { outcome, documents } = await reconciled({ row: ROW, object: { size: 6, etag: 'e-2' }, written: false });
    expect([outcome, documents.find.mock.calls.length]).toEqual(['DocumentBusyError', 5]);
  });
});

describe('an object of a document that is deleted', () => {
  it('came too late, and goes', async () => {
    const { outcome, files } = await reconciled({ row: DELETING, object: OBJECT });
    expect([outcome, files.remove.mock.calls]).toEqual(['discarded', [[[KEY, METADATA_KEY]]]]);
  });

  it('of an operator goes by itself, and another one is a document again', async () => {
    const going = await reconciled({ row: DELETING, object: OBJECT, metadata: RIGHT }, {}, ADOPTED);
    expect([going.outcome, going.files.remove.mock.calls]).toEqual(['known', []]);
    const again = await reconciled({ row: DELETING, object: { size: 5, etag: 'e-2' }, metadata: RIGHT }, {}, ADOPTED);
    expect(again.outcome).toBe('changed');
    expect(again.documents.write.mock.calls).toEqual([[{ ...ROW, etag: 'e-2', status: 'pending' }, DELETING, 'put']]);
  });
});

describe('an object that is gone', () => {
  it('takes its document and its metadata along', async () => {
    const row = { ...ROW, reason: 'once' };
    const { outcome, documents, files } = await reconciled({ row, metadata: 'theirs' }, { created: false });
    expect([outcome, files.remove.mock.calls]).toEqual(['deleted', [[[METADATA_KEY]]]]);
    const { etag: _, metadataEtag: __, reason: ___, ...rest } = row;
    expect(documents.write.mock.calls[0]?.[0]).toStrictEqual({ ...rest, status: 'deleting' });
    expect(documents.write.mock.calls[0]?.slice(1)).toEqual([row, 'deleted']);
    const busy = await reconciled({ row, written: false }, { created: false });
    expect([busy.outcome, busy.files.remove.mock.calls]).toEqual(['DocumentBusyError', []]);
  });

  it('takes along no metadata but its own', async () => {
    const cleared = async (row: DocumentRow | undefined, metadata: string | undefined, location = ADOPTED) => {
      const { outcome, documents, files } = await reconciled({ row, metadata }, {}, location);
      expect([outcome, documents.write.mock.calls]).toEqual(['known', []]);
      return files.remove.mock.calls.length;
    };
    const { etag: _, ...gone } = DELETING;
    expect(await cleared(undefined, 'theirs')).toBe(0);
    expect(await cleared(undefined, undefined)).toBe(0);
    expect(await cleared(undefined, RIGHT)).toBe(1);
    expect(await cleared(undefined, RIGHT, LOCATION)).toBe(1);
    expect(await cleared(DELETING, 'theirs')).toBe(1);
    expect(await cleared(gone, 'theirs', LOCATION)).toBe(0);
    expect(await cleared(gone, RIGHT, LOCATION)).toBe(1);
  });
});

describe('an object that nobody knows', () => {
  it('under an id of ours is put aside', async () => {
    const { outcome, files } = await reconciled({ object: OBJECT });
    expect(outcome).toBe('unclaimed');
    expect(files.copy.mock.calls).toEqual([[KEY, `quarantine/t-acme/${ID}.txt`, 'e-1']]);
    expect(files.remove.mock.calls).toEqual([[[KEY, METADATA_KEY]]]);
    const moved = await reconciled({ object: OBJECT, copied: '' });
    expect(moved.outcome).toBe('unclaimed');
  });

  const adopted = async (name: string) => {
    const key = `documents/t-acme/folder/${name}`;
    const { outcome, documents } = await reconciled({ object: OBJECT }, { key }, { ...ADOPTED, key });
    const [row, seen, change] = documents.write.mock.calls[0] ?? [];
    expect([outcome, seen, change]).toEqual(['changed', undefined, 'put']);
    return row as DocumentRow;
  };

  it('of an operator is a document of the tenant', async () => {
    expect(await adopted('F\u200bares.PDF')).toEqual({
      tenant: 't-acme',
      id: ID,
      name: 'Fares.PDF',
      contentType: 'application/pdf',
      size: 5,
      status: 'pending',
      createdAt: NOW,
      updatedAt: NOW,
      objectKey: 'documents/t-acme/folder/F\u200bares.PDF',
      etag: 'e-1',
      metadataEtag: 'm-2',
      version: '',
    });
  });

  it('has a type by its extension, or is text', async () => {
    const types = async (...names: string[]) =>
      Promise.all(names.map(async (name) => (await adopted(name)).contentType));
    expect(await types('a.md', 'a.csv.html', 'a', 'md', 'a.md2', 'a.md.', 'a.exe')).toEqual([
      'text/markdown',
      'text/html',
      ...Array(5).fill('text/plain'),
    ]);
  });

  it('has a name of at most 200 characters, and its id without one', async () => {
    expect((await adopted('🚂'.repeat(200))).name).toBe('🚂'.repeat(200));
    expect((await adopted('🚂'.repeat(201))).name).toBe('🚂'.repeat(200));
    expect((await adopted(' a ')).name).toBe('a');
    expect((await adopted('\u200b ')).name).toBe(ID);
  });
});
