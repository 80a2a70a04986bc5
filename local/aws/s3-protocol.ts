import type { AwsError, LocalInput } from './service';
import type { WireAnswer, WireRequest } from './wire';

interface S3Request {
  readonly action: string;
  readonly input: LocalInput;
  readonly answer: (output: LocalInput) => WireAnswer;
}

/** Reads a path-style object request, which is what the SDK sends to an IP address. */
export function readS3Request({ method, url, headers, body }: WireRequest): S3Request {
  const { pathname } = new URL(url, 'http://localhost');
  const [, Bucket = '', ...key] = decodeURIComponent(pathname).split('/');
  const Key = key.join('/');
  if (method === 'PUT') {
    const chunked = headers['content-encoding']?.includes('aws-chunked') === true;
    const input = { Bucket, Key, Body: chunked ? unchunk(body) : body, ContentType: headers['content-type'] };
    return { action: 'PutObject', input, answer: () => ({ status: 200, headers: { etag: '"local"' }, body: '' }) };
  }
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
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
