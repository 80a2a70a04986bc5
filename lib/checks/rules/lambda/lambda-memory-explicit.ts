import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

/** CPU scales with memory, so memory is a tuning knob and the 128 MB default should not ship. */
export const lambdaMemoryExplicit: Rule = {
  id: 'lambda-memory-explicit',
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
