import { cursorOf, invalidCursor, positionOf } from '../../../lib/runtime/cursor';

/** The last item of a page: the next page begins after it. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

/** The year 10000, which a date with four digits of a year does not reach. */
const END_OF_TIME = Date.UTC(10_000, 0);

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A position as a client carries it. It says nothing that the client does not know. */
export function writeCursor({ createdAt, id }: Position): string {
  return cursorOf(`${createdAt.getTime()}.${id}`);
}

/** @throws Problem 400 for anything that {@link writeCursor} did not write */
export function readCursor(cursor: string): Position {
  const [, time, id] = /^(0|[1-9]\d{0,14})\.(.*)$/.exec(positionOf(cursor)) ?? [];
  const createdAt = new Date(Number(time));
  if (id === undefined || !UUID.test(id) || !(createdAt.getTime() < END_OF_TIME)) throw invalidCursor();
  return { createdAt, id };
}
