import { Problem } from '../../../lib/runtime/problem';

/** The last item of a page: the next page begins after it. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A position as a client carries it. It says nothing that the client does not know. */
export function writeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/** @throws Problem 400 for anything that {@link writeCursor} did not write */
export function readCursor(cursor: string): Position {
  const [, time, id] = /^(\d{1,15})\.(.*)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const createdAt = new Date(Number(time));
  if (id === undefined || !UUID.test(id) || Number.isNaN(createdAt.getTime())) {
    throw new Problem(400, 'invalid_cursor', 'Use the cursor of the page before, unchanged.', 'cursor');
  }
  return { createdAt, id };
}
