import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { callTimeouts } from './call-timeouts';
import { type ClaimCheck, Environment } from './contract';
import { requiredVariable } from './environment';

let client: S3Client | undefined;

/** Made on first use: most orders are small and their handlers never pay for it. */
function s3(): S3Client {
  // Three tries fit the 10 s of the function that takes orders.
  client ??= new S3Client({ requestHandler: callTimeouts({ answerMs: 3000 }) });
  return client;
}

/**
 * Stores a payload and returns the pointer that travels in its place. The key holds the content's hash, so storing the
 * same payload twice leaves one object.
 */
export async function putClaim(prefix: string, payload: string): Promise<ClaimCheck> {
  const body = Buffer.from(payload);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const key = `${prefix}/${sha256}.json`;
  await s3().send(
    new PutObjectCommand({
      Bucket: requiredVariable(Environment.claimsBucket),
      Key: key,
      Body: body,
      ContentType: 'application/json',
    }),
  );
  return { key, bytes: body.length, sha256 };
}

/** Deletes a payload that nothing points at, so that a refused request leaves nothing behind. */
export async function dropClaim({ key }: ClaimCheck): Promise<void> {
  await s3().send(new DeleteObjectCommand({ Bucket: requiredVariable(Environment.claimsBucket), Key: key }));
}

/**
 * Fetches a payload by its pointer.
 *
 * @throws Error when the object is not what the pointer says
 */
export async function resolveClaim(claim: ClaimCheck): Promise<string> {
  const answer = await s3().send(
    new GetObjectCommand({ Bucket: requiredVariable(Environment.claimsBucket), Key: claim.key }),
  );
  const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (body.length !== claim.bytes || sha256 !== claim.sha256) {
    throw new Error(`Claim ${claim.key} does not match its pointer`);
  }
  return body.toString('utf8');
}
