import type { AwsError, LocalInput } from './service';
import type { WireAnswer, WireRequest } from './wire';

interface S3Request {
  readonly action: string;
  readonly input: LocalInput;
  readonly answer: (output: LocalInput) => WireAnswer;
}

/** What may be asked of lists, by its name in the query. What else there is the store refuses. */
const LIST_QUERY: Readonly<Record<string, readonly [name: string, read: (text: string) => unknown]>> = {
  prefix: ['Prefix', String],
  'max-keys': ['MaxKeys', Number],
  'max-buckets': ['MaxBuckets', Number],
  'continuation-token': ['ContinuationToken', String],
  'start-after': ['StartAfter', String],
  'bucket-region': ['BucketRegion', String],
};
/** They say which action it is. */
const ACTION_QUERY: ReadonlySet<string> = new Set(['list-type', 'x-id']);

/** Reads a path-style request, which is what the SDK sends to an IP address. */
export function readS3Request({ method, url, headers, body }: WireRequest): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, Bucket = '', ...key] = decodeURIComponent(pathname).split('/');
  const Key = key.join('/');
  if (method === 'PUT') {
    const chunked = headers['content-encoding']?.includes('aws-chunked') === true;
    const input = { Bucket, Key, Body: chunked ? unchunk(body) : body, ContentType: headers['content-type'] };
    return { action: 'PutObject', input, answer: () => ({ status: 200, headers: { etag: '"local"' }, body: '' }) };
  }
  if (method === 'GET' && Key === '') return readList(Bucket, searchParams);
  return {
    action: method === 'GET' ? 'GetObject' : `${method} ${pathname}`,
    input: { Bucket, Key },
    answer: ({ Body, ContentType }) => ({
      status: 200,
      headers: { 'content-type': String(ContentType) },
      body: Body as Buffer,
    }),
  };
}

/** Reads ListBuckets, which names no bucket, or ListObjectsV2. */
function readList(Bucket: string, query: URLSearchParams): S3Request {
  const input: LocalInput = Bucket === '' ? {} : { Bucket };
  const unknown: string[] = [];
  for (const [name, text] of query) {
    const [member, read] = LIST_QUERY[name] ?? [];
    if (member !== undefined) input[member] = read?.(text);
    else if (!ACTION_QUERY.has(name)) unknown.push(name);
  }
  const buckets = Bucket === '';
  const known = unknown.length === 0 && (buckets || query.get('list-type') === '2');
  return {
    action: known ? (buckets ? 'ListBuckets' : 'ListObjectsV2') : `GET /${Bucket}?${query}`,
    input,
    answer: (output) => xmlAnswer(200, buckets ? bucketsXml(output) : objectsXml(output)),
  };
}

function bucketsXml({ Buckets, ContinuationToken }: LocalInput): string {
  const buckets = (Buckets as LocalInput[]).map((bucket) => `<Bucket>${elements(bucket)}</Bucket>`).join('');
  return `<ListAllMyBucketsResult><Buckets>${buckets}</Buckets>${elements({ ContinuationToken })}</ListAllMyBucketsResult>`;
}

function objectsXml({ Contents, ...rest }: LocalInput): string {
  const contents = (Contents as LocalInput[]).map((object) => `<Contents>${elements(object)}</Contents>`).join('');
  return `<ListBucketResult>${elements(rest)}${contents}</ListBucketResult>`;
}

function elements(members: LocalInput): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function xmlAnswer(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** Takes the payload out of `aws-chunked` framing: size in hex, data, and trailers after the last chunk. */
function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = body.indexOf('\r\n', position);
    const size = Number.parseInt(body.toString('latin1', position, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    position = end + 2 + size + 2;
  }
}

/** An error in S3's XML. */
export function s3Error({ status, code, message }: AwsError): WireAnswer {
  return xmlAnswer(status, `<Error>${elements({ Code: code, Message: message })}</Error>`);
}
