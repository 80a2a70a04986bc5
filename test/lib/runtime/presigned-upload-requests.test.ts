import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PresignedRequests, presigningClient, UploadIncompleteError } from '../../../lib/runtime/presigned-upload';
import { timeoutsOf } from './client-timeouts-fixture';

const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;
/** A fraction of a second: signatures begin at whole ones. */
const NOW = Date.parse('2026-11-24T10:00:00.900Z');

let sent: { readonly constructor: unknown; readonly input: object }[];
/** What S3 answers to each request, in turn. */
let answers: unknown[];
const client = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'x' } });

beforeEach(() => {
  [sent, answers] = [[], []];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(client, 'send').mockImplementation((async (command: (typeof sent)[number]) => {
    sent.push(command);
    const answer = answers.shift() ?? {};
    if (answer instanceof Error || typeof answer !== 'object') throw answer;
    return answer;
  }) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const requests = (seconds = 300) => new PresignedRequests('files', seconds, client);
const named = (name: string) => Object.assign(new Error(`S3 says ${name}`), { name });
const asked = () => sent.map((command) => [command.constructor, command.input]);
const file = (size: number) => ({ key: 'one', contentType: 'image/png', size });

describe('the time that a request lives', () => {
  it.each([300, 301, 899, 900])('may be %s seconds', async (seconds) => {
    const { url, expiresAt } = await requests(seconds).download('one', 'one.png', 'image/png');
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe(String(seconds));
    expect(expiresAt).toBe(new Date(Date.parse('2026-11-24T10:00:00Z') + seconds * 1000).toISOString());
    expect((await requests(seconds).partUrls('one', 'u', 1)).parts[0]?.url).toContain(`X-Amz-Expires=${seconds}&`);
  });

  it.each([299, 901, 0, -300, 300.5, Number.NaN, Number.POSITIVE_INFINITY])('may not be %s', (seconds) => {
    expect(() => requests(seconds)).toThrow(RangeError);
  });
});

describe('a form', () => {
  it('is for 1 byte to 5 GiB', async () => {
    for (const size of [1, 5 * GIBIBYTE]) expect((await requests().form(file(size))).expiresAt).toMatch(/10:05:00/);
    for (const size of [0, 5 * GIBIBYTE + 1, 1.5]) {
      await expect(requests().form(file(size))).rejects.toThrow(RangeError);
    }
  });
});

describe('an upload in parts', () => {
  it('begins with the type that the object gets, and has a URL for each part, of its length', async () => {
    answers = [{ UploadId: 'upload' }];
    const { uploadId, partSize, parts, expiresAt } = await requests().parts(file(40 * MEBIBYTE));
    expect(asked()).toEqual([
      [CreateMultipartUploadCommand, { Bucket: 'files', Key: 'one', ContentType: 'image/png' }],
    ]);
    expect([uploadId, partSize, expiresAt]).toEqual(['upload', 16 * MEBIBYTE, '2026-11-24T10:05:00.000Z']);
    const told = parts.map(({ number, url }) => {
      const { searchParams } = new URL(url);
      return [number, searchParams.get('partNumber'), searchParams.get('uploadId')];
    });
    expect(told).toEqual([1, 2, 3].map((number) => [number, String(number), 'upload']));
  });

  it('signs the length of each part: of the last what is left', async () => {
    const { parts } = await requests().partUrls('one', 'upload', 40 * MEBIBYTE);
    for (const { url } of parts)
      expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toContain('content-length');
    // The signature is the only place of a length: two uploads that differ in the last part differ there alone.
    const { parts: others } = await requests().partUrls('one', 'upload', 40 * MEBIBYTE - 1);
    expect(others.map(({ url }, index) => url === parts[index]?.url)).toEqual([true, true, false]);
    const whole = await requests().partUrls('one', 'upload', 48 * MEBIBYTE);
    expect(whole.parts.map(({ url }, index) => url === parts[index]?.url)).toEqual([true, true, false]);
    expect(whole.parts).toHaveLength(3);
  });

  it('of nothing is not begun', async () => {
    await expect(requests().parts(file(0))).rejects.toThrow(RangeError);
    expect(sent).toEqual([]);
  });

  it('is open as long as S3 lists its parts', async () => {
    expect(await requests().isOpen('one', 'upload')).toBe(true);
    expect(asked()).toEqual([[ListPartsCommand, { Bucket: 'files', Key: 'one', UploadId: 'upload', MaxParts: 1 }]]);
    answers = [named('NoSuchUpload')];
    expect(await requests().isOpen('one', 'upload')).toBe(false);
    for (const error of [named('AccessDenied'), 'no error']) {
      answers = [error];
      await expect(requests().isOpen('one', 'upload')).rejects.toBe(error);
    }
  });

  const complete = () =>
    requests().complete('one', 'upload', [
      { number: 10, etag: 'c' },
      { number: 1, etag: 'a' },
      { number: 2, etag: 'b' },
    ]);

  it('is completed with its parts in order', async () => {
    await complete();
    const Parts = [
      { PartNumber: 1, ETag: 'a' },
      { PartNumber: 2, ETag: 'b' },
      { PartNumber: 10, ETag: 'c' },
    ];
    const input = { Bucket: 'files', Key: 'one', UploadId: 'upload', MultipartUpload: { Parts } };
    expect(asked()).toEqual([[CompleteMultipartUploadCommand, input]]);
  });

  it.each(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'MalformedXML'])(
    'is incomplete by %s',
    async (name) => {
      const cause = named(name);
      answers = [cause];
      const failure = await complete().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UploadIncompleteError);
      expect(failure).toMatchObject({ message: `S3 says ${name}`, cause });
      expect(sent).toHaveLength(1);
    },
  );

  it('is done where it is gone and its object is there, and incomplete where it is not', async () => {
    const gone = named('NoSuchUpload');
    answers = [gone, {}];
    await complete();
    expect(asked()[1]).toEqual([HeadObjectCommand, { Bucket: 'files', Key: 'one' }]);
    answers = [gone, named('NotFound')];
    await expect(complete()).rejects.toMatchObject({ name: 'UploadIncompleteError', cause: gone });
    for (const error of [named('Forbidden'), 'no error']) {
      answers = [gone, error];
      await expect(complete()).rejects.toBe(error);
    }
  });

  it('is not judged by other errors', async () => {
    for (const error of [named('SlowDown'), 'no error']) {
      answers = [error];
      await expect(complete()).rejects.toBe(error);
    }
    expect(sent).toHaveLength(2);
  });
});

describe('objects', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `key-${index}`);

  it.each([
    [0, []],
    [1, [1]],
    [999, [999]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2000, [1000, 1000]],
    [2500, [1000, 1000, 500]],
  ])('are deleted a thousand at once: %i', async (count, expected) => {
    await requests().remove(keys(count));
    const lists = sent.map(({ input }) => (input as { Delete: { Objects: { Key: string }[] } }).Delete.Objects);
    expect(lists.map(({ length }) => length)).toEqual(expected);
    expect(lists.flat().map(({ Key }) => Key)).toEqual(keys(count));
  });

  it('are asked for quietly, and what stays is named', async () => {
    answers = [{ Errors: [] }, { Errors: [{ Key: 'a', Code: 'AccessDenied' }, { Key: 'b' }] }];
    await requests().remove(['a', 'b']);
    const Objects = [{ Key: 'a' }, { Key: 'b' }];
    expect(asked()).toEqual([[DeleteObjectsCommand, { Bucket: 'files', Delete: { Objects, Quiet: true } }]]);
    await expect(requests().remove(['a', 'b'])).rejects.toThrow('2 objects not deleted: a: AccessDenied');
  });
});

it('waits 8 seconds for an answer of S3', async () => {
  expect(await timeoutsOf(presigningClient())).toEqual({
    connectionTimeout: 1000,
    requestTimeout: 8000,
    socketTimeout: 8000,
  });
});
