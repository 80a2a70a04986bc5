import { lambdaMaxMemory10gb } from '../../../../../lib/checks/rules/lambda/lambda-max-memory-10gb';
import { bounds } from '../../literal-fixture';

bounds(lambdaMaxMemory10gb, { Fn: ['AWS::Lambda::Function', {}] }, 'Fn.MemorySize', {
  min: 128,
  max: 10_240,
  unset: 'compliant',
  says: 'MB; allowed: 128 to 10240 MB',
});
