import { createHash, randomBytes } from 'node:crypto';
import { customResource } from '../../runtime/custom-resource';

/** Bits that no one guesses. */
const VALUE_BYTES = 32;
/** The value, the one before it, and the one before that: a rollback makes a new value while edges still send the oldest. */
const VERIFIERS = 3;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * Makes the value that CloudFront shows to the API. Its name is the hashes of the last values, so the next update brings them
 * along and nothing has to be stored. The value itself goes to CloudFormation alone and is never logged. Attributes are named by
 * the generation, see `OriginSecret`.
 */
export const handler = customResource({
  physicalId: ({ generation }, data) => data[`Verifiers${String(generation)}`] ?? '',
  apply: async ({ generation }, _, current = '') => {
    const value = randomBytes(VALUE_BYTES).toString('hex');
    const hash = createHash('sha256').update(value).digest('hex');
    const before = current.split(',').filter((verifier) => SHA256_HEX.test(verifier));
    const verifiers = [hash, ...before].slice(0, VERIFIERS).join(',');
    return {
      data: { [`Value${String(generation)}`]: value, [`Verifiers${String(generation)}`]: verifiers },
      noEcho: true,
    };
  },
  // A value that no one sends any more is nowhere to be removed from.
  remove: async () => undefined,
});
