import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, postForm, refusalOf, S3Fixture, SITE } from './s3-fixture';

const fixture = new S3Fixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());
afterEach(() => {
  fixture.ahead = 0;
  fixture.changes.length = 0;
  for (const Key of fixture.store.keys(BUCKET)) fixture.store.call('DeleteObject', { Bucket: BUCKET, Key });
});

const CONTENT = 'twelve bytes';
type Post = Awaited<ReturnType<typeof createPresignedPost>>;
const post = (Conditions: Parameters<typeof createPresignedPost>[1]['Conditions'] = [], secret = 'local') =>
  createPresignedPost(fixture.clientWith(secret), {
    Bucket: BUCKET,
    Key: 'uploads/one',
    Fields: { 'Content-Type': 'text/plain' },
    Conditions: [['content-length-range', 12, 12], ...(Conditions ?? [])],
    Expires: 300,
  });
const withField = ({ url, fields }: Post, name: string, value: string) => ({
  url,
  fields: { ...fields, [name]: value },
});
const without = ({ url, fields }: Post, name: string) => ({
  url,
  fields: Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)),
});

describe('a POST by a signed policy', () => {
  it('stores the file under its key, with its type, and tells of it', async () => {
    const answer = await postForm(await post(), CONTENT);
    expect([answer.status, answer.headers.get('location')]).toEqual([204, `${fixture.endpoint}/files/uploads%2Fone`]);
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'uploads/one' }));
    expect([await got.Body?.transformToString(), got.ContentType]).toEqual([CONTENT, 'text/plain']);
    expect([got.ETag, answer.headers.get('etag')]).toEqual([got.ETag, got.ETag]);
    expect(fixture.changes).toEqual([
      { type: 'Object Created', bucket: BUCKET, key: 'uploads/one', size: 12, etag: got.ETag, reason: 'POST Object' },
    ]);
  });

  it('takes a file of any bytes', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    const given = await createPresignedPost(fixture.client, { Bucket: BUCKET, Key: 'uploads/bytes' });
    expect((await postForm(given, bytes)).status).toBe(204);
    expect(fixture.content('uploads/bytes')?.equals(bytes)).toBe(true);
  });

  it('refuses each field that is not as it was signed', async () => {
    const given = await post();
    const names = Object.keys(given.fields);
    expect(names.sort()).toEqual([
      'Content-Type',
      'Policy',
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Signature',
      'bucket',
      'key',
    ]);
    const refused: Record<string, unknown> = {};
    for (const name of names) {
      const value = given.fields[name] ?? '';
      // The last letter of a credential or an algorithm is part of a fixed word; a letter in front is part of no check.
      const tampered =
        name === 'X-Amz-Date' ? value.replace(/.Z$/, (end) => (end === '0Z' ? '1Z' : '0Z')) : `X${value.slice(1)}`;
      expect(tampered).not.toBe(value);
      const [status, code] = await refusalOf(await postForm(withField(given, name, tampered), CONTENT));
      refused[name] = `${status} ${code}`;
    }
    expect(refused).toEqual({
      'Content-Type': '403 AccessDenied',
      Policy: '403 SignatureDoesNotMatch',
      'X-Amz-Algorithm': '400 InvalidArgument',
      'X-Amz-Credential': '403 AccessDenied',
      'X-Amz-Date': '403 AccessDenied',
      'X-Amz-Signature': '403 SignatureDoesNotMatch',
      bucket: '403 AccessDenied',
      key: '403 AccessDenied',
    });
    expect(fixture.store.keys(BUCKET)).toEqual([]);
  });

  it('refuses a form in which a field is missing', async () => {
    const given = await post();
    const refused: Record<string, unknown> = {};
    for (const name of Object.keys(given.fields)) {
      const answer = await postForm(without(given, name), CONTENT);
      refused[name] = answer.status === 204 ? 'taken' : `${(await refusalOf(answer)).slice(0, 2).join(' ')}`;
    }
    expect(refused).toEqual({
      'Content-Type': '403 AccessDenied',
      Policy: '403 AccessDenied',
      'X-Amz-Algorithm': '400 InvalidArgument',
      'X-Amz-Credential': '400 AuthorizationQueryParametersError',
      'X-Amz-Date': '400 AuthorizationQueryParametersError',
      'X-Amz-Signature': '403 SignatureDoesNotMatch',
      // The bucket is in the address as well.
      bucket: 'taken',
      key: '400 InvalidArgument',
    });
  });

  it('refuses more fields than the policy has, but for those that are ignored', async () => {
    const given = await post();
    expect(await refusalOf(await postForm(withField(given, 'acl', 'public-read'), CONTENT))).toEqual([
      403,
      'AccessDenied',
      'Invalid according to Policy: Extra input fields: acl',
    ]);
    expect((await postForm(withField(given, 'x-ignore-me', 'yes'), CONTENT)).status).toBe(204);
  });

  it('refuses a file that is too large or too small by a byte', async () => {
    const given = await post();
    expect((await refusalOf(await postForm(given, `${CONTENT}!`))).slice(0, 2)).toEqual([400, 'EntityTooLarge']);
    expect((await refusalOf(await postForm(given, CONTENT.slice(1)))).slice(0, 2)).toEqual([400, 'EntityTooSmall']);
    expect(fixture.store.keys(BUCKET)).toEqual([]);
  });

  it('refuses an expired policy, from its last second on', async () => {
    const given = await post();
    const { expiration } = JSON.parse(Buffer.from(given.fields['Policy'] ?? '', 'base64').toString()) as {
      expiration: string;
    };
    fixture.ahead = Date.parse(expiration) - Date.now();
    expect(await refusalOf(await postForm(given, CONTENT))).toEqual([
      403,
      'AccessDenied',
      'Invalid according to Policy: Policy expired.',
    ]);
    fixture.ahead -= 10_000;
    expect((await postForm(given, CONTENT)).status).toBe(204);
  });

  it('refuses who signed with another secret, another bucket, and no file', async () => {
    expect((await refusalOf(await postForm(await post([], 'other'), CONTENT)))[1]).toBe('SignatureDoesNotMatch');
    fixture.store.createBucket('another');
    const given = await post();
    const elsewhere = { ...given, url: given.url.replace('/files', '/another') };
    expect((await refusalOf(await postForm(elsewhere, CONTENT))).slice(0, 2)).toEqual([403, 'AccessDenied']);
    const form = new FormData();
    for (const [name, value] of Object.entries(given.fields)) form.append(name, value);
    expect((await refusalOf(await fetch(given.url, { method: 'POST', body: form })))[1]).toBe('InvalidArgument');
    expect([...fixture.store.keys(BUCKET), ...fixture.store.keys('another')]).toEqual([]);
  });

  it('knows prefixes, and takes the name of the file into the key', async () => {
    const given = await createPresignedPost(fixture.client, {
      Bucket: BUCKET,
      Key: `uploads/$${'{filename}'}`,
      Conditions: [['starts-with', '$Content-Type', 'image/']],
      Fields: {},
    });
    const answer = await postForm({ ...given, fields: { ...given.fields, 'Content-Type': 'text/html' } }, CONTENT);
    expect((await refusalOf(answer))[2]).toContain('Policy Condition failed');
    await postForm({ ...given, fields: { ...given.fields, 'Content-Type': 'image/png' } }, CONTENT);
    expect(fixture.store.keys(BUCKET)).toEqual(['uploads/photo.png']);
  });
});

describe('a presigned URL', () => {
  const put = (input: object = {}, expiresIn = 300) =>
    getSignedUrl(fixture.client, new PutObjectCommand({ Bucket: BUCKET, Key: 'uploads/a b+c', ...input }), {
      expiresIn,
    });
  const get = (input: object = {}, expiresIn = 300) =>
    getSignedUrl(fixture.client, new GetObjectCommand({ Bucket: BUCKET, Key: 'uploads/a b+c', ...input }), {
      expiresIn,
    });

  it('puts and gets an object, with the headers that it names', async () => {
    expect((await fetch(await put(), { method: 'PUT', body: CONTENT })).status).toBe(200);
    const named = {
      ResponseContentDisposition: `attachment; filename="it's (1)*.txt"`,
      ResponseContentType: 'text/csv',
    };
    const answer = await fetch(await get(named));
    expect(await answer.text()).toBe(CONTENT);
    expect([answer.headers.get('content-disposition'), answer.headers.get('content-type')]).toEqual([
      named.ResponseContentDisposition,
      'text/csv',
    ]);
  });

  it('takes a body of the length that it signs, and no other', async () => {
    const url = await put({ ContentLength: 12 });
    expect(url).toContain('X-Amz-SignedHeaders=content-length%3Bhost');
    expect((await refusalOf(await fetch(url, { method: 'PUT', body: 'more than twelve bytes' }))).slice(0, 2)).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
    expect(fixture.store.keys(BUCKET)).toEqual([]);
    expect((await fetch(url, { method: 'PUT', body: CONTENT })).status).toBe(200);
  });

  it('serves nothing but what it was signed for', async () => {
    await fetch(await put(), { method: 'PUT', body: CONTENT });
    const url = await get({ ResponseContentDisposition: 'attachment' });
    const refusals = await Promise.all([
      fetch(url.replace('a%20b', 'other')),
      fetch(url, { method: 'PUT', body: 'x' }),
      fetch(url.replace('attachment', 'inline')),
      fetch(`${url}&response-cache-control=public`),
      fetch(url.replace('X-Amz-Expires=300', 'X-Amz-Expires=900')),
      fetch(url.replace(/X-Amz-Signature=./, (start) => `X-Amz-Signature=${start.endsWith('0') ? '1' : '0'}`)),
    ]);
    for (const answer of refusals) expect((await refusalOf(answer))[1]).toBe('SignatureDoesNotMatch');
    const header = await refusalOf(await fetch(url, { headers: { 'x-amz-acl': 'public-read' } }));
    expect(header.slice(0, 2)).toEqual([403, 'AccessDenied']);
    expect(fixture.content('uploads/a b+c')?.toString()).toBe(CONTENT);
  });

  it('ends after its seconds', async () => {
    await fetch(await put(), { method: 'PUT', body: CONTENT });
    const url = await get();
    fixture.ahead = 295_000;
    expect((await fetch(url)).status).toBe(200);
    fixture.ahead = 300_000;
    expect(await refusalOf(await fetch(url))).toEqual([403, 'AccessDenied', 'Request has expired']);
    const [status, code] = await refusalOf(
      await fetch(await get({}, 604_800).then((it) => it.replace('604800', '604801'))),
    );
    expect([status, code]).toEqual([400, 'AuthorizationQueryParametersError']);
  });
});

describe("a bucket's CORS rules", () => {
  const preflight = (origin: string, method: string, headers = '') =>
    fetch(`${fixture.endpoint}/${BUCKET}/uploads/one`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        ...(headers !== '' && { 'access-control-request-headers': headers }),
      },
    });

  it('let the site ask, and nobody else', async () => {
    const allowed = await preflight(SITE, 'PUT', 'content-type');
    expect([
      allowed.status,
      ...['origin', 'methods', 'headers'].map((name) => allowed.headers.get(`access-control-allow-${name}`)),
      allowed.headers.get('access-control-max-age'),
    ]).toEqual([200, SITE, 'POST, PUT, GET', 'content-type', '600']);
    for (const answer of [
      await preflight('https://evil.example.com', 'PUT'),
      await preflight(`${SITE}.evil.com`, 'PUT'),
      await preflight(SITE, 'DELETE'),
      await preflight(SITE, 'PUT', 'x-amz-acl'),
    ]) {
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });

  it('know one wildcard in a name', async () => {
    fixture.store.createBucket('wide', undefined, {
      cors: [{ AllowedOrigins: ['https://*.example.com'], AllowedMethods: ['GET'], AllowedHeaders: ['x-amz-*'] }],
    });
    const ask = async (origin: string, header: string) => {
      const headers = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': header };
      return (await fetch(`${fixture.endpoint}/wide/one`, { method: 'OPTIONS', headers })).status;
    };
    expect(await ask('https://a.example.com', 'X-Amz-Date')).toBe(200);
    expect(await ask('https://example.com', 'x-amz-date')).toBe(403);
    expect(await ask('http://a.example.com', 'x-amz-date')).toBe(403);
    expect(await ask('https://a.example.com.evil.com', 'x-amz-date')).toBe(403);
    expect(await ask('https://a.example.com', 'content-type')).toBe(403);
  });

  it('let the site read answers and ETags, refusals too', async () => {
    const answer = await postForm(await post(), CONTENT, { origin: SITE });
    expect([
      answer.headers.get('access-control-allow-origin'),
      answer.headers.get('access-control-expose-headers'),
      answer.headers.get('vary'),
    ]).toEqual([SITE, 'ETag', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method']);
    const refused = await postForm(await post(), 'too short', { origin: SITE });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, SITE]);
    const other = await postForm(await post(), CONTENT, { origin: 'https://evil.example.com' });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([204, null]);
  });
});

it('lets nobody in without a signature', async () => {
  fixture.store.call('PutObject', { Bucket: BUCKET, Key: 'uploads/one', Body: Buffer.from(CONTENT) });
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect((await fetch(`${fixture.endpoint}/${BUCKET}/uploads/one`, { method })).ok).toBe(false);
  }
  expect(fixture.content('uploads/one')?.toString()).toBe(CONTENT);
});
