import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { noCache } from '../../../lib/runtime/cache';
import type { Database } from '../../../lib/runtime/postgres';
import { MULTIPART_ABOVE_BYTES, type UploadType } from '../../../patterns/web-app/contract';
import { AttachmentsRepository } from '../../../patterns/web-app/runtime/attachments-repository';
import { ItemsRepository } from '../../../patterns/web-app/runtime/items-repository';
import { PresignedUploads } from '../../../patterns/web-app/runtime/presigned-uploads';
import { describeWithPostgres } from '../../fixtures/describe-with';
import { type PostgresFixture, startPostgres } from '../../fixtures/postgres';
import { postForm } from '../../local/aws/s3/s3-fixture';
import { startUploads, type UploadsEngine } from './uploads-engine-fixture';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PAGE = Buffer.from('<script>x()</sc>');
const OWNER = 'ada';

describeWithPostgres('a file on its way, from the form to its attachment', () => {
  let postgres: PostgresFixture;
  let database: Database;
  let run: UploadsEngine;
  let logged: string[] = [];
  let failing = 0;
  let number = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    database = postgres.connect();
    run = await startUploads(postgres.endpoint, {
      onLog: (_, line) => logged.push(line),
      onCall: ({ action }) => {
        if (action !== 'CopyObject' || failing === 0) return;
        failing -= 1;
        throw new Error('S3 is not itself today');
      },
    });
  });
  afterAll(async () => {
    await run.stop();
    await postgres.stop();
  });
  afterEach(() => {
    logged = [];
  });

  const attach = async (contentType: UploadType, size: number) => {
    number += 1;
    const name = `file ${number}`;
    const { item } = await new ItemsRepository(database, noCache).create(OWNER, name.replace(' ', '-'), {
      title: name,
      notes: '',
    });
    const attachments = new AttachmentsRepository(database, noCache);
    const row = await attachments.create(OWNER, item.id, name.replace(' ', '-'), { name, contentType, size });
    const uploads = new PresignedUploads({ bucket: run.bucket, seconds: 900, maxBytes: 1024 ** 3, client: run.client });
    const request = { key: row.object_key, name, contentType, size };
    const status = async () => (await attachments.find(OWNER, item.id, row.id))?.status;
    return { item: item.id, key: row.object_key, uploads, status, granted: await uploads.begin(request) };
  };
  const files = () => run.engine.stores.s3.keys(run.bucket);
  const sent = (granted: Awaited<ReturnType<typeof attach>>['granted'], content: Buffer) => {
    if (granted.upload.kind !== 'form') throw new Error('Not a form');
    return postForm(granted.upload, content);
  };

  it('ends ready, and can be had', async () => {
    const { granted, status, uploads, key } = await attach('image/png', PNG.length);
    expect(await status()).toBe('pending');
    expect((await sent(granted, PNG)).status).toBe(204);
    await run.engine.settle();
    expect(await status()).toBe('ready');
    const { url } = await uploads.download(key, 'photo.png', 'image/png');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(PNG)).toBe(true);
  });

  it('ends in quarantine when it lies, whatever breaks on the way', async () => {
    const { granted, status, uploads, key } = await attach('image/png', PAGE.length);
    failing = 8;
    await sent(granted, PAGE);
    await run.engine.settle();
    expect(failing).toBe(0);
    expect(await status()).toBe('quarantined');
    expect(files()).toContain(key.replace(/^uploads/, 'quarantine'));
    expect(files()).not.toContain(key);
    const { url } = await uploads.download(key, 'photo.png', 'image/png');
    expect((await fetch(url)).status).toBe(404);
    expect(logged.filter((line) => line.includes('Message failed')).length).toBeGreaterThan(0);
    const warned = logged.find((line) => line.includes('does not match its declared type')) ?? '';
    expect(JSON.parse(warned)).toMatchObject({ level: 'WARN', attachment: key.split('/').at(-1) });
    expect(warned).not.toContain(OWNER);
    // The copy lies in quarantine, of which nobody is told.
    for (const queue of run.engine.template.ofType('AWS::SQS::Queue')) {
      expect(await run.engine.world.bodies(queue.arn ?? '')).toEqual([]);
    }
  });

  it('ends ready when it comes in parts', async () => {
    const film = Buffer.alloc(MULTIPART_ABOVE_BYTES + 1);
    film.write('ftypisom', 4);
    const { granted, status, uploads, key } = await attach('video/mp4', film.length);
    const { upload, uploadId = '' } = granted;
    if (upload.kind !== 'parts') throw new Error('Not in parts');
    const parts = await Promise.all(
      upload.parts.map(async ({ number: part, url }) => {
        const piece = film.subarray((part - 1) * upload.partSize, part * upload.partSize);
        const answer = await fetch(url, { method: 'PUT', body: piece, headers: { origin: 'https://app.example.com' } });
        expect(answer.headers.get('access-control-expose-headers')).toBe('ETag');
        return { number: part, etag: answer.headers.get('etag') ?? '' };
      }),
    );
    await run.engine.settle();
    expect(await status()).toBe('pending');
    await uploads.complete(key, uploadId, parts);
    await run.engine.settle();
    expect(await status()).toBe('ready');
  });

  it('ends deleted when its item is gone', async () => {
    const { item, granted, key } = await attach('image/png', PNG.length);
    await new ItemsRepository(database, noCache).remove(OWNER, item, async () => undefined);
    await sent(granted, PNG);
    expect(files()).toContain(key);
    await run.engine.settle();
    expect(files()).not.toContain(key);
  });

  it('survives the database going away under it', async () => {
    const { granted, status } = await attach('image/png', PNG.length);
    await postgres.cutAll();
    await sent(granted, PNG);
    await run.engine.settle();
    expect(await status()).toBe('ready');
  });

  it('ends in the dead-letter queue when the message is none of S3', async () => {
    const queue = run.engine.find('AWS::SQS::Queue', 'EventsWorkQueue').arn ?? '';
    await run.engine.world.send(queue, {
      body: '{"detail-type":"Object Created","detail":{"bucket":{"name":"other"}}}',
    });
    await run.engine.settle();
    expect(
      await run.engine.world.bodies(run.engine.find('AWS::SQS::Queue', 'EventsWorkDeadLetter').arn ?? ''),
    ).toHaveLength(1);
  });
});
