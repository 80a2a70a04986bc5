import { S3_LIMITS } from '../../limits/s3';
import { AwsError } from '../service';

/**
 * First and last byte that a `Range` header asks for; undefined for one that is not understood, which a server ignores
 * (RFC 9110, range requests). S3 serves one range at a time.
 */
export function rangeOf(header: string, size: number): { readonly first: number; readonly last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first >= size || first > last)
    throw new AwsError(S3_LIMITS.rows.range.error, 'The requested range is not satisfiable', 416);
  return { first, last };
}
