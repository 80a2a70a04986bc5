import type { IConstruct } from 'constructs';

/** What is left out of a resource's monitoring. */
interface Exclusion {
  readonly reason: string;
  /** Whether the dashboard has no row of it, either. */
  readonly hidden: boolean;
}

const EXCLUSIONS = new WeakMap<IConstruct, Exclusion>();

/** Why a handler that CloudFormation calls for a custom resource has no alarms. */
export const RUNS_AT_DEPLOYMENT = 'It runs at deployments alone, and CloudFormation reports when it fails.';

/** Why the distribution of a pattern has no alarms of its own. */
export const API_COUNTS_ERRORS =
  'The API behind it has alarms on its errors and latency in the region of the pattern; CloudFront publishes in us-east-1 alone.';

/**
 * Leaves a resource without the alarms and the dashboard row that every pattern gives to what it creates, whichever pattern it is in.
 *
 * @param reason what reports its faults instead, or why none matter
 * @throws RangeError without a reason
 */
export function leaveUnwatched(resource: IConstruct, reason: string): void {
  exclude(resource, { reason, hidden: true });
}

/**
 * Leaves a resource without the usual alarms; the dashboard still shows it.
 *
 * @param reason which other alarms report its faults
 * @throws RangeError without a reason
 */
export function leaveWithoutAlarms(resource: IConstruct, reason: string): void {
  exclude(resource, { reason, hidden: false });
}

function exclude(resource: IConstruct, exclusion: Exclusion): void {
  if (exclusion.reason.trim() === '') {
    throw new RangeError(`${resource.node.path} is left without alarms: say why`);
  }
  EXCLUSIONS.set(resource, exclusion);
}

/** Why a resource has no alarms; undefined for one that should have them. */
export function reasonUnwatched(resource: IConstruct): string | undefined {
  return EXCLUSIONS.get(resource)?.reason;
}

/** Whether dashboards leave a resource out, since it was left by {@link leaveUnwatched}. */
export function isHidden(resource: IConstruct): boolean {
  return EXCLUSIONS.get(resource)?.hidden === true;
}

/** Services by the log groups of functions that refuse by an error. */
const REFUSING = new WeakMap<IConstruct, string>();

/**
 * Notes that a function refuses what clients ask for by throwing, as triggers of a user pool do. The runtime then writes a line at
 * level ERROR, and Lambda counts an error, for a client's mistake: alarms on error lines count only what the service's own logger says.
 *
 * @param service its name in logs
 */
export function refusesByThrowing(logGroup: IConstruct, service: string): void {
  REFUSING.set(logGroup, service);
}

/** The service whose own ERROR lines alone are errors; undefined where the runtime's are, too. */
export function serviceThatRefuses(logGroup: IConstruct): string | undefined {
  return REFUSING.get(logGroup);
}
