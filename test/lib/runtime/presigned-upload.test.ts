import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PresignedRequests, partSizeOf } from '../../../lib/runtime/presigned-upload';

beforeAll(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token of the session');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe('what a role signs by itself', () => {
  const requests = () => new PresignedRequests('files', 300);

  it('is a form for the bucket in its region, with the session that it is good for', async () => {
    const { url, fields } = await requests().form({ key: 'uploads/one', contentType: 'image/png', size: 10 });
    expect(url).toBe('https://files.s3.eu-west-1.amazonaws.com/');
    expect(Object.keys(fields).sort()).toEqual([
      'Content-Type',
      'Policy',
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Security-Token',
      'X-Amz-Signature',
      'bucket',
      'key',
    ]);
    const { conditions } = JSON.parse(Buffer.from(fields['Policy'] ?? '', 'base64').toString()) as {
      conditions: unknown[];
    };
    expect(conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 10, 10],
        { 'Content-Type': 'image/png' },
        { key: 'uploads/one' },
        { bucket: 'files' },
        { 'X-Amz-Security-Token': 'token of the session' },
      ]),
    );
  });

  it('has no checksum of a content that it does not know', async () => {
    const { parts } = await requests().partUrls('uploads/one', 'upload', 20 * 1024 ** 2);
    const { url: download } = await requests().download('uploads/one', 'one.png', 'image/png');
    for (const url of [...parts.map((part) => part.url), download]) {
      const names = [...new URL(url).searchParams.keys()];
      expect(names.filter((name) => /checksum/i.test(name))).toEqual([]);
      expect(new URL(url).origin).toBe('https://files.s3.eu-west-1.amazonaws.com');
    }
    expect(parts.map(({ number, url }) => [number, new URL(url).searchParams.get('partNumber')])).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
  });
});

it('cuts a file into parts that S3 takes, few of them', () => {
  const [mebibyte, gibibyte, tebibyte] = [1024 ** 2, 1024 ** 3, 1024 ** 4];
  expect(partSizeOf(1)).toBe(16 * mebibyte);
  expect(partSizeOf(100 * 16 * mebibyte)).toBe(16 * mebibyte);
  expect(partSizeOf(100 * 16 * mebibyte + 1)).toBe(17 * mebibyte);
  expect(partSizeOf(5 * gibibyte)).toBe(52 * mebibyte);
  for (const size of [tebibyte, 10_000 * 5 * gibibyte]) {
    expect(partSizeOf(size)).toBeLessThanOrEqual(5 * gibibyte);
    expect(Math.ceil(size / partSizeOf(size))).toBeLessThanOrEqual(10_000);
  }
  for (const size of [0, -1, 1.5, Number.NaN, 10_000 * 5 * gibibyte + 1])
    expect(() => partSizeOf(size)).toThrow(RangeError);
});
