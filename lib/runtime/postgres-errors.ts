/** The database could not be asked, or went silent. Nothing is known to be wrong with the request. */
export class DatabaseUnavailable extends Error {
  /** Marks what a caller may try again. */
  readonly code = 'DATABASE_UNAVAILABLE';
}

/** SQLSTATEs of a server that is going, coming, or no longer the writer (PostgreSQL, appendix A). */
const STATES = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25006', // read_only_sql_transaction: the writer of a moment ago became a reader
]);
/** What the driver says, which gives these errors no code. */
const WORDS = /^(Connection terminated|Query read timeout|Client .* is not queryable)/;

/** Whether a connection is of no more use, and what was asked by it may or may not have been done. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if ('severity' in error) return STATES.has(code) || code.startsWith('08');
  return WORDS.test(error.message) || /^E[A-Z_]+$/.test(code);
}

/** Whether all connections stayed in use for as long as a request waits for one: another would only wait longer. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect');
}

/** Whether a statement took longer than any may: SQLSTATE query_canceled. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/** Whether a row is there already: SQLSTATE unique_violation. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
