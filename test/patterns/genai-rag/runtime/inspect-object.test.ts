// @project memory
// @node24

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../local/engine/random';
import { type DocumentType, METADATA_SUFFIX } from '../../../../patterns/genai-rag/contract';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { ACME, BUCKET, Crash, crashAt, DocumentsFixture, type Hook } from './documents-fixture';

const fixture = new DocumentsFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());
beforeEach(() => {
  fixture.events.length = 0;
});

const { tenant } = ACME;
let made = 0;

/** A document whose file is yet to come. */
async function announced(
  content: string | Buffer = 'hello',
  contentType: DocumentType = 'text/plain',
  size = Buffer.byteLength(content),
) {
  made += 1;
  const request = { name: `File ${made}`, contentType, size, idempotencyKey: `key-${made}` };
  const { document } = await fixture.library().announce(ACME, request);
  const { objectKey = '' } = (await fixture.row(tenant, document.id)) ?? {};
  return {
    id: document.id,
    incoming: `uploads/${tenant}/${document.id}`,
    objectKey,
    metadataKey: `${objectKey}${METADATA_SUFFIX}`,
  };
}

const row = (id: string) => fixture.row(tenant, id);
const changeOf = async (id: string) => (await fixture.state()).changes.find(({ documentId }) => documentId === id);
const created = (key: string) => ({ type: 'Object Created', key }) as const;
const keysOf = (id: string) =>
  fixture.s3
    .keys(BUCKET)
    .filter((key) => key.includes(id))
    .sort();

describe('a file that is what it says', () => {
  it('goes to where the knowledge base reads, with its metadata before it, and is noted as a change', async () => {
    const { id, incoming, objectKey, metadataKey } = await announced();
    fixture.put(incoming, 'hello');
    const calls = await fixture.callsOf(() => fixture.inspect(created(incoming)));
    expect(calls).toEqual(['GetItem', 'GetObject', 'PutObject', 'CopyObject', 'TransactWriteItems', 'DeleteObject']);
    expect(objectKey).toBe(`documents/${tenant}/${id}.txt`);
    expect(keysOf(id)).toEqual([objectKey, metadataKey]);
    expect(JSON.parse(fixture.content(metadataKey) ?? '')).toEqual({
      metadataAttributes: { tenant, documentId: id, name: `File ${made}` },
    });
    const { expiresAt, status, updatedAt } = (await row(id)) ?? {};
    expect([status, expiresAt, updatedAt]).toEqual(['pending', undefined, new Date(fixture.now).toISOString()]);
    expect(await changeOf(id)).toMatchObject({ tenant, objectKey, isDeleted: false, at: fixture.now, attempts: 0 });
    // What the copies tell of is known, by one read each.
    const told = await fixture.callsOf(async () => expect(await fixture.deliver()).toEqual(['gone', 'known', 'known']));
    expect(told).toEqual(['GetItem', 'GetObject', 'GetItem', 'GetItem']);
  });

  it('may be an office file that is told by its end', async () => {
    const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const content = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      Buffer.alloc(200_000, 7),
      Buffer.from('[Content_Types].xml word/document.xml'),
    ]);
    const { id, incoming } = await announced(content, type);
    fixture.put(incoming, content, type);
    expect(await fixture.inspect(created(incoming))).toBe('taken-in');
    expect((await row(id))?.objectKey).toMatch(/\.docx$/);
  });
});

describe('text in another encoding than UTF-8', () => {
  const TEXT = 'Name;Größe;Preis\r\nMüller;12;5 €\r\n';
  const windows1252 = Buffer.from(TEXT.replace('€', '\x80'), 'latin1');
  const utf16 = Buffer.from(`\ufeff${TEXT}`, 'utf16le');

  it.each([
    ['Windows-1252, as Excel saves it', windows1252],
    ['UTF-16 with its mark', utf16],
    ['UTF-16 of the other order', Buffer.from(utf16).swap16()],
  ])('reaches the knowledge base as UTF-8: %s', async (_, content) => {
    const { incoming, objectKey } = await announced(content, 'text/csv', content.length);
    fixture.put(incoming, content, 'text/csv');
    const calls = await fixture.callsOf(async () => expect(await fixture.inspect(created(incoming))).toBe('taken-in'));
    expect(calls).toEqual(['GetItem', 'GetObject', 'PutObject', 'PutObject', 'TransactWriteItems', 'DeleteObject']);
    expect(fixture.content(objectKey)).toBe(TEXT);
    // A record of our own write is no news.
    expect(await fixture.deliver()).toEqual(['gone', 'known', 'known']);
  });

  it('is found wherever it begins, and goes as it is where all of it is UTF-8', async () => {
    const ascii = 'a'.repeat(100_000);
    for (const [content, stored] of [
      [Buffer.from(`${ascii}\xe4`, 'latin1'), `${ascii}ä`],
      [Buffer.from(`${ascii}ä`), `${ascii}ä`],
      [Buffer.from('\ufeffä'), '\ufeffä'],
    ] as const) {
      const { incoming, objectKey } = await announced(content, 'text/plain', content.length);
      fixture.put(incoming, content);
      expect(await fixture.inspect(created(incoming))).toBe('taken-in');
      expect(fixture.content(objectKey)).toBe(stored);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['an encoding that is not known', Buffer.from('83658358836781', 'hex'), /encoding is unknown. Save it as UTF-8/],
    ['more than 4 MiB of it', Buffer.alloc(4 * 1024 ** 2 + 1, 0xe4), /more than 4 MiB .* Save it as UTF-8/],
  ])('is refused with how to save it: %s', async (_, content, reason) => {
    const { id, incoming } = await announced(content, 'text/plain', content.length);
    fixture.put(incoming, content);
    expect(await fixture.inspect(created(incoming))).toBe('refused');
    expect(await row(id)).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
    expect(keysOf(id)).toEqual([]);
    expect(await changeOf(id)).toBeUndefined();
  });

  it('is taken whatever its size in UTF-8', async () => {
    const content = Buffer.from('ä'.repeat(3 * 1024 ** 2));
    const { incoming, objectKey } = await announced(content, 'text/plain', content.length);
    fixture.put(incoming, content);
    expect(await fixture.inspect(created(incoming))).toBe('taken-in');
    expect(fixture.content(objectKey)?.length).toBe(3 * 1024 ** 2);
  });
});

it('refuses an office file with a password, and says so', async () => {
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const start = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  for (const [stream, outcome, reason] of [
    ['EncryptedPackage', 'refused', /protected by a password. Save it as .docx without/],
    ['WordDocument', 'quarantined', /does not match the declared type/],
  ] as const) {
    const content = Buffer.concat([start, Buffer.alloc(504), Buffer.from(stream, 'utf16le')]);
    const { id, incoming } = await announced(content, type, content.length);
    fixture.put(incoming, content, type);
    expect(await fixture.inspect(created(incoming))).toBe(outcome);
    expect(await row(id)).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
  }
});

describe('a file that lies', () => {
  it.each<[string, string, string, DocumentType, RegExp]>([
    ['its length', 'hello!', 'text/plain', 'text/plain', /has 6 bytes instead of the declared 5/],
    ['its media type', 'hello', 'text/html', 'text/plain', /does not match the declared type text\/plain/],
    ['its content', 'hello', 'application/pdf', 'application/pdf', /does not match the declared type application\/pdf/],
  ])('about %s is put aside, and its document says why', async (_, content, sent, said, reason) => {
    const { id, incoming } = await announced('hello', said);
    fixture.put(incoming, content, sent);
    expect(await fixture.inspect(created(incoming))).toBe('quarantined');
    expect(keysOf(id)).toEqual([`quarantine/${tenant}/${id}`]);
    expect(await row(id)).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
    expect((await row(id))?.expiresAt).toBeUndefined();
    expect(await changeOf(id)).toBeUndefined();
    expect(await fixture.inspect(created(incoming))).toBe('gone');
  });

  it('does not take away an honest one that came before it', async () => {
    const { id, incoming, objectKey } = await announced();
    fixture.put(incoming, 'hello');
    await fixture.inspect(created(incoming));
    fixture.put(incoming, 'evil!', 'text/html');
    expect(await fixture.inspect(created(incoming))).toBe('quarantined');
    expect([(await row(id))?.status, fixture.content(objectKey)]).toEqual(['pending', 'hello']);
  });

  it('may be followed by an honest one', async () => {
    const { id, incoming } = await announced();
    fixture.put(incoming, 'much too long');
    await fixture.inspect(created(incoming));
    fixture.put(incoming, 'hello');
    expect(await fixture.inspect(created(incoming))).toBe('taken-in');
    expect(await row(id)).toMatchObject({ status: 'pending' });
    expect((await row(id))?.reason).toBeUndefined();
  });
});

describe('a file nobody waits for', () => {
  it('is put aside, not taken in and not lost', async () => {
    const id = '11111111-2222-8333-8444-555555555555';
    fixture.put(`uploads/${tenant}/${id}`, 'late');
    fixture.put(`documents/${tenant}/${id}.txt`, 'later');
    expect(await fixture.deliver()).toEqual(['unclaimed', 'unclaimed', 'known']);
    expect(keysOf(id)).toEqual([`quarantine/${tenant}/${id}`, `quarantine/${tenant}/${id}.txt`]);
    expect(await row(id)).toBeUndefined();
  });

  it('goes with its document', async () => {
    const { id, incoming } = await announced();
    await fixture.library().remove(ACME, id);
    fixture.put(incoming, 'hello');
    expect(await fixture.deliver()).toEqual(['discarded']);
    expect(keysOf(id)).toEqual([]);
  });

  it('goes even when its document is deleted while it is copied', async () => {
    for (const at of ['GetObject', 'PutObject', 'CopyObject']) {
      const { id, incoming } = await announced();
      fixture.put(incoming, 'hello');
      const goes: Hook = async (call, when) => {
        if (call === at && when === 'after') await fixture.library().remove(ACME, id);
      };
      expect(await fixture.inspect(created(incoming), goes), at).toBe('discarded');
      expect(keysOf(id), at).toEqual([]);
      expect([(await row(id))?.status, (await changeOf(id))?.isDeleted]).toEqual(['deleting', true]);
    }
  });

  it.each([
    ['HELLO', 'taken-in'],
    ['hello!', 'quarantined'],
  ])('is not taken along when it comes while one before it goes (%s)', async (second, outcome) => {
    for (const at of ['CopyObject', 'TransactWrite']) {
      const { id, incoming } = await announced();
      fixture.put(incoming, 'hello');
      const comes: Hook = (call, when) => {
        if (call === at && when === 'after') fixture.put(incoming, second);
      };
      expect(await fixture.inspect(created(incoming), comes), at).toBe('taken-in');
      expect(fixture.content(incoming), at).toBe(second);
      expect(await fixture.inspect(created(incoming)), at).toBe(outcome);
      expect(
        keysOf(id).filter((key) => key.startsWith('uploads/')),
        at,
      ).toEqual([]);
    }
  });

  it('is gone when it is gone', async () => {
    const { id, incoming } = await announced();
    expect(await fixture.inspect(created(incoming))).toBe('gone');
    expect((await row(id))?.status).toBe('waiting');
  });

  it.each([
    'uploads/acme/x',
    'uploads/t-acme/not-an-id',
    'documents/Acme/x.txt',
    'documents/t-acme/',
    'documents/x.txt',
    'else/x',
  ])('is left alone at %s', async (key) => {
    fixture.put(key, 'x');
    expect(await fixture.inspect(created(key))).toBe('ignored');
    expect(fixture.content(key)).toBe('x');
  });
});

describe('a look that breaks off', () => {
  const files = [
    ['hello', 'pending', ['documents', 'documents']],
    ['hello!', 'failed', ['quarantine']],
    [Buffer.from('h\xe4llo', 'latin1'), 'pending', ['documents', 'documents']],
    [Buffer.from('h\x81llo', 'latin1'), 'failed', []],
  ] as const;

  it.each(files)('anywhere is made up for by the next (%s)', async (content, status, folders) => {
    for (let place = 0; ; place += 1) {
      const { id, incoming, objectKey } = await announced();
      fixture.events.length = 0;
      fixture.put(incoming, content);
      const { hook, crashed } = crashAt(place);
      const error = await fixture.inspect(created(incoming), hook).catch((caught: unknown) => caught);
      if (crashed()) expect(error).toBeInstanceOf(Crash);
      await fixture.inspect(created(incoming));
      await fixture.deliver();
      expect((await row(id))?.status, `${place}`).toBe(status);
      expect(
        keysOf(id).map((key) => key.split('/')[0]),
        `${place}`,
      ).toEqual(folders);
      if (status === 'pending')
        expect(fixture.content(objectKey), `${place}`).toBe(content === 'hello' ? 'hello' : 'hällo');
      expect((await changeOf(id)) !== undefined, `${place}`).toBe(status === 'pending');
      if (!crashed()) {
        expect(place).toBeGreaterThanOrEqual(10);
        return;
      }
    }
  });
});

describe('a file that an operator puts into a folder of a tenant', () => {
  const key = `documents/${tenant}/handbook/Grüße & more.md`;
  const metadata = `${key}${METADATA_SUFFIX}`;
  const only = async (): Promise<DocumentRow | undefined> =>
    (await fixture.rows(tenant)).find(({ objectKey }) => objectKey === key);

  it('becomes a document of the tenant, is followed when it changes, and goes when it goes', async () => {
    fixture.put(key, 'one');
    expect(await fixture.deliver()).toEqual(['changed', 'known']);
    const first = await only();
    expect(first).toMatchObject({ name: 'Grüße & more.md', contentType: 'text/markdown', size: 3, status: 'pending' });
    expect(JSON.parse(fixture.content(metadata) ?? '').metadataAttributes).toMatchObject({
      tenant,
      documentId: first?.id,
    });

    fixture.put(key, 'other');
    expect(await fixture.deliver()).toEqual(['changed']);
    expect(await only()).toMatchObject({ id: first?.id, size: 5, status: 'pending', createdAt: first?.createdAt });

    fixture.put(key, 'other');
    expect(await fixture.deliver()).toEqual(['known']);

    fixture.delete(key);
    expect(await fixture.deliver()).toEqual(['deleted', 'known']);
    expect([(await only())?.status, fixture.content(metadata)]).toEqual(['deleting', undefined]);
    expect(await changeOf(first?.id ?? '')).toMatchObject({ isDeleted: true, deletesObjects: false });

    fixture.put(key, 'other');
    expect(await fixture.deliver()).toEqual(['changed', 'known']);
    expect((await only())?.status).toBe('pending');
  });

  it('keeps what else its metadata says, but not another tenant', async () => {
    const theirs = { metadataAttributes: { tenant: 't-other', year: 2026 }, documentStructureConfiguration: { a: 1 } };
    fixture.put(metadata, JSON.stringify(theirs), 'application/json');
    expect(await fixture.deliver()).toEqual(['changed', 'known']);
    expect(JSON.parse(fixture.content(metadata) ?? '')).toEqual({
      metadataAttributes: { tenant, documentId: (await only())?.id, name: 'Grüße & more.md', year: 2026 },
      documentStructureConfiguration: { a: 1 },
    });
    fixture.delete(metadata);
    expect(await fixture.deliver()).toEqual(['changed', 'known']);
    expect(JSON.parse(fixture.content(metadata) ?? '').metadataAttributes.tenant).toBe(tenant);
  });

  it('leaves nothing behind when it goes while it is looked at', async () => {
    const shortLived = `documents/${tenant}/short-lived.txt`;
    fixture.put(shortLived, 'x');
    const [event] = fixture.events.splice(0);
    const goes: Hook = (call, when) => {
      if (call !== 'PutObject' || when === 'before') return;
      fixture.delete(shortLived);
      throw new Crash();
    };
    await expect(fixture.inspect(event ?? created(shortLived), goes)).rejects.toThrow(Crash);
    await fixture.deliver();
    await fixture.inspect(event ?? created(shortLived));
    expect(fixture.s3.keys(BUCKET).filter((each) => each.includes('short-lived'))).toEqual([]);
  });

  it('leaves a metadata file that comes before its document', async () => {
    const early = `documents/${tenant}/early.txt`;
    fixture.put(`${early}${METADATA_SUFFIX}`, '{"metadataAttributes":{"year":2026}}', 'application/json');
    expect(await fixture.deliver()).toEqual(['known']);
    fixture.put(early, 'x');
    await fixture.deliver();
    expect(JSON.parse(fixture.content(`${early}${METADATA_SUFFIX}`) ?? '').metadataAttributes).toMatchObject({
      year: 2026,
      tenant,
    });
  });

  it('bears events that come twice, late and in any order', async () => {
    const random = seededRandom(7);
    const keys = Array.from({ length: 12 }, (_, index) => `documents/${tenant}/shuffled-${index}.txt`);
    const there = new Map<string, string>();
    const told: { type: 'Object Created' | 'Object Deleted'; key: string; etag?: string }[] = [];
    for (let step = 0; step < 120; step += 1) {
      const key = keys[Math.floor(random() * keys.length)] ?? '';
      if (random() < 0.3) {
        fixture.delete(key);
        there.delete(key);
      } else {
        const content = `content ${step}`;
        fixture.put(key, content);
        there.set(key, content);
      }
      told.push(...fixture.events.splice(0));
      // Some are told late; none is lost.
      while (told.length > 0 && random() < 0.6) {
        const [event] = told.splice(Math.floor(random() * told.length), 1);
        if (event === undefined) break;
        await fixture.inspect(event);
        if (random() < 0.3) told.push(event);
      }
    }
    for (const event of told) await fixture.inspect(event);
    while (fixture.events.length > 0) await fixture.deliver();
    for (const key of keys) {
      const found = (await fixture.rows(tenant)).find(({ objectKey }) => objectKey === key);
      const expected = there.get(key);
      expect(found?.status, key).toBe(
        expected === undefined ? (found === undefined ? undefined : 'deleting') : 'pending',
      );
      if (expected !== undefined) {
        expect(found?.size, key).toBe(expected.length);
        expect(fixture.content(`${key}${METADATA_SUFFIX}`), key).toContain(`"tenant":"${tenant}"`);
        expect((await changeOf(found?.id ?? ''))?.isDeleted, key).toBe(false);
      }
    }
  });
});
