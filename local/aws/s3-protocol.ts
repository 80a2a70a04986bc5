import { userMetadata } from './s3/object-limits';
import { contentsOf, elements, textOf, xmlAnswer } from './s3/xml';
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
/** A GET may ask for other headers than the object's own (AWS: API_GetObject). */
const RESPONSE_QUERY: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-content-disposition': 'content-disposition',
  'response-cache-control': 'cache-control',
};

/** Reads a path-style request, which is what the SDK sends to an IP address. */
export function readS3Request(request: WireRequest): S3Request {
  const { pathname, searchParams: query } = new URL(request.url, 'http://localhost');
  const [, Bucket = '', ...key] = pathname.split('/').map(decodeURIComponent);
  const Key = key.join('/');
  const { method } = request;
  if (method === 'GET' && Key === '') return readList(Bucket, query);
  const target = { Bucket, Key };
  const upload = query.get('uploadId') ?? undefined;
  if (method === 'GET' && upload !== undefined) return readListParts({ ...target, UploadId: upload }, query);
  if (method === 'GET') return { action: 'GetObject', ...readGet(target, request, query) };
  if (method === 'HEAD') return { action: 'HeadObject', ...readGet(target, request, query) };
  if (method === 'PUT') return readPut(target, request, query);
  if (method === 'DELETE') {
    const [action, input] =
      upload === undefined
        ? ['DeleteObject', { ...target, IfMatch: request.headers['if-match'] }]
        : ['AbortMultipartUpload', { ...target, UploadId: upload }];
    return { action, input, answer: () => ({ status: 204, headers: {}, body: '' }) };
  }
  if (method === 'POST' && query.has('delete')) return readDeletes(Bucket, bodyOf(request));
  if (method === 'POST' && query.has('uploads')) {
    const Metadata = userMetadata(Object.entries(request.headers));
    const input = { ...target, ContentType: contentTypeOf(request), Metadata };
    return { action: 'CreateMultipartUpload', input, answer: xml('InitiateMultipartUploadResult') };
  }
  if (method === 'POST' && upload !== undefined) {
    const Parts = contentsOf(bodyOf(request), 'Part').map((part) => ({
      PartNumber: Number(textOf(part, 'PartNumber')),
      ETag: textOf(part, 'ETag') ?? '',
    }));
    const input = { ...target, UploadId: upload, Parts };
    return { action: 'CompleteMultipartUpload', input, answer: xml('CompleteMultipartUploadResult') };
  }
  return { action: `${method} ${pathname}`, input: target, answer: () => ({ status: 200, headers: {}, body: '' }) };
}

type Target = { readonly Bucket: string; readonly Key: string };

function readGet(target: Target, { headers }: WireRequest, query: URLSearchParams): Omit<S3Request, 'action'> {
  const asked = Object.entries(RESPONSE_QUERY).flatMap(([name, header]) => {
    const value = query.get(name);
    return value === null ? [] : [[header, value] as const];
  });
  const input = { ...target, Range: headers['range'], IfMatch: headers['if-match'] };
  const answer = ({ Body, ContentType, ContentRange, ETag, LastModified }: LocalInput): WireAnswer => {
    const content = Body as Buffer;
    return {
      status: ContentRange === undefined ? 200 : 206,
      headers: {
        'content-type': String(ContentType ?? 'binary/octet-stream'),
        'content-length': String(content.length),
        'accept-ranges': 'bytes',
        etag: String(ETag),
        'last-modified': String(LastModified),
        ...(ContentRange !== undefined && { 'content-range': String(ContentRange) }),
        ...Object.fromEntries(asked),
      },
      body: content,
    };
  };
  return { input, answer };
}

function readPut(target: Target, request: WireRequest, query: URLSearchParams): S3Request {
  const { headers } = request;
  const etag = ({ ETag }: LocalInput): WireAnswer => ({ status: 200, headers: { etag: String(ETag) }, body: '' });
  const copied = headers['x-amz-copy-source'];
  if (copied !== undefined) {
    const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
    const input = {
      ...target,
      CopySource: decodeURIComponent(copied),
      CopySourceIfMatch: headers['x-amz-copy-source-if-match'],
      ...(replaces && { ContentType: contentTypeOf(request) }),
    };
    return { action: 'CopyObject', input, answer: xml('CopyObjectResult') };
  }
  const input = { ...target, Body: contentOf(request) };
  if (query.has('uploadId')) {
    const part = { UploadId: query.get('uploadId'), PartNumber: Number(query.get('partNumber')) };
    return { action: 'UploadPart', input: { ...input, ...part }, answer: etag };
  }
  const described = { ContentType: contentTypeOf(request), Metadata: userMetadata(Object.entries(headers)) };
  return { action: 'PutObject', input: { ...input, ...described }, answer: etag };
}

function readDeletes(Bucket: string, document: string): S3Request {
  const quiet = textOf(document, 'Quiet') === 'true';
  const Keys = contentsOf(document, 'Object').map((object) => textOf(object, 'Key') ?? '');
  const deleted = quiet ? '' : Keys.map((Key) => `<Deleted>${elements({ Key })}</Deleted>`).join('');
  const answer = () => xmlAnswer(200, `<DeleteResult>${deleted}</DeleteResult>`);
  return { action: 'DeleteObjects', input: { Bucket, Keys }, answer };
}

/** Reads ListParts, whose answer may be cut, but not gone on with. */
function readListParts(input: LocalInput, query: URLSearchParams): S3Request {
  const most = Number(query.get('max-parts') ?? 1000);
  const answer = ({ Parts, ...rest }: LocalInput) => {
    const parts = Parts as LocalInput[];
    const page = parts.slice(0, most).map((part) => `<Part>${elements(part)}</Part>`);
    const head = elements({ ...rest, MaxParts: most, IsTruncated: parts.length > most });
    return xmlAnswer(200, `<ListPartsResult>${head}${page.join('')}</ListPartsResult>`);
  };
  return { action: query.has('part-number-marker') ? 'ListParts from a marker' : 'ListParts', input, answer };
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

/** Answers with the output's members in an element of a name. */
function xml(name: string): (output: LocalInput) => WireAnswer {
  return (output) => xmlAnswer(200, `<${name}>${elements(output)}</${name}>`);
}

function contentTypeOf({ headers }: WireRequest): string | undefined {
  return headers['content-type'];
}

function bodyOf(request: WireRequest): string {
  return contentOf(request).toString('utf8');
}

function contentOf({ headers, body }: WireRequest): Buffer {
  return headers['content-encoding']?.includes('aws-chunked') === true ? unchunk(body) : body;
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
export function s3Error({ status, code, message, members }: AwsError): WireAnswer {
  return xmlAnswer(status, `<Error>${elements({ Code: code, Message: message, ...members })}</Error>`);
}
