import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { LARGEST_UPLOAD_BYTES, MULTIPART_ABOVE_BYTES } from '../../../../patterns/web-app/contract';
import { PresignedUploads, uploadsSettings } from '../../../../patterns/web-app/runtime/presigned-uploads';

/** Uploads whose S3 answers as told, and the names of what was asked of it. Signing asks nobody. */
function uploadsWith({ maxBytes = LARGEST_UPLOAD_BYTES, isOpen = true } = {}) {
  const asked: string[] = [];
  const client = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  const send = async ({ constructor: { name } }: { constructor: { name: string } }) => {
    asked.push(name);
    if (name === 'ListPartsCommand' && !isOpen) throw Object.assign(new Error(name), { name: 'NoSuchUpload' });
    return { UploadId: 'new' };
  };
  Object.assign(client, { send });
  return { asked, uploads: new PresignedUploads({ bucket: 'files', seconds: 300, maxBytes, client }) };
}

const FILE = { key: 'uploads/ada/1', name: 'a.png', contentType: 'image/png' } as const;

describe('the largest file', () => {
  const largest = (maxBytes: number) => () => uploadsWith({ maxBytes });

  it.each([1, 2, LARGEST_UPLOAD_BYTES - 1, LARGEST_UPLOAD_BYTES])('may have %d bytes', (maxBytes) => {
    expect(largest(maxBytes)).not.toThrow();
  });

  it.each([-1, 0, 0.5, 1.5, LARGEST_UPLOAD_BYTES + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'may not have %d bytes',
    (maxBytes) => expect(largest(maxBytes)).toThrow(RangeError),
  );

  it('is taken, and none that is larger', async () => {
    const { uploads } = uploadsWith({ maxBytes: 1000 });
    expect((await uploads.begin({ ...FILE, size: 1000 })).upload.kind).toBe('form');
    await expect(uploads.begin({ ...FILE, size: 1001 })).rejects.toThrow('A file has at most 1000 bytes, not 1001');
  });
});

describe('an upload', () => {
  it.each([1, MULTIPART_ABOVE_BYTES - 1, MULTIPART_ABOVE_BYTES])('of %d bytes is a form', async (size) => {
    const { asked, uploads } = uploadsWith();
    const { upload, uploadId } = await uploads.begin({ ...FILE, size });
    expect([upload.kind, uploadId, asked]).toEqual(['form', undefined, []]);
    expect(upload).toMatchObject({ fields: { key: FILE.key, 'Content-Type': 'image/png' } });
  });

  it('of a byte more comes in parts', async () => {
    const { asked, uploads } = uploadsWith();
    const { upload, uploadId } = await uploads.begin({ ...FILE, size: MULTIPART_ABOVE_BYTES + 1 });
    expect([upload.kind, uploadId, asked]).toEqual(['parts', 'new', ['CreateMultipartUploadCommand']]);
    expect(upload).not.toHaveProperty('uploadId');
  });

  it.each([
    ['goes on while it is open', true, 'begun', ['ListPartsCommand']],
    ['begins anew when it is gone', false, 'new', ['ListPartsCommand', 'CreateMultipartUploadCommand']],
  ])('in parts that has begun %s', async (_, isOpen, expected, calls) => {
    const { asked, uploads } = uploadsWith({ isOpen });
    const size = MULTIPART_ABOVE_BYTES + 1;
    const { upload, uploadId } = await uploads.begin({ ...FILE, size, uploadId: 'begun' });
    expect([upload.kind, uploadId, asked]).toEqual(['parts', expected, calls]);
  });
});

it('the settings are what the environment names', () => {
  vi.stubEnv('UPLOADS_BUCKET', 'files');
  vi.stubEnv('UPLOADS_MAX_BYTES', '1000');
  vi.stubEnv('UPLOAD_URL_SECONDS', '300');
  expect(uploadsSettings()).toEqual({ bucket: 'files', maxBytes: 1000, seconds: 300 });
  for (const name of ['UPLOADS_BUCKET', 'UPLOADS_MAX_BYTES', 'UPLOAD_URL_SECONDS']) {
    vi.stubEnv(name, undefined);
    expect(uploadsSettings).toThrow(name);
    vi.stubEnv(name, '1');
  }
  vi.unstubAllEnvs();
});
