import { createHash } from 'node:crypto';
import { Problem } from './problem';

/**
 * Lets through what CloudFront passed on. The environment holds hashes alone, so what is read there opens nothing.
 *
 * @param verifiers SHA-256 in hex of what the header may say, separated by commas
 * @returns a check of the header's value, which throws Problem 403
 */
export function originCheck(verifiers: string): (value: string | null | undefined) => void {
  const known = new Set(verifiers.split(','));
  return (value) => {
    const hash = createHash('sha256').update(value ?? '');
    // Comparing hashes tells nothing of the value by its time.
    if (known.has(hash.digest('hex'))) return;
    throw new Problem(403, 'forbidden', 'Send the request to the address of the CloudFront distribution.');
  };
}
