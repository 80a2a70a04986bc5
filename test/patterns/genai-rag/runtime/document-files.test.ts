import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { CONVERTED_BYTES, DocumentFiles } from '../../../../patterns/genai-rag/runtime/document-files';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const named = (name: string) => Object.assign(new Error(name), { name });
type Answer = object | Error;

async function* body(...chunks: (string | Uint8Array)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk as string);
}

/** Files in an S3 that gives these answers, one after the other. */
function filesOf(...answers: Answer[]) {
  const calls: unknown[] = [];
  const send = vi.fn(async (command: { readonly input: object; readonly constructor: { name: string } }) => {
    const { Bucket, ...rest } = command.input as { Bucket: string };
    expect(Bucket).toBe('documents');
    calls.push([command.constructor.name, rest]);
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { files: new DocumentFiles('documents', { send } as never), calls };
}
const got = (content: string | Uint8Array, changed: object = {}) => ({
  Body: body(content),
  ContentType: 'text/plain',
  ETag: '"e-1"',
  ContentRange: `bytes 0-9/${content.length}`,
  ...changed,
});

describe('a look at a text', () => {
  const look = (answer: Answer, ...more: Answer[]) => {
    const { files, calls } = filesOf(answer, ...more);
    return { calls, found: files.look('k', { contentType: 'text/plain', size: 5 }) };
  };

  it('reads all of it, and one byte more than was announced', async () => {
    const { calls, found } = look(got('hello'));
    const head = Buffer.from('hello');
    expect(await found).toEqual({
      head,
      whole: head,
      encoding: 'utf-8',
      size: 5,
      contentType: 'text/plain',
      etag: 'e-1',
    });
    expect(calls).toEqual([['GetObjectCommand', { Key: 'k', Range: 'bytes=0-5', IfMatch: undefined }]]);
  });

  it('has no size, type or tag but those that S3 tells', async () => {
    expect(await look({ Body: body('hello') }).found).toMatchObject({ size: 5, contentType: '', etag: '' });
    expect(await look(got('hello', { ContentRange: 'bytes 0-4/12345' })).found).toMatchObject({ size: 12_345 });
    expect(await look(got('hello', { ContentRange: 'bytes 0-4/*' })).found).toMatchObject({ size: 5 });
    expect(await look({ ETag: '"e"' }).found).toMatchObject({ size: 0, head: Buffer.alloc(0) });
  });

  it('keeps what may be converted, and else its beginning alone', async () => {
    expect(CONVERTED_BYTES).toBe(4 * 1024 * 1024);
    const most = await look(got(Buffer.alloc(CONVERTED_BYTES, 'a'))).found;
    expect([most?.head.length, most && 'whole' in most && most.whole?.length]).toEqual([16_384, CONVERTED_BYTES]);
    const more = await look(got(Buffer.alloc(CONVERTED_BYTES + 1, 'a'))).found;
    expect([more?.head.length, more && 'whole' in more]).toEqual([16_384, false]);
  });

  it('finds nothing where nothing is, or another by now', async () => {
    for (const name of ['NoSuchKey', 'PreconditionFailed']) expect(await look(named(name)).found).toBeUndefined();
    await expect(look(named('AccessDenied')).found).rejects.toThrow('AccessDenied');
  });

  it('finds a file of no bytes', async () => {
    const { calls, found } = look(named('InvalidRange'), { ContentLength: 0, ETag: '"e-0"' });
    expect(await found).toMatchObject({ head: Buffer.alloc(0), size: 0, contentType: '', etag: 'e-0' });
    expect(calls[1]).toEqual(['HeadObjectCommand', { Key: 'k' }]);
    expect(await look(named('InvalidRange'), named('NotFound')).found).toBeUndefined();
  });
});

describe('a look at another file', () => {
  const look = (contentType: 'application/pdf' | typeof DOCX, ...answers: Answer[]) => {
    const { files, calls } = filesOf(...answers);
    return { calls, found: files.look('k', { contentType, size: 5 }) };
  };
  const long = (bytes: number) => got('head', { ContentRange: `bytes 0-16383/${bytes}` });

  it('reads its first 16 KiB', async () => {
    const { calls, found } = look('application/pdf', long(16_385));
    const [head, contentType] = [Buffer.from('head'), 'text/plain'];
    expect(await found).toEqual({ head, size: 16_385, contentType, etag: 'e-1' });
    expect(calls).toEqual([['GetObjectCommand', { Key: 'k', Range: 'bytes=0-16383', IfMatch: undefined }]]);
  });

  it('reads the end of the same file where that tells its type', async () => {
    const { calls, found } = look(DOCX, long(16_385), got('tail'));
    expect(await found).toMatchObject({ head: Buffer.from('head'), tail: Buffer.from('tail'), size: 16_385 });
    expect(calls[1]).toEqual(['GetObjectCommand', { Key: 'k', Range: 'bytes=-65536', IfMatch: '"e-1"' }]);
    const short = look(DOCX, long(16_384));
    expect(await short.found).not.toHaveProperty('tail');
    expect(await look(DOCX, named('NoSuchKey')).found).toBeUndefined();
    expect(await look(DOCX, long(16_385), named('PreconditionFailed')).found).toBeUndefined();
  });

  it('reads a body in pieces', async () => {
    expect(await look('application/pdf', { Body: body('he', 'ad') }).found).toMatchObject({
      head: Buffer.from('head'),
    });
  });
});

describe('an object', () => {
  it('is found with its size and tag, or not found', async () => {
    expect(await filesOf({ ContentLength: 7, ETag: '"e"' }).files.find('k')).toEqual({ size: 7, etag: 'e' });
    expect(await filesOf({}).files.find('k')).toEqual({ size: 0, etag: '' });
    for (const name of ['NotFound', 'NoSuchKey']) expect(await filesOf(named(name)).files.find('k')).toBeUndefined();
    await expect(filesOf(named('AccessDenied')).files.find('k')).rejects.toThrow('AccessDenied');
  });

  it('of metadata is read up to a byte more than it may have', async () => {
    const { files, calls } = filesOf(got('{}'), named('NoSuchKey'));
    expect(await files.metadata('m')).toEqual({ text: '{}', etag: 'e-1' });
    expect(await files.metadata('m')).toBeUndefined();
    expect(calls[0]).toEqual(['GetObjectCommand', { Key: 'm', Range: 'bytes=0-10240', IfMatch: undefined }]);
  });

  it('is written with its type', async () => {
    const { files, calls } = filesOf({ ETag: '"e-1"' }, { ETag: '"e-2"' });
    expect([await files.putMetadata('m', '{}'), await files.putText('k', 'a', 'text/csv')]).toEqual(['e-1', 'e-2']);
    expect(calls).toEqual([
      ['PutObjectCommand', { Key: 'm', Body: '{}', ContentType: 'application/json' }],
      ['PutObjectCommand', { Key: 'k', Body: 'a', ContentType: 'text/csv' }],
    ]);
  });

  it('is copied as it was looked at', async () => {
    const { files, calls } = filesOf({ CopyObjectResult: { ETag: '"e-2"' } });
    expect(await files.copy('a b/c', 'k', 'e-1')).toBe('e-2');
    const CopySource = 'documents/a%20b/c';
    expect(calls).toEqual([['CopyObjectCommand', { Key: 'k', CopySource, CopySourceIfMatch: '"e-1"' }]]);
    expect(await filesOf({}).files.copy('a', 'k', 'e')).toBe('');
    for (const name of ['NoSuchKey', 'PreconditionFailed'])
      expect(await filesOf(named(name)).files.copy('a', 'k', 'e')).toBeUndefined();
    await expect(filesOf(named('AccessDenied')).files.copy('a', 'k', 'e')).rejects.toThrow('AccessDenied');
  });

  it('is deleted as it was looked at', async () => {
    const { files, calls } = filesOf({}, ...['NoSuchKey', 'NotFound', 'PreconditionFailed'].map(named));
    for (let time = 0; time < 4; time += 1) await files.removeSeen('k', 'e-1');
    expect(calls[0]).toEqual(['DeleteObjectCommand', { Key: 'k', IfMatch: '"e-1"' }]);
    await expect(filesOf(named('AccessDenied')).files.removeSeen('k', 'e')).rejects.toThrow('AccessDenied');
  });
});

describe('objects', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `k-${index}`);

  it('are deleted by a thousand', async () => {
    const sizes = async (count: number) => {
      const { files, calls } = filesOf();
      await files.remove(keys(count));
      return calls.map((call) => (call as [string, { Delete: { Objects: object[] } }])[1].Delete.Objects.length);
    };
    expect([await sizes(0), await sizes(1000), await sizes(2001)]).toEqual([[], [1000], [1000, 1000, 1]]);
    const { files, calls } = filesOf();
    await files.remove(['a']);
    expect(calls).toEqual([['DeleteObjectsCommand', { Delete: { Objects: [{ Key: 'a' }], Quiet: true } }]]);
  });

  it('that are not deleted are an error', async () => {
    const Errors = [{ Key: 'a', Code: 'AccessDenied' }, { Key: 'b' }];
    await expect(filesOf({ Errors }).files.remove(['a', 'b'])).rejects.toThrow(
      '2 objects not deleted: a: AccessDenied',
    );
    await filesOf({ Errors: [] }).files.remove(['a']);
  });
});

it('are asked for by one client, four times at most, each within 10 seconds', async () => {
  const clients = new Set<S3Client>();
  const send = vi.spyOn(S3Client.prototype, 'send').mockImplementation(async function (this: S3Client) {
    clients.add(this);
  } as never);
  const files = new DocumentFiles('documents');
  await files.remove(['a']).catch(() => undefined);
  await files.remove(['b']).catch(() => undefined);
  send.mockRestore();
  const [client] = clients;
  if (client === undefined || clients.size > 1) throw new Error(`There are ${clients.size} clients`);
  expect(await client.config.maxAttempts()).toBe(4);
  expect(await timeoutsOf(client)).toMatchObject({ requestTimeout: 10_000, socketTimeout: 10_000 });
});
