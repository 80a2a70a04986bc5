import { createHash } from 'node:crypto';
import { exceeds, refused } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';
import { AwsError } from '../service';
import type { WireRequest } from '../wire';
import { requireSignature, scopeOf, signatureOf } from './signing-key';

const LIMITS = S3_LIMITS.rows;

/**
 * Checks a request that its query string signs, as it came and when it came (docs.aws.amazon.com/AmazonS3:
 * sigv4-query-string-auth).
 *
 * @returns the access key that signed it
 * @throws AwsError for one that is expired, or not what was signed
 */
export function checkQuerySignature({ method, url, headers }: WireRequest, secret: string, now: number): string {
  const [path = '/', search = ''] = url.split('?');
  const query = pairsOf(search);
  const [algorithm, credential, time, expires, names, signature] = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ].map((name) => query.find(([given]) => given === name)?.[1] ?? '') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (algorithm !== 'AWS4-HMAC-SHA256') throw malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires) || exceeds(LIMITS.expires, seconds)) {
    throw malformed(`X-Amz-Expires must be a number of seconds from ${LIMITS.expires.min} to ${LIMITS.expires.max}`);
  }
  const { accessKeyId, day, region, signedAt } = scopeOf(credential, time);
  const signed = names.split(';');
  if (!signed.includes('host')) throw malformed('X-Amz-SignedHeaders does not have host');
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.includes(name));
  if (unsigned.length > 0) {
    throw denied('There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(),
    });
  }
  const canonical = [
    method,
    path,
    canonicalQuery(query.filter(([name]) => name !== 'X-Amz-Signature')),
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, hash].join('\n');
  requireSignature(signature, signatureOf(secret, { day, region }, text));
  if (exceeds(LIMITS.clockSkew, signedAt - now)) throw denied('Request is not valid yet');
  if (now >= signedAt + seconds * 1000) throw denied('Request has expired');
  return accessKeyId;
}

function pairsOf(search: string): (readonly [name: string, value: string])[] {
  return search
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('='))] as const;
    });
}

function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function malformed(message: string): AwsError {
  return refused(LIMITS.expires, message);
}

function denied(message: string, members: Record<string, unknown> = {}): AwsError {
  return new AwsError(LIMITS.expired.error, message, 403, members);
}
