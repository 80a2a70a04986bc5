import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noCache } from '../../../../lib/runtime/cache';
import type { ApplicationEnvironment } from '../../../../patterns/web-app/runtime/application-context';
import { AttachmentsRepository, MAX_ATTACHMENTS } from '../../../../patterns/web-app/runtime/attachments-repository';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { type PostgresFixture, startPostgres } from '../../../fixtures/postgres';
import { applicationOn, ask, counted, create, type FakeUploads, fakeUploads, newKey } from './application-fixture';

const PNG = { name: 'photo.png', contentType: 'image/png', size: 1000 };
const LARGE = { ...PNG, size: 200_000_000 };

describeWithPostgres('attachments on a real database', () => {
  let postgres: PostgresFixture;
  let database: ReturnType<typeof counted>;
  let application: Hono<ApplicationEnvironment>;
  let uploads: FakeUploads;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = counted(postgres.connect());
    uploads = fakeUploads((size) => size > 100_000_000);
    application = applicationOn(database, noCache, { uploads: async () => uploads });
  });
  afterAll(() => postgres.stop());

  const attach = (id: string, body: unknown, key = newKey(), user = 'alice') =>
    ask(application, `/api/items/${id}/attachments`, {
      method: 'POST',
      user,
      headers: { 'idempotency-key': key },
      body,
    });
  const attachmentsOf = async (id: string) => (await ask(application, `/api/items/${id}`)).json.attachments;

  it('grants an upload to a key of the owner, and shows the file as pending', async () => {
    const { id } = await create(application);
    const before = database.asked.length;
    const { status, json, headers } = await attach(id, PNG);
    expect(database.asked.length - before).toBe(1);
    expect(status).toBe(201);
    const attachment = { ...PNG, id: json.attachment.id, status: 'pending' };
    expect(json.attachment).toEqual(attachment);
    expect(json.upload).toMatchObject({ kind: 'form', fields: { key: `uploads/alice/${attachment.id}` } });
    expect(headers.get('location')).toBe(`/api/items/${id}/attachments/${attachment.id}`);
    expect(await attachmentsOf(id)).toEqual([attachment]);
  });

  it('attaches one file for a request that comes many times, and tells it from another', async () => {
    const { id } = await create(application);
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => attach(id, PNG, key)));
    expect(new Set(answers.map(({ status, json }) => `${status} ${json.attachment.id}`)).size).toBe(1);
    expect(await attachmentsOf(id)).toHaveLength(1);
    expect((await attach(id, { ...PNG, size: 1001 }, key)).json.code).toBe('idempotency_key_reused');
  });

  it('takes no file that is too large or of another type, and asks nobody', async () => {
    const { id } = await create(application);
    const before = database.asked.length;
    const tooLarge = await attach(id, { ...PNG, size: 1_000_000_001 });
    expect([tooLarge.status, tooLarge.json.code, tooLarge.json.field]).toEqual([413, 'too_large', 'size']);
    for (const [change, field] of [
      [{ contentType: 'text/html' }, 'contentType'],
      [{ contentType: 'image/svg+xml' }, 'contentType'],
      [{ size: 0 }, 'size'],
      [{ size: 1.5 }, 'size'],
      [{ name: '' }, 'name'],
      [{ key: 'uploads/bob/x' }, 'key'],
    ] as const) {
      const { status, json } = await attach(id, { ...PNG, ...change });
      expect([field, status, json.field]).toEqual([field, 400, field]);
    }
    expect(database.asked.length).toBe(before);
  });

  it('completes an upload in parts by the id that was granted last', async () => {
    const { id } = await create(application);
    const key = newKey();
    const { json } = await attach(id, LARGE, key);
    const repeated = await attach(id, LARGE, key);
    expect(repeated.json.upload.completePath).toBe(json.upload.completePath);
    const parts = [{ number: 1, etag: '"abc"' }];
    const complete = () => ask(application, json.upload.completePath, { method: 'POST', body: { parts } });
    expect((await complete()).status).toBe(202);
    const object = `uploads/alice/${json.attachment.id}`;
    expect(uploads.completed).toEqual([{ key: object, uploadId: 'upload-2', parts }]);
    await new AttachmentsRepository(database, noCache).settle(object, 'ready');
    // The answer may have been lost: a repeat is told the same, and changes nothing.
    expect((await complete()).status).toBe(202);
    expect(uploads.completed).toHaveLength(1);
  });

  it('says which parts cannot be completed', async () => {
    const { id } = await create(application);
    const small = await attach(id, PNG);
    const path = `/api/items/${id}/attachments/${small.json.attachment.id}/complete`;
    const parts = [{ number: 1, etag: 'abc' }];
    const complete = (body: unknown) => ask(application, path, { method: 'POST', body });
    expect((await complete({ parts })).json.code).toBe('not_in_parts');
    for (const bad of [
      {},
      { parts: [] },
      { parts: [{ number: 0, etag: 'a' }] },
      { parts: [{ number: 1, etag: '<x/> "' }] },
    ]) {
      expect((await complete(bad)).status).toBe(400);
    }
    const incomplete = Object.assign(new Error('InvalidPart'), { name: 'UploadIncompleteError' });
    const failing = applicationOn(database, noCache, {
      uploads: async () => ({ ...uploads, complete: () => Promise.reject(incomplete) }),
    });
    const large = await attach(id, LARGE);
    const answer = await ask(failing, large.json.upload.completePath, { method: 'POST', body: { parts } });
    expect([answer.status, answer.json.code]).toEqual([409, 'upload_incomplete']);
  });

  it('gives out a file once it was looked at, and never one that lies', async () => {
    const { id } = await create(application);
    const { json } = await attach(id, PNG);
    const get = () => ask(application, `/api/items/${id}/attachments/${json.attachment.id}`);
    expect((await get()).json).toEqual({ attachment: json.attachment });
    const attachments = new AttachmentsRepository(database, noCache);
    const object = `uploads/alice/${json.attachment.id}`;
    expect(await attachments.settle(object, 'ready')).toBe(true);
    expect((await get()).json).toMatchObject({
      attachment: { status: 'ready' },
      download: { url: expect.any(String) },
    });
    await attachments.settle(object, 'quarantined');
    await attachments.settle(object, 'ready');
    expect((await get()).json).toEqual({ attachment: { ...json.attachment, status: 'quarantined' } });
    expect(await attachments.settle('uploads/alice/none', 'ready')).toBe(false);
  });

  it('deletes the objects of an item before the item, and keeps it when that fails', async () => {
    const { id } = await create(application);
    const keys = [];
    for (let n = 0; n < 3; n += 1) keys.push(`uploads/alice/${(await attach(id, PNG)).json.attachment.id}`);
    const failing = applicationOn(database, noCache, {
      uploads: async () => ({ ...uploads, remove: () => Promise.reject(new Error('S3 is away')) }),
    });
    expect((await ask(failing, `/api/items/${id}`, { method: 'DELETE' })).status).toBe(500);
    expect(await attachmentsOf(id)).toHaveLength(3);
    expect((await ask(application, `/api/items/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect([...new Set(uploads.removed)].sort()).toEqual(keys.sort());
    expect(await postgres.query('SELECT FROM attachments WHERE item_id = $1', [id])).toEqual([]);
  });

  it('keeps an item’s answer far below what Lambda lets through, and a list’s', async () => {
    // Characters that JSON writes as two bytes each, and characters of four bytes: no other takes more room.
    const notes = '"'.repeat(16_384);
    const title = '\u{1f600}'.repeat(200);
    const headers = { 'idempotency-key': newKey() };
    const { json } = await ask(application, '/api/items', {
      method: 'POST',
      user: 'max',
      headers,
      body: { title, notes },
    });
    for (let n = 0; n < MAX_ATTACHMENTS; n += 1) {
      expect((await attach(json.id, { ...PNG, name: title }, newKey(), 'max')).status).toBe(201);
    }
    const full = await attach(json.id, PNG, newKey(), 'max');
    expect([full.status, full.json.code]).toEqual([409, 'too_many_attachments']);
    const item = await ask(application, `/api/items/${json.id}`, { user: 'max' });
    expect(item.json.attachments).toHaveLength(MAX_ATTACHMENTS);
    expect(Buffer.byteLength(item.text)).toBeLessThan(500_000);
    await postgres.query(
      `INSERT INTO items (id, owner, title, idempotency_key) SELECT gen_random_uuid(), 'max', $1, n::text FROM generate_series(1, 200) n`,
      [title],
    );
    const page = await ask(application, '/api/items?limit=100', { user: 'max' });
    expect(page.json.items).toHaveLength(100);
    expect(Buffer.byteLength(page.text)).toBeLessThan(500_000);
  });
});
