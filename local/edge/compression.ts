import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { EdgeAnswer } from './viewer';

/** Bytes that CloudFront compresses at least and at most (AWS: serve compressed files). */
const SMALLEST = 1000;
const LARGEST = 10_000_000;
/** AWS: file types that CloudFront compresses; those that a site has. */
const COMPRESSED =
  /^(text\/(css|html|javascript|plain|xml)|application\/(javascript|json|manifest\+json|xml)|image\/(svg\+xml|vnd\.microsoft\.icon))(;|$)/;

/** An answer as CloudFront sends it to a viewer who takes compressed ones: Brotli before gzip. */
export function compressed(answer: EdgeAnswer, acceptEncoding = ''): EdgeAnswer {
  const { status, headers, body } = answer;
  const { 'content-type': type = '', 'content-encoding': already } = headers;
  const fits = body.length >= SMALLEST && body.length <= LARGEST && COMPRESSED.test(type);
  if (status !== 200 || already !== undefined || !fits) return answer;
  const takes = (encoding: string) => new RegExp(`(^|,)\\s*${encoding}\\s*(;|,|$)`).test(acceptEncoding);
  const encoding = takes('br') ? 'br' : takes('gzip') ? 'gzip' : undefined;
  if (encoding === undefined) return answer;
  return {
    status,
    headers: { ...headers, 'content-encoding': encoding, vary: 'accept-encoding' },
    body: encoding === 'br' ? brotliCompressSync(body) : gzipSync(body),
  };
}
