import type { IConstruct } from 'constructs';

const REASONS = new WeakMap<IConstruct, string>();

/** Why a handler that CloudFormation calls for a custom resource has no alarms. */
export const RUNS_AT_DEPLOYMENT = 'It runs at deployments alone, and CloudFormation reports when it fails.';

/**
 * Leaves a resource without the alarms that every pattern gives to what it creates, whichever pattern it is in.
 *
 * @param reason what reports its faults instead, or why none matter
 * @throws RangeError without a reason
 */
export function leaveUnwatched(resource: IConstruct, reason: string): void {
  if (reason.trim() === '') throw new RangeError(`${resource.node.path} is left without alarms: say why`);
  REASONS.set(resource, reason);
}

/** Why a resource has no alarms; undefined for one that should have them. */
export function reasonUnwatched(resource: IConstruct): string | undefined {
  return REASONS.get(resource);
}
