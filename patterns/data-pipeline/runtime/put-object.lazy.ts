import { PutObjectCommand, type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';

// Made when it is first needed, and kept for the life of the process.
const client = new S3Client({ requestHandler: callTimeouts({ answerMs: 10_000 }) });

/** Writes an object. */
export async function putObject(input: PutObjectCommandInput): Promise<void> {
  await client.send(new PutObjectCommand(input));
}
