import { mustHold, notApplicable, type Rule } from '../../rule';

/** Customer-managed keys rotate yearly. */
export const kmsRotation: Rule = {
  id: 'kms-rotation',
  types: ['AWS::KMS::Key'],
  check: (key) => {
    if (!['SYMMETRIC_DEFAULT', undefined].includes(key.literal('KeySpec') as string | undefined)) return notApplicable;
    return mustHold(key.flag('EnableKeyRotation') === true, 'EnableKeyRotation is not true');
  },
};
