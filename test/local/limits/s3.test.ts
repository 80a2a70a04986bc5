import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { LocalS3 } from '../../../local/aws/s3';
import { answerBrowser } from '../../../local/aws/s3/browser-requests';
import { readForm } from '../../../local/aws/s3/form-data';
import { checkObject } from '../../../local/aws/s3/object-limits';
import { checkQuerySignature } from '../../../local/aws/s3/query-signature';
import { signatureOf } from '../../../local/aws/s3/signing-key';
import { AwsError, type LocalInput } from '../../../local/aws/service';
import { answerWire, type WireRequest } from '../../../local/aws/wire';
import { S3_LIMITS } from '../../../local/limits/s3';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const DAY = '20260101';
const MIB = 1024 ** 2;
const Bucket = 'files';
const text = (length: number, character = 'x') => character.repeat(Math.max(0, length));

function fresh(): LocalS3 {
  const s3 = new LocalS3(() => NOW);
  s3.createBucket(Bucket);
  return s3;
}

const put = (input: LocalInput) => fresh().call('PutObject', { Bucket, Key: 'k', Body: Buffer.alloc(1), ...input });

/** Sends a request over the wire. @throws AwsError with the code of an error answer */
async function send(request: Partial<WireRequest>, s3 = fresh()) {
  const authorization = 'AWS4-HMAC-SHA256 Credential=K/20260101/eu-west-1/s3/aws4_request, Signature=x';
  const whole = { method: 'PUT', url: `/${Bucket}/k`, body: Buffer.alloc(0), ...request };
  return refusing(await answerWire({ ...whole, headers: { authorization, ...request.headers } }, { s3 }));
}

function refusing(answer: { readonly status: number; readonly body: unknown }) {
  const code = /<Code>(.*?)<\/Code>/.exec(String(answer.body))?.[1];
  if (answer.status >= 400) throw new AwsError(code ?? '', '');
  return answer;
}

const CREDENTIAL = `K/${DAY}/eu-west-1/s3/aws4_request`;

interface Form {
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly unknown[];
  readonly policy?: unknown;
  readonly expiration?: string;
  readonly content?: string;
  readonly filename?: string | null;
  readonly after?: string;
  readonly signature?: string;
}

/** Posts a form whose policy names what it has, unless it says otherwise. */
function post({
  fields = {},
  conditions = [],
  expiration = '2026-01-01T01:00:00Z',
  content = 'x',
  ...form
}: Form = {}) {
  const own = {
    key: 'k',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': CREDENTIAL,
    'x-amz-date': `${DAY}T000000Z`,
  };
  const named = Object.entries(own).map(([name, value]) => ({ [name]: value }));
  const document = form.policy ?? JSON.stringify({ expiration, conditions: [...named, ...conditions] });
  const policy = Buffer.from(String(document)).toString('base64');
  const signature = form.signature ?? signatureOf('local', { day: DAY, region: 'eu-west-1' }, policy);
  const all = Object.entries({ ...own, policy, 'x-amz-signature': signature, ...fields });
  const part = (head: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name=${head}\r\n\r\n${value}\r\n`;
  const file = form.filename === null ? '' : part(`"file"; filename="${form.filename ?? 'f.txt'}"`, content);
  const body = `${all.map(([name, value]) => part(`"${name}"`, value)).join('')}${file}${form.after ?? ''}--b--\r\n`;
  const headers = { 'content-type': 'multipart/form-data; boundary=b', host: 'localhost' };
  return refusing(answerBrowser({ method: 'POST', url: `/${Bucket}`, headers, body: Buffer.from(body) }, fresh()));
}

/** Checks a signed GET some milliseconds after it was signed. */
function presigned({ expires = '60', at = 0 }: { readonly expires?: string; readonly at?: number } = {}): void {
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(CREDENTIAL)}`,
    `X-Amz-Date=${DAY}T000000Z`,
    `X-Amz-Expires=${encodeURIComponent(expires)}`,
    'X-Amz-SignedHeaders=host',
  ].join('&');
  const canonical = ['GET', `/${Bucket}/k`, query, 'host:h', '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const day = { day: DAY, region: 'eu-west-1' };
  const scope = `${DAY}/eu-west-1/s3/aws4_request`;
  const signature = signatureOf('local', day, ['AWS4-HMAC-SHA256', `${DAY}T000000Z`, scope, hash].join('\n'));
  const url = `/${Bucket}/k?${query}&X-Amz-Signature=${signature}`;
  checkQuerySignature({ method: 'GET', url, headers: { host: 'h' }, body: Buffer.alloc(0) }, 'local', NOW + at);
}

/** Completes an upload of parts of some bytes. */
function complete(
  sizes: readonly number[],
  change: (parts: { PartNumber: number; ETag: string }[]) => unknown = (all) => all,
) {
  const s3 = fresh();
  const { UploadId } = s3.call('CreateMultipartUpload', { Bucket, Key: 'k' });
  const parts = sizes.map((size, index) => {
    const PartNumber = index + 1;
    const { ETag } = s3.call('UploadPart', { Bucket, Key: 'k', UploadId, PartNumber, Body: Buffer.alloc(size) });
    return { PartNumber, ETag: String(ETag) };
  });
  return s3.call('CompleteMultipartUpload', { Bucket, Key: 'k', UploadId, Parts: change(parts) });
}

testEachLimit(S3_LIMITS, {
  bucketName: (limit) => onBothSides(limit, (length) => fresh().createBucket(text(length))),
  key: async (limit) => {
    for (const character of ['x', 'é', '\u{1f600}']) {
      const bytes = Buffer.byteLength(character);
      const Key = (length: number) => text(length % bytes) + text(Math.floor(length / bytes), character);
      await onBothSides(limit, (length) => put({ Key: Key(length) }), { from: 1 });
      await onBothSides(limit, (length) => fresh().call('CreateMultipartUpload', { Bucket, Key: Key(length) }), {
        from: 1,
      });
    }
    await onBothSides(limit, (length) => send({ url: `/${Bucket}/${text(length)}` }), { from: 1 });
    const conditions = [['starts-with', '$key', '']];
    const form = (length: number) => post({ policy: policyWith(conditions), fields: { key: text(length) } });
    await onBothSides(limit, form, { from: 1 });
  },
  objectBytes: (limit) => onBothSides(limit, (bytes) => checkObject({ key: 'k', bytes })),
  metadata: async (limit) => {
    const headers = (bytes: number) => ({ 'x-amz-meta-a': text(bytes - 3), 'x-amz-meta-b': 'x' });
    await onBothSides(limit, (bytes) => send({ headers: headers(bytes) }), { from: 10 });
    await onBothSides(
      limit,
      (bytes) => send({ method: 'POST', url: `/${Bucket}/k?uploads=`, headers: headers(bytes) }),
      { from: 10 },
    );
    const conditions = ['a', 'b'].map((name) => ['starts-with', `$x-amz-meta-${name}`, '']);
    await onBothSides(limit, (bytes) => post({ conditions, fields: headers(bytes) }), { from: 10 });
  },
  partNumber: async (limit) => {
    const upload = (PartNumber: number) => {
      const s3 = fresh();
      const { UploadId } = s3.call('CreateMultipartUpload', { Bucket, Key: 'k' });
      s3.call('UploadPart', { Bucket, Key: 'k', UploadId, PartNumber, Body: Buffer.alloc(1) });
    };
    await onBothSides(limit, upload);
    for (const number of [1.5, Number.NaN]) expect(await outcome(() => upload(number))).toBe(limit.error);
  },
  partBytes: async (limit) => {
    await onBothSides(limit, (bytes) => complete([bytes, 1]), { runs: 3 });
    expect(await outcome(() => complete([1]))).toBeUndefined();
    expect(await outcome(() => complete([5 * MIB, 5 * MIB - 1, 5 * MIB]))).toBe(limit.error);
  },
  parts: async ({ max, error }) => {
    expect(await outcome(() => complete([1], () => []))).toBe(error);
    const all = (count: number) => Array.from({ length: count }, (_, index) => ({ PartNumber: index + 1, ETag: 'x' }));
    expect(await outcome(() => complete([1], () => all(max + 1)))).toBe(error);
    expect(await outcome(() => complete([1], () => all(max)))).toBe('InvalidPart');
  },
  unknownPart: async ({ error }) => {
    expect(await outcome(() => complete([1], ([part]) => [{ ...part, ETag: '"x"' }]))).toBe(error);
    expect(await outcome(() => complete([1], ([part]) => [{ ...part, PartNumber: 2 }]))).toBe(error);
  },
  partOrder: async ({ error }) => {
    expect(await outcome(() => complete([5 * MIB, 1], (parts) => [...parts].reverse()))).toBe(error);
    expect(await outcome(() => complete([5 * MIB], ([part]) => [part, part]))).toBe(error);
    expect(await outcome(() => complete([5 * MIB, 1]))).toBeUndefined();
  },
  unknownUpload: async ({ error }) => {
    for (const action of ['UploadPart', 'CompleteMultipartUpload', 'AbortMultipartUpload', 'ListParts']) {
      const input = { Bucket, Key: 'k', UploadId: 'x', PartNumber: 1, Body: Buffer.alloc(1), Parts: [] };
      expect(await outcome(() => fresh().call(action, input))).toBe(error);
    }
  },
  deletedKeys: async (limit) => {
    const keys = (count: number) => Array.from({ length: Math.max(0, count) }, (_, index) => `k${index}`);
    await onBothSides(limit, (count) => fresh().call('DeleteObjects', { Bucket, Keys: keys(count) }));
    const document = (count: number) =>
      `<Delete>${keys(count)
        .map((key) => `<Object><Key>${key}</Key></Object>`)
        .join('')}</Delete>`;
    await onBothSides(
      limit,
      (count) => send({ method: 'POST', url: `/${Bucket}?delete=`, body: Buffer.from(document(count)) }),
      { runs: 5 },
    );
  },
  listedObjects: ({ max }) => {
    const s3 = fresh();
    for (let index = 0; index <= max; index += 1)
      s3.call('PutObject', { Bucket, Key: `k${index}`, Body: Buffer.alloc(0) });
    const count = (MaxKeys?: number) => s3.call('ListObjectsV2', { Bucket, MaxKeys })['KeyCount'];
    expect([undefined, max - 1, max, max + 1].map(count)).toEqual([max, max - 1, max, max]);
  },
  maxKeys: (limit) => onBothSides(limit, (MaxKeys) => fresh().call('ListObjectsV2', { Bucket, MaxKeys })),
  maxBuckets: (limit) => onBothSides(limit, (MaxBuckets) => fresh().call('ListBuckets', { MaxBuckets })),
  range: async ({ error }) => {
    const s3 = fresh();
    s3.call('PutObject', { Bucket, Key: 'k', Body: Buffer.alloc(10) });
    const get = (Range: string) => outcome(() => s3.call('GetObject', { Bucket, Key: 'k', Range }));
    for (const range of ['bytes=0-0', 'bytes=9-', 'bytes=9-99', 'bytes=-1', 'bytes=-99'])
      expect(await get(range)).toBeUndefined();
    for (const range of ['bytes=10-', 'bytes=10-10', 'bytes=99-100', 'bytes=-0'])
      expect([range, await get(range)]).toEqual([range, error]);
  },
  condition: async ({ error }) => {
    const s3 = fresh();
    const { ETag } = s3.call('PutObject', { Bucket, Key: 'k', Body: Buffer.alloc(10) });
    for (const [IfMatch, expected] of [
      [ETag, undefined],
      ['"x"', error],
    ]) {
      expect(await outcome(() => s3.call('GetObject', { Bucket, Key: 'k', IfMatch }))).toBe(expected);
      const copy = { Bucket, Key: 'c', CopySource: `${Bucket}/k`, CopySourceIfMatch: IfMatch };
      expect(await outcome(() => s3.call('CopyObject', copy))).toBe(expected);
      expect(await outcome(() => fresh().call('DeleteObject', { Bucket, Key: 'k' }))).toBeUndefined();
    }
    expect(await outcome(() => s3.call('DeleteObject', { Bucket, Key: 'k', IfMatch: '"x"' }))).toBe(error);
  },
  expires: async (limit) => {
    await onBothSides(limit, (seconds) => presigned({ expires: String(seconds) }));
    for (const expires of ['', 'x', '1.5', '-1', '1e3'])
      expect(await outcome(() => presigned({ expires }))).toBe(limit.error);
  },
  expired: async ({ error }) => {
    for (const [at, expected] of [
      [59_999, undefined],
      [60_000, error],
      [86_400_000, error],
    ] as const) {
      expect(await outcome(() => presigned({ at }))).toBe(expected);
    }
    expect(await outcome(() => post({ expiration: '2026-01-01T00:00:00.001Z' }))).toBeUndefined();
    for (const expiration of ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', '', 'x']) {
      expect(await outcome(() => post({ expiration }))).toBe(error);
    }
  },
  clockSkew: (limit) => onBothSides(limit, (ahead) => presigned({ at: -ahead })),
  signature: async ({ error }) => {
    expect(await outcome(() => post({ signature: 'x' }))).toBe(error);
    expect(await outcome(() => post({ signature: '0'.repeat(64) }))).toBe(error);
  },
  formBytes: async (limit) => {
    const around =
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n';
    const body = (bytes: number) =>
      Buffer.from(
        around.replace('"a"\r\n\r\n', `"a"\r\n\r\n${text(bytes - around.length)}`).concat('content\r\n--b--\r\n'),
      );
    await onBothSides(limit, (bytes) => readForm('multipart/form-data; boundary=b', body(bytes)), { from: 500 });
    expect(await outcome(() => post({ content: text(2 * limit.max) }))).toBeUndefined();
  },
  form: async ({ error }) => {
    for (const [type, body] of [
      ['multipart/form-data', '--b--'],
      ['multipart/form-data; boundary=b', '--b\r\nno header'],
      ['multipart/form-data; boundary=b', '--b\r\nx: y\r\n\r\nz\r\n--b--'],
    ] as const) {
      expect(await outcome(() => readForm(type, Buffer.from(body)))).toBe(error);
    }
  },
  file: async ({ error }) => {
    expect(await outcome(() => post({ filename: null }))).toBe(error);
    const behind = '--b\r\nContent-Disposition: form-data; name="acl"\r\n\r\npublic-read\r\n';
    expect(await outcome(() => post({ after: behind }))).toBeUndefined();
  },
  policyDocument: async ({ error }) => {
    for (const policy of [
      'x',
      '{',
      '{"expiration":"2027-01-01T00:00:00Z"}',
      policyWith([['ends-with', '$key', 'k']]),
    ]) {
      expect([policy, await outcome(() => post({ policy }))]).toEqual([policy, error]);
    }
  },
  policyCondition: async ({ error }) => {
    const fields = { 'content-type': 'image/png' };
    const good = [
      [['eq', '$Content-Type', 'image/png']],
      [['starts-with', '$content-type', 'image/']],
      [{ 'content-type': 'image/png' }],
    ];
    for (const conditions of good) expect(await outcome(() => post({ fields, conditions }))).toBeUndefined();
    for (const conditions of [[], [['eq', '$content-type', 'image/']], [['starts-with', '$content-type', 'text/']]]) {
      expect(await outcome(() => post({ fields, conditions }))).toBe(error);
    }
    expect(await outcome(() => post({ conditions: [['eq', '$acl', 'private']] }))).toBe(error);
    expect(await outcome(() => post({ fields: { 'x-ignore-me': 'x' } }))).toBeUndefined();
    expect(await outcome(() => post({ fields: { acl: 'public-read' } }))).toBe(error);
  },
  fileTooLarge: ({ error }) =>
    lengths([
      [9, undefined],
      [10, undefined],
      [11, error],
      [1000, error],
    ]),
  fileTooSmall: ({ error }) =>
    lengths([
      [0, error],
      [4, error],
      [5, undefined],
      [6, undefined],
    ]),
});

function policyWith(conditions: readonly unknown[]): string {
  const others = ['x-amz-algorithm', 'x-amz-credential', 'x-amz-date'].map((name) => ['starts-with', `$${name}`, '']);
  return JSON.stringify({ expiration: '2027-01-01T00:00:00Z', conditions: [...others, ...conditions] });
}

/** Posts files of some bytes where 5 to 10 are allowed. */
async function lengths(expected: readonly (readonly [number, string | undefined])[]): Promise<void> {
  for (const [bytes, code] of expected) {
    const conditions = [['content-length-range', 5, 10]];
    expect([bytes, await outcome(() => post({ conditions, content: text(bytes) }))]).toEqual([bytes, code]);
  }
}
