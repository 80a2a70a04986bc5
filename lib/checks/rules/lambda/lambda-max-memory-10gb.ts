import { mustHold, type Rule } from '../../rule';

export const lambdaMaxMemory10gb: Rule = {
  id: 'lambda-max-memory-10gb',
  title: 'The memory of a function is between 128 and 10,240 MB',
  why: 'Lambda refuses any other size, and the CDK does not check it: the deployment fails and rolls back.',
  fix: 'Set MemorySize to 10240 or less. Work that needs more belongs on Fargate or AWS Batch.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  example: {
    fixed: {
      Small: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 128 } },
      Large: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 10240 } },
    },
    broken: [{ 'Small.Properties.MemorySize': 127 }, { 'Large.Properties.MemorySize': 10241 }],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const memory = fn.number('MemorySize') ?? 128;
    return mustHold(memory >= 128 && memory <= 10_240, `MemorySize is ${memory} MB; allowed: 128 to 10240 MB`);
  },
};
