import { setTimeout as sleep } from 'node:timers/promises';
import { logger } from './observability';

/**
 * Seconds between tries, a minute in all: a role's new permissions take some seconds to be known everywhere, seldom more than a minute
 * (AWS: IAM, troubleshooting, changes are not always immediately visible).
 */
export const PAUSES_SECONDS: readonly number[] = [2, 4, 8, 15, 30];

/** What services say when they do not know a permission, or may not yet act as a role. */
const REFUSALS = /not authorized to (get credentials|assume)|(could not|cannot) be assumed|validate permissions for/i;

/**
 * Runs `work` again while a service does not know the permissions of a role that was made a moment ago.
 *
 * @param pauses seconds between tries
 * @throws Error the last refusal, and every other failure at once
 */
export async function untilPermitted<Result>(
  work: () => Promise<Result>,
  pauses: readonly number[] = PAUSES_SECONDS,
): Promise<Result> {
  for (const seconds of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      logger.warn('A permission is not known yet; retrying', { seconds, error: error as Error });
      await sleep(seconds * 1000);
    }
  }
  return work();
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && (/^AccessDenied/.test(error.name) || REFUSALS.test(error.message));
}
