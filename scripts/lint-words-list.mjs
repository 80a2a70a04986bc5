// What lint-words.mjs refuses, as data. Only phrases that are wrong wherever they occur; the lint ignores capitals, and reads on over
// the end of a line. docs/glossary.md has the words to use.

/** `phrases`: what is refused; `write`: what to say; `why`: the reason. */
export const BANNED = [
  {
    phrases: ['somebody', "somebody's"],
    write: '"someone", or the role: an operator, a user, a client',
    why: 'a role says who has to act',
  },
  { phrases: ['anybody', 'everybody'], write: '"anyone", "everyone", or the role', why: 'AWS writes so' },
  { phrases: ['nobody', "nobody's"], write: '"no one", "no user", "no role"', why: 'a role says who is meant' },
  {
    phrases: ['told of', 'tell of', 'tells of'],
    write: '"notified of", "receives notifications of", "reports"',
    why: "SNS's and CloudWatch's word is notification",
  },
  {
    phrases: ['taken in'],
    write: '"ingested", or "accepted"',
    why: "ingestion is the field's word",
  },
  {
    phrases: ['put aside', 'puts aside', 'putting aside'],
    write: '"quarantined", "kept"',
    why: "quarantine is the field's word",
  },
  { phrases: ['to be had'], write: '"available", "unavailable"', why: "availability is the field's word" },
  {
    phrases: ['is ill', 'are ill'],
    write: '"is unhealthy"',
    why: 'health checks know healthy and unhealthy targets',
  },
  { phrases: ['there is nothing here'], write: '"Not found."', why: "HTTP's text for 404" },
  {
    phrases: ['there is no use for'],
    write: '"X does not apply to Y", "X is not used with Y"',
    why: 'it does not say what the option conflicts with',
  },
  {
    phrases: ['has to be asked', 'is here to be asked'],
    write: 'who has to confirm, and the option that confirms (--yes)',
    why: 'it does not say what to do',
  },
  {
    phrases: ['of clients and of ours'],
    write: '"client errors (4xx) and server errors (5xx)"',
    why: "CloudWatch's metrics are named so",
  },
  {
    phrases: ['mend', 'mends', 'mended', 'mending'],
    write: '"fix", "correct", "repair"',
    why: "fix is the field's word",
  },
  { phrases: ['at the most', 'at the least'], write: '"at most", "at least"', why: 'the usual form' },
  { phrases: ['for ever'], write: '"forever", "until it is deleted"', why: "AWS's spelling" },
  { phrases: ['in vain'], write: '"without success", or what failed', why: 'archaic: it does not say what failed' },
  {
    phrases: ['is no event', 'are no events'],
    write: '"is not a valid event", "invalid records"',
    why: 'validation is the word for it',
  },
  { phrases: ['lies in', 'lie in'], write: '"is in", "is stored in"', why: 'data is stored, or is in a place' },
  {
    phrases: ['stood in for', 'stands in for', 'stand in for', 'standing in for'],
    write: '"replaces", "is simulated by"',
    why: 'readers take it for a grammar error',
  },
];

const REPLACED = 'a security group whose description changes is replaced';

/** Exceptions: a phrase that a file may have, with the reason. An entry that nothing needs fails the lint. */
export const ALLOWED = [
  { file: 'lib/analytics/warehouse.ts', phrase: 'nobody', why: REPLACED },
  { file: 'lib/analytics/warehouse.ts', phrase: 'somebody', why: REPLACED },
  { file: 'lib/database/postgres-cluster.ts', phrase: 'nobody', why: REPLACED },
  { file: 'lib/database/valkey-cache.ts', phrase: 'nobody', why: REPLACED },
];

/** Beginnings of paths that the lint leaves out: the glossary names the words to avoid. Tests, scripts and benchmarks are not read. */
export const NOT_YET_COVERED = ['docs/glossary.md'];
