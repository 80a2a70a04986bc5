import { cursorOf, invalidCursor, isTimestamp, positionOf } from '../../../lib/runtime/cursor';
import { Problem } from '../../../lib/runtime/problem';
import type { PagePosition } from './documents-repository';

/**
 * Positions of a list, as clients carry them. A cursor says nothing that its client does not know, and names no key: it is put below the
 * caller's own, whatever it says. What does not have the very form of a position of this list is refused, so that DynamoDB is given no
 * start key that it would refuse: an empty or overlong one, or one of another index
 * (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html, ExclusiveStartKey).
 */
export interface Cursors<Position> {
  write(position: Position): string;
  /** Undefined for a position of another list. @throws Problem 400 for what is no cursor at all */
  read(cursor: string): Position | undefined;
}

/** A page that is asked for. */
export interface PageRequest<Position> {
  readonly limit: number;
  /** The position that the page before ended with. */
  readonly after?: Position;
}

const TURN = /^\d{8}$/;
const CONVERSATION = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DOCUMENT =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/;

/** Conversations of a user, by their ids. */
export const CONVERSATION_CURSORS = cursors<string>(String, (text) => (CONVERSATION.test(text) ? text : undefined));
/** Turns of a conversation, by their numbers. */
export const TURN_CURSORS = cursors<string>(String, (text) => (TURN.test(text) ? text : undefined));
/** Documents of a tenant, by when they came. */
export const DOCUMENT_CURSORS = cursors<PagePosition>(
  ({ createdAt, id }) => `${createdAt} ${id}`,
  (text) => {
    const [, createdAt = '', id = ''] = DOCUMENT.exec(text) ?? [];
    return isTimestamp(createdAt) ? { createdAt, id } : undefined;
  },
);

/** @throws Problem 400, naming the parameter */
export function pageRequestOf<Position>(
  query: Readonly<Record<string, string | undefined>> | null | undefined,
  { read }: Cursors<Position>,
): PageRequest<Position> {
  const { limit = '20', cursor } = query ?? {};
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Problem(400, 'invalid_limit', 'limit must be an integer from 1 to 100.', 'limit');
  }
  if (cursor === undefined) return { limit: Number(limit) };
  const after = read(cursor);
  if (after === undefined) throw invalidCursor();
  return { limit: Number(limit), after };
}

function cursors<Position>(
  textOf: (position: Position) => string,
  readText: (text: string) => Position | undefined,
): Cursors<Position> {
  return {
    write: (position) => cursorOf(textOf(position)),
    read: (cursor) => readText(positionOf(cursor)),
  };
}
