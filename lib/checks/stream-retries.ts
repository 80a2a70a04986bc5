/**
 * Tries of a failing batch after the first; ours. AWS waits longer before each and does not say how long; with waits from a second up
 * to a minute ten take five minutes, for which all that is behind the batch waits.
 */
const MOST_RETRIES = 10;

/** What is wrong with the number of tries after the first; false when nothing is. @param retries undefined and -1: until the record expires */
export function unboundedRetries(retries = -1): string | false {
  return (
    (retries < 0 || retries > MOST_RETRIES) &&
    `MaximumRetryAttempts is ${retries}, so one bad record holds its shard; allowed: 0 to ${MOST_RETRIES}`
  );
}
