import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SHORTEST_AGE_SECONDS, unboundedAge, unboundedRetries } from '../../../lib/checks/stream-retries';

it('bounds retries from 0 to 10', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10 }), (retries) => unboundedRetries(retries) === false));
  const beyond = fc.oneof(fc.integer({ min: 11 }), fc.integer({ max: -1 }));
  fc.assert(
    fc.property(beyond, (retries) => String(unboundedRetries(retries)).includes(`is ${retries}, so one bad record`)),
  );
  expect(unboundedRetries()).toBe('MaximumRetryAttempts is -1, so one bad record holds its shard; allowed: 0 to 10');
});

it.each([
  [undefined, undefined, 'MaximumRecordAgeInSeconds is -1; allowed: 0 to 604800'],
  [-1, 60, 'MaximumRecordAgeInSeconds is -1; allowed: 60 to 604800'],
  [-1, 0, 'MaximumRecordAgeInSeconds is -1; allowed: 0 to 604800'],
  [0, 0, false],
  [SHORTEST_AGE_SECONDS - 1, SHORTEST_AGE_SECONDS, 'MaximumRecordAgeInSeconds is 59; allowed: 60 to 604800'],
  [SHORTEST_AGE_SECONDS, SHORTEST_AGE_SECONDS, false],
  [604_800, 60, false],
  [604_801, 60, 'MaximumRecordAgeInSeconds is 604801; allowed: 60 to 604800'],
])('an age of %s s, of at least %s s: %s', (seconds, shortest, says) => {
  expect(unboundedAge(seconds, shortest)).toBe(says);
});
