import { Problem } from '../../../lib/runtime/problem';

/** A page that is asked for. */
export interface PageRequest {
  readonly limit: number;
  /** The end of the sort key that the page before ended with. */
  readonly after?: string;
}

/** Ids and numbers: what sort keys end with. */
const POSITION = /^[0-9a-f-]{1,64}$/;

/** A position as a client carries it. It says nothing that the client does not know, and reaches nothing beyond its own. */
export function writeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/** @throws Problem 400 */
export function pageRequestOf(query: Readonly<Record<string, string | undefined>> | null | undefined): PageRequest {
  const { limit = '20', cursor } = query ?? {};
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Problem(400, 'invalid_limit', 'limit is a whole number from 1 to 100.', 'limit');
  }
  if (cursor === undefined) return { limit: Number(limit) };
  const after = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!POSITION.test(after)) {
    throw new Problem(400, 'invalid_cursor', 'Use the cursor of the page before, unchanged.', 'cursor');
  }
  return { limit: Number(limit), after };
}
