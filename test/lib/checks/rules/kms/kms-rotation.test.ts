import { kmsRotation } from '../../../../../lib/checks/rules/kms/kms-rotation';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const key: Literals = { Key: ['AWS::KMS::Key', { EnableKeyRotation: true }] };

mustBe(kmsRotation, key, 'Key.EnableKeyRotation', true, 'EnableKeyRotation is not true', 'violation');
cases(kmsRotation, key, [
  ['violation', 'it could be', { Key: ['AWS::KMS::Key', { KeySpec: 'SYMMETRIC_DEFAULT' }] }, 'EnableKeyRotation'],
  ['not-applicable', 'it is of a kind that does not rotate', { Key: ['AWS::KMS::Key', { KeySpec: 'RSA_2048' }] }],
  ['not-applicable', 'its material is imported', { Key: ['AWS::KMS::Key', { Origin: 'EXTERNAL' }] }],
  ['violation', 'KMS makes its material', { Key: ['AWS::KMS::Key', { Origin: 'AWS_KMS' }] }, 'EnableKeyRotation'],
  ['cannot-tell', 'a parameter says the kind', { 'Key.KeySpec': PARAMETER }],
]);
