import type { Grant } from 'aws-cdk-lib/aws-iam';

/** Several permissions as one, which a caller can wait for (`applyBefore`) or assert. */
export function combinedGrant(first: Grant, ...others: readonly (Grant | undefined)[]): Grant {
  return others.reduce<Grant>((all, each) => (each === undefined ? all : all.combine(each)), first);
}
