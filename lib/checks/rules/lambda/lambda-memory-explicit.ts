import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

export const lambdaMemoryExplicit: Rule = {
  id: 'lambda-memory-explicit',
  title: 'A function states its timeout, and its memory of 256 MB or more',
  why: 'The defaults are 128 MB and 3 seconds. A function gets CPU by its memory, so with 128 MB it is slow to start and to run, and often no cheaper; and the first slow call of a service runs into the timeout.',
  fix: 'Set MemorySize to 256 or more, and Timeout to what the function needs.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html',
  example: {
    fixed: { Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 256, Timeout: 10 } } },
    broken: [
      { 'Function.Properties.MemorySize': 255 },
      { 'Function.Properties.MemorySize': null },
      { 'Function.Properties.Timeout': null },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    if (isDeploymentHelper(fn)) return notApplicable;
    const memory = fn.number('MemorySize');
    return verdict([
      (memory === undefined || memory < 256) &&
        `MemorySize is ${memory ?? 'the default, 128'} MB; allowed: 256 MB or more, stated`,
      !fn.has('Timeout') && 'Timeout is the default, 3 s; allowed: any, stated',
    ]);
  },
};
