import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, S3Fixture } from './s3-fixture';

const fixture = new S3Fixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());
beforeEach(() => {
  for (const Key of fixture.store.keys(BUCKET)) fixture.store.call('DeleteObject', { Bucket: BUCKET, Key });
  fixture.changes.length = 0;
});

const MEBIBYTE = 1024 ** 2;
const Key = 'uploads/large';
const begin = async () =>
  (await fixture.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ContentType: 'video/mp4' })))
    .UploadId ?? '';
const put = async (UploadId: string, PartNumber: number, Body: Buffer) => {
  const { ETag } = await fixture.client.send(
    new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber, Body }),
  );
  return { PartNumber, ETag };
};
const complete = (UploadId: string, Parts: { PartNumber: number; ETag?: string }[]) =>
  fixture.client.send(
    new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId, MultipartUpload: { Parts } }),
  );
const store = (key: string, Body: string, ContentType = 'text/plain') =>
  fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, ContentType }));

describe('an upload in parts', () => {
  it('becomes one object when it is completed, whatever the order in which parts came', async () => {
    const [a, b] = [Buffer.alloc(5 * MEBIBYTE, 'a'), Buffer.from('the end')];
    const id = await begin();
    const second = await put(id, 2, b);
    const first = await put(id, 1, a);
    expect(fixture.store.keys(BUCKET)).toEqual([]);
    const { ETag } = await complete(id, [first, second]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(fixture.content(Key)?.equals(Buffer.concat([a, b]))).toBe(true);
    const head = await fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    expect(head).toMatchObject({ ContentLength: 5 * MEBIBYTE + 7, ContentType: 'video/mp4', ETag });
    expect(fixture.changes.map((change) => [change.type, change.reason])).toEqual([
      ['Object Created', 'CompleteMultipartUpload'],
    ]);
    await expect(complete(id, [first, second])).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(fixture.store.openUploads(BUCKET)).toEqual([]);
  });

  it('takes the last that was put under a number', async () => {
    const id = await begin();
    await put(id, 1, Buffer.from('old'));
    await complete(id, [await put(id, 1, Buffer.from('new'))]);
    expect(fixture.content(Key)?.toString()).toBe('new');
  });

  it('is not completed with a part that is not there, out of order or too small', async () => {
    const id = await begin();
    const small = await put(id, 1, Buffer.alloc(5 * MEBIBYTE - 1));
    const last = await put(id, 2, Buffer.from('the end'));
    const cases = [
      [[small, { ...last, ETag: '"0"' }], 'InvalidPart'],
      [[small, { ...last, PartNumber: 3 }], 'InvalidPart'],
      [[last, small], 'InvalidPartOrder'],
      [[small, last], 'EntityTooSmall'],
    ] as const;
    for (const [parts, name] of cases) await expect(complete(id, [...parts])).rejects.toMatchObject({ name });
    expect(fixture.store.keys(BUCKET)).toEqual([]);
    // It goes on: nothing of it was lost.
    await complete(id, [await put(id, 1, Buffer.alloc(5 * MEBIBYTE)), last]);
    expect(fixture.content(Key)?.length).toBe(5 * MEBIBYTE + 7);
  });

  it('tells which parts came', async () => {
    const UploadId = await begin();
    const list = (input = {}) => fixture.client.send(new ListPartsCommand({ Bucket: BUCKET, Key, UploadId, ...input }));
    expect((await list()).Parts).toBeUndefined();
    const second = await put(UploadId, 2, Buffer.from('two'));
    const first = await put(UploadId, 1, Buffer.from('the first'));
    expect((await list()).Parts).toEqual([
      { ...first, Size: 9 },
      { ...second, Size: 3 },
    ]);
    const page = await list({ MaxParts: 1 });
    expect([page.Parts?.length, page.IsTruncated, page.UploadId]).toEqual([1, true, UploadId]);
    await expect(list({ PartNumberMarker: '1' })).rejects.toThrow('does not support ListParts from a marker');
    await expect(list({ UploadId: 'none' })).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is gone when it is aborted, and belongs to its key', async () => {
    const id = await begin();
    const elsewhere = new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: 'other', UploadId: id });
    await expect(fixture.client.send(elsewhere)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await fixture.client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key, UploadId: id }));
    await expect(put(id, 1, Buffer.from('late'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('has parts 1 to 10,000', async () => {
    const id = await begin();
    for (const number of [0, 10_001]) {
      await expect(put(id, number, Buffer.from('x'))).rejects.toMatchObject({ name: 'InvalidArgument' });
    }
    await put(id, 10_000, Buffer.from('x'));
  });
});

describe('an object', () => {
  it('is served in ranges', async () => {
    await store('letters', 'abcdefghij');
    const range = async (Range: string) => {
      const { Body, ContentRange } = await fixture.client.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: 'letters', Range }),
      );
      return [await Body?.transformToString(), ContentRange];
    };
    expect(await range('bytes=0-3')).toEqual(['abcd', 'bytes 0-3/10']);
    expect(await range('bytes=8-100')).toEqual(['ij', 'bytes 8-9/10']);
    expect(await range('bytes=-2')).toEqual(['ij', 'bytes 8-9/10']);
    expect(await range('bytes=7-')).toEqual(['hij', 'bytes 7-9/10']);
    expect(await range('letters=1-2')).toEqual(['abcdefghij', undefined]);
    await expect(range('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('that is not there is not found, by GET and by HEAD', async () => {
    const missing = { Bucket: BUCKET, Key: 'none' };
    await expect(fixture.client.send(new GetObjectCommand(missing))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(fixture.client.send(new HeadObjectCommand(missing))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('is copied as it is, if it is the one that is meant', async () => {
    const { ETag } = await store('uploads/a ü&b', 'content', 'image/png');
    const copy = (CopySourceIfMatch?: string) =>
      fixture.client.send(
        new CopyObjectCommand({
          Bucket: BUCKET,
          Key: 'quarantine/x',
          CopySource: `${BUCKET}/${encodeURIComponent('uploads/a ü&b')}`,
          CopySourceIfMatch,
        }),
      );
    await expect(copy('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(fixture.content('quarantine/x')).toBeUndefined();
    expect((await copy(ETag)).CopyObjectResult?.ETag).toBe(ETag);
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'quarantine/x' }));
    expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['content', 'image/png']);
  });

  it('is deleted, alone or among others; one that is not there counts as deleted', async () => {
    for (const key of ['a', 'b & <c>', 'd']) await store(key, key);
    fixture.changes.length = 0;
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const Objects = ['b & <c>', 'none'].map((each) => ({ Key: each }));
    const { Deleted } = await fixture.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect(Deleted?.map((each) => each.Key)).toEqual(['b & <c>', 'none']);
    expect(fixture.store.keys(BUCKET)).toEqual(['d']);
    expect(fixture.changes).toEqual(
      ['a', 'b & <c>'].map((key) => ({ type: 'Object Deleted', bucket: BUCKET, key, reason: 'DeleteObject' })),
    );
  });
});
