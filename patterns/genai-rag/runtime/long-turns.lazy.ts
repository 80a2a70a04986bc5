import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import type { ClaimCheck } from '../../../lib/runtime/contract';
import { Environment } from '../../../lib/runtime/contract';
import { requiredVariable } from '../../../lib/runtime/environment';

export { putClaim, resolveClaim } from '../../../lib/runtime/claim-check';

const client = new S3Client({ requestHandler: callTimeouts({ answerMs: 3000 }) });

/** Deletes the object of a turn that is gone; one that is not there counts as deleted. */
export async function removeClaim({ key }: ClaimCheck): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: requiredVariable(Environment.claimsBucket), Key: key }));
}
