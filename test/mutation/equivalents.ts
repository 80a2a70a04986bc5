import type { Equivalent } from '../../scripts/mutation/equivalents';

/** Mutants that no test can notice, with the reason. `npm run mutation` fails for one that is noticed, or is no mutant any more. */
export const EQUIVALENTS: readonly Equivalent[] = [];
