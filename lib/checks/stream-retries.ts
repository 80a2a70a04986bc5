/**
 * Tries of a failing batch after the first; ours. AWS waits longer before each and does not say how long; with waits from a second up
 * to a minute ten take five minutes, for which all that is behind the batch waits.
 */
const MAX_RETRIES = 10;

/** What is wrong with the number of tries after the first; false when nothing is. @param retries undefined and -1: until the record expires */
export function unboundedRetries(retries = -1): string | false {
  return (
    (retries < 0 || retries > MAX_RETRIES) &&
    `MaximumRetryAttempts is ${retries}, so one bad record holds its shard; allowed: 0 to ${MAX_RETRIES}`
  );
}

/** Ages that a mapping of Lambda takes; a pipe takes shorter ones, too (AWS: Lambda and Pipes, MaximumRecordAgeInSeconds). */
export const SHORTEST_AGE_SECONDS = 60;
const LONGEST_AGE_SECONDS = 604_800;

/** What is wrong with the age at which a record is given up; false when nothing is. @param seconds undefined and -1: never */
export function unboundedAge(seconds = -1, shortest = 0): string | false {
  return (
    (seconds < shortest || seconds > LONGEST_AGE_SECONDS) &&
    `MaximumRecordAgeInSeconds is ${seconds}; allowed: ${shortest} to ${LONGEST_AGE_SECONDS}`
  );
}
