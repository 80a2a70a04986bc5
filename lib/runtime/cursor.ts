import { Problem } from './problem';

/** Characters of the longest cursor that any list gives out, and more. */
const LONGEST_CURSOR = 512;

/** A position in a list, as a client carries it to the next page. */
export function cursorOf(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * The position that {@link cursorOf} wrote. A client may have changed it: whoever reads it has to check that it is one that they give out,
 * since a store refuses a key that cannot be, as if the store had failed.
 *
 * @throws Problem 400 for what is no cursor
 */
export function positionOf(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor.length > LONGEST_CURSOR || cursorOf(position) !== cursor) throw invalidCursor();
  return position;
}

/** Says that a cursor is none that the list gave out. */
export function invalidCursor(): Problem {
  return new Problem(400, 'invalid_cursor', 'Send the cursor of the previous page without changes.', 'cursor');
}

/** Whether a text is a time as `toISOString` writes it, of the years 0 to 9999. */
export function isTimestamp(text: string): boolean {
  const time = new Date(text);
  return /^\d{4}-/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
