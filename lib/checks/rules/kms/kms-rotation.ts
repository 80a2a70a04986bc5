import { mustHold, notApplicable, type Rule } from '../../rule';

export const kmsRotation: Rule = {
  id: 'kms-rotation',
  title: 'A customer-managed key rotates by itself',
  why: 'Rotation is off by default: everything that the key ever encrypts depends on the same key material. With rotation KMS makes new material every 365 days, and nothing else changes.',
  fix: "Set EnableKeyRotation to true. In the CDK, new Key(this, 'Key', { enableKeyRotation: true }).",
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  example: {
    fixed: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } },
    broken: [{ 'Key.Properties.EnableKeyRotation': false }, { 'Key.Properties.EnableKeyRotation': null }],
  },
  types: ['AWS::KMS::Key'],
  check: (key) => {
    if (!['SYMMETRIC_DEFAULT', undefined].includes(key.literal('KeySpec') as string | undefined)) return notApplicable;
    // KMS does not rotate key material that you import (AWS: API_EnableKeyRotation).
    if (key.literal('Origin') === 'EXTERNAL') return notApplicable;
    return mustHold(key.flag('EnableKeyRotation') === true, 'EnableKeyRotation is not true');
  },
};
