import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UploadIncompleteError } from '../../../../lib/runtime/presigned-upload';
import { LARGEST_UPLOAD_BYTES, MULTIPART_ABOVE_BYTES } from '../../../../patterns/web-app/contract';
import { PresignedUploads } from '../../../../patterns/web-app/runtime/presigned-uploads';
import type { GrantedUpload, UploadRequest } from '../../../../patterns/web-app/runtime/uploads';
import { BUCKET, postForm, refusalOf, S3Fixture } from '../../../local/aws/s3/s3-fixture';

const fixture = new S3Fixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const MEBIBYTE = 1024 ** 2;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const uploads = (settings: { seconds?: number; maxBytes?: number } = {}) =>
  new PresignedUploads({
    bucket: BUCKET,
    seconds: 300,
    maxBytes: LARGEST_UPLOAD_BYTES,
    client: fixture.client,
    ...settings,
  });
const file = (change: Partial<UploadRequest> = {}): UploadRequest => ({
  key: 'uploads/ada/1',
  name: 'photo.png',
  contentType: 'image/png',
  size: PNG.length,
  ...change,
});
const form = async (request: UploadRequest = file(), settings = {}) => {
  const { upload, uploadId } = await uploads(settings).begin(request);
  if (upload.kind !== 'form') throw new Error('Not a form');
  expect(uploadId).toBeUndefined();
  return upload;
};
const parts = async (request: UploadRequest) => {
  const { upload, uploadId = '' } = await uploads().begin(request);
  if (upload.kind !== 'parts') throw new Error('Not in parts');
  return { ...upload, uploadId };
};
const changed = (upload: GrantedUpload & { kind: 'form' }, name: string, value: string) => ({
  url: upload.url,
  fields: { ...upload.fields, [name]: value },
});

describe('a form', () => {
  it('takes the file that it was made for', async () => {
    const upload = await form();
    expect((await postForm(upload, PNG)).status).toBe(204);
    expect(fixture.content('uploads/ada/1')?.equals(PNG)).toBe(true);
    const kept = fixture.store.call('HeadObject', { Bucket: BUCKET, Key: 'uploads/ada/1' });
    expect([upload.fields['Content-Type'], kept['ContentType']]).toEqual(['image/png', 'image/png']);
  });

  it('takes no other key, type or size, and nothing more', async () => {
    const upload = await form(file({ key: 'uploads/ada/2' }));
    const answers = {
      'another key': postForm(changed(upload, 'key', 'uploads/bob/2'), PNG),
      'a key outside': postForm(changed(upload, 'key', 'index.html'), PNG),
      'another type': postForm(changed(upload, 'Content-Type', 'text/html'), PNG),
      'an encoding': postForm(changed(upload, 'Content-Encoding', 'gzip'), PNG),
      'a grant': postForm(changed(upload, 'acl', 'public-read'), PNG),
      'a redirect': postForm(changed(upload, 'success_action_redirect', 'https://evil.example.com'), PNG),
      'a byte more': postForm(upload, Buffer.concat([PNG, Buffer.alloc(1)])),
      'a byte less': postForm(upload, PNG.subarray(1)),
      'a longer life': postForm(changed(upload, 'Policy', longer(upload.fields['Policy'] ?? '')), PNG),
    };
    const codes = Object.entries(answers).map(async ([what, answer]) => [what, (await refusalOf(await answer))[1]]);
    expect(Object.fromEntries(await Promise.all(codes))).toEqual({
      'another key': 'AccessDenied',
      'a key outside': 'AccessDenied',
      'another type': 'AccessDenied',
      'an encoding': 'AccessDenied',
      'a grant': 'AccessDenied',
      'a redirect': 'AccessDenied',
      'a byte more': 'EntityTooLarge',
      'a byte less': 'EntityTooSmall',
      'a longer life': 'SignatureDoesNotMatch',
    });
    expect(fixture.store.keys(BUCKET)).toEqual(['uploads/ada/1']);
  });

  it.each([300, 900])('lives %d seconds', async (seconds) => {
    const upload = await form(file({ key: `uploads/ada/${seconds}` }), { seconds });
    const end = Date.parse(upload.expiresAt);
    const policy = Buffer.from(upload.fields['Policy'] ?? '', 'base64').toString();
    expect(Date.parse((JSON.parse(policy) as { expiration: string }).expiration) - end).toBeLessThanOrEqual(1000);
    fixture.ahead = end - Date.now() + 1000;
    expect((await refusalOf(await postForm(upload, PNG)))[2]).toContain('Policy expired');
    fixture.ahead = end - Date.now() - 5000;
    expect((await postForm(upload, PNG)).status).toBe(204);
    fixture.ahead = 0;
  });

  it('is had for 100 MB, and none larger', async () => {
    expect((await uploads().begin(file({ size: MULTIPART_ABOVE_BYTES }))).upload.kind).toBe('form');
    expect((await uploads().begin(file({ size: MULTIPART_ABOVE_BYTES + 1 }))).upload.kind).toBe('parts');
  });
});

it.each([299, 901, 3600, 0, Number.NaN, 300.5])('refuses a life of %d seconds', (seconds) => {
  expect(() => uploads({ seconds })).toThrow(/300 to 900/);
});

it.each([0, LARGEST_UPLOAD_BYTES + 1, Number.NaN])('refuses %d as the largest file', (maxBytes) => {
  expect(() => uploads({ maxBytes })).toThrow(RangeError);
});

it('grants nothing to a file above the largest, and none to one of nothing', async () => {
  const small = uploads({ maxBytes: 1000 });
  await expect(small.begin(file({ size: 1001 }))).rejects.toThrow('at most 1000 bytes, not 1001');
  expect((await small.begin(file({ size: 1000 }))).upload.kind).toBe('form');
  for (const size of [0, -1, 1.5]) await expect(small.begin(file({ size }))).rejects.toThrow(RangeError);
});

describe('parts', () => {
  it.each([MULTIPART_ABOVE_BYTES + 1, 1024 ** 3, LARGEST_UPLOAD_BYTES])(
    'hold %d bytes, and are no more than a hundred',
    async (size) => {
      const key = `uploads/ada/${size}`;
      const upload = await parts(file({ key, size, contentType: 'video/mp4' }));
      const { length } = upload.parts;
      expect(upload.partSize).toBeGreaterThanOrEqual(5 * MEBIBYTE);
      expect(length).toBeLessThanOrEqual(100);
      expect((length - 1) * upload.partSize).toBeLessThan(size);
      expect(length * upload.partSize).toBeGreaterThanOrEqual(size);
      expect(upload.parts.map(({ number }) => number)).toEqual(Array.from({ length }, (_, index) => index + 1));
      for (const { url } of upload.parts) {
        const query = new URL(url).searchParams;
        expect([query.get('X-Amz-Expires'), query.get('X-Amz-SignedHeaders')]).toEqual(['300', 'content-length;host']);
      }
    },
  );

  it('become the file when they are completed, once', async () => {
    const content = Buffer.alloc(MULTIPART_ABOVE_BYTES + 5, 'film ');
    const key = 'uploads/ada/film';
    const {
      partSize,
      parts: each,
      uploadId,
    } = await parts(file({ key, size: content.length, contentType: 'video/mp4' }));
    const pieces = each.map(({ number, url }) => ({
      number,
      url,
      piece: content.subarray((number - 1) * partSize, number * partSize),
    }));
    const last = pieces.at(-1);
    if (last === undefined) throw new Error('No parts');
    const cut = await fetch(last.url, { method: 'PUT', body: last.piece.subarray(1) });
    expect((await refusalOf(cut))[1]).toBe('SignatureDoesNotMatch');
    const put: { number: number; etag: string }[] = [];
    for (const { number, url, piece } of pieces) {
      const answer = await fetch(url, { method: 'PUT', body: piece });
      expect(answer.status).toBe(200);
      put.unshift({ number, etag: answer.headers.get('etag') ?? '' });
    }
    const wrong = put.map((part) => (part.number === 2 ? { ...part, etag: '"0"' } : part));
    await expect(uploads().complete(key, uploadId, wrong)).rejects.toThrow(UploadIncompleteError);
    await expect(uploads().complete(key, uploadId, [])).rejects.toThrow(UploadIncompleteError);
    expect(fixture.content(key)).toBeUndefined();
    await uploads().complete(key, uploadId, put);
    expect(fixture.content(key)?.equals(content)).toBe(true);
    // Who never heard the answer asks again.
    await uploads().complete(key, uploadId, put);
    await uploads().remove([key]);
    await expect(uploads().complete(key, uploadId, put)).rejects.toThrow(UploadIncompleteError);
  });
});

describe('an upload in parts that is granted again', () => {
  const request = file({ key: 'uploads/ada/again', size: MULTIPART_ABOVE_BYTES + 5, contentType: 'video/mp4' });
  const content = Buffer.alloc(request.size, 'film ');

  it('goes on with the parts that came', async () => {
    const first = await parts(request);
    const piece = (number: number) => content.subarray((number - 1) * first.partSize, number * first.partSize);
    const put = async ({ number, url }: { number: number; url: string }) => {
      const answer = await fetch(url, { method: 'PUT', body: piece(number) });
      return { number, etag: answer.headers.get('etag') ?? '' };
    };
    const sent = await Promise.all(first.parts.slice(0, 3).map(put));
    const again = await parts({ ...request, uploadId: first.uploadId });
    expect(again.uploadId).toBe(first.uploadId);
    sent.push(...(await Promise.all(again.parts.slice(3).map(put))));
    await uploads().complete(request.key, first.uploadId, sent);
    expect(fixture.content(request.key)?.equals(content)).toBe(true);
  });

  it('begins anew when S3 has dropped it', async () => {
    const { uploadId } = await parts(request);
    fixture.store.call('AbortMultipartUpload', { Bucket: BUCKET, Key: request.key, UploadId: uploadId });
    const again = await parts({ ...request, uploadId });
    expect(again.uploadId).not.toBe(uploadId);
    const [one] = again.parts;
    const answer = await fetch(one?.url ?? '', { method: 'PUT', body: content.subarray(0, again.partSize) });
    expect(answer.status).toBe(200);
  });
});

describe('a download', () => {
  it('is the file under its own name, and never a page', async () => {
    const upload = await form(file({ key: 'uploads/ada/page' }));
    await postForm(upload, PNG);
    const { url, expiresAt } = await uploads().download('uploads/ada/page', 'Über "uns".png', 'image/png');
    const answer = await fetch(url);
    expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="_ber _uns_.png"; filename*=UTF-8''%C3%9Cber%20_uns_.png`,
    );
    for (const header of ['content-disposition', 'content-type']) {
      const inline = new URL(url);
      inline.searchParams.set(`response-${header}`, header === 'content-type' ? 'text/html' : 'inline');
      expect((await refusalOf(await fetch(inline)))[1]).toBe('SignatureDoesNotMatch');
    }
    fixture.ahead = Date.parse(expiresAt) - Date.now() + 1000;
    expect((await refusalOf(await fetch(url)))[2]).toBe('Request has expired');
    fixture.ahead = 0;
  });
});

it('removes files, by the thousand, and those that are not there', async () => {
  const keys = Array.from({ length: 1001 }, (_, index) => `uploads/bob/${index}`);
  for (const Key of keys) fixture.store.call('PutObject', { Bucket: BUCKET, Key, Body: PNG });
  await uploads().remove([...keys, 'uploads/bob/none']);
  expect(fixture.store.keys(BUCKET).filter((key) => key.startsWith('uploads/bob/'))).toEqual([]);
  await uploads().remove([]);
});

/** A policy with another end. */
function longer(policy: string): string {
  const document = JSON.parse(Buffer.from(policy, 'base64').toString()) as object;
  return Buffer.from(JSON.stringify({ ...document, expiration: '2099-01-01T00:00:00Z' })).toString('base64');
}
