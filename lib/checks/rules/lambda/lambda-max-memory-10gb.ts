import { mustHold, type Rule } from '../../rule';

/** Memory tops out at 10 GB. */
export const lambdaMaxMemory10gb: Rule = {
  id: 'lambda-max-memory-10gb',
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const memory = fn.number('MemorySize') ?? 128;
    return mustHold(memory >= 128 && memory <= 10_240, `MemorySize is ${memory} MB; allowed: 128 to 10240 MB`);
  },
};
