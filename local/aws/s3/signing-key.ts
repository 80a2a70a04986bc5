import { createHmac, timingSafeEqual } from 'node:crypto';
import { S3_LIMITS } from '../../limits/s3';
import { AwsError } from '../service';

/** What `X-Amz-Credential` says (AWS: IAM user guide, Signature Version 4). */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** As `20261124`. */
  readonly day: string;
  readonly region: string;
}

const SCOPE = /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/;
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads a credential and when it was used to sign. @throws AwsError for one that is no credential, or of another day */
export function scopeOf(credential: string, time: string): CredentialScope & { readonly signedAt: number } {
  const [, accessKeyId = '', day = '', region = ''] = SCOPE.exec(credential) ?? [];
  const signedAt = Date.parse(time.replace(TIME, '$1-$2-$3T$4:$5:$6Z'));
  if (accessKeyId === '' || !TIME.test(time) || Number.isNaN(signedAt) || !time.startsWith(day)) {
    throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Credential and X-Amz-Date do not fit', 400);
  }
  return { accessKeyId, day, region, signedAt };
}

/**
 * Signs a text with the key of a secret's day and region.
 *
 * @returns hex
 */
export function signatureOf(
  secret: string,
  { day, region }: Pick<CredentialScope, 'day' | 'region'>,
  text: string,
): string {
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

/** @throws AwsError unless a signature is what it should be */
export function requireSignature(given: string, expected: string): void {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  if (a.length === b.length && timingSafeEqual(a, b)) return;
  throw new AwsError(
    S3_LIMITS.rows.signature.error,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  );
}
