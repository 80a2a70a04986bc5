import * as z from 'zod/mini';
import { Problem } from '../../../lib/runtime/problem';
import { xmlText } from '../../../lib/runtime/xml-text';
import { type Position, readCursor } from './cursor';
import { characters } from './request-input';

/** Bounds of an item; the schema checks them too. */
const TITLE_CHARACTERS = 200;
const NOTES_BYTES = 16_384;

const title = z.string().check(xmlText(), characters(1, TITLE_CHARACTERS));
const notes = z.string().check(
  xmlText(),
  z.refine((text) => Buffer.byteLength(text) <= NOTES_BYTES, { error: `has at most ${NOTES_BYTES} bytes` }),
);

/** What a person writes of an item. */
export interface ItemText {
  readonly title: string;
  readonly notes: string;
}

export const NewItem: z.ZodMiniType<ItemText> = z.strictObject({ title, notes: z._default(notes, '') });
/** A change says all: what it left out would be unclear. */
export const ChangedItem: z.ZodMiniType<ItemText> = z.strictObject({ title, notes });

/** A page that is asked for. */
export interface PageRequest {
  /** Items. */
  readonly limit: number;
  readonly after?: Position;
}

/** @throws Problem 400 */
export function pageRequestOf(limit = '20', cursor?: string): PageRequest {
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Problem(400, 'invalid_limit', 'limit must be an integer from 1 to 100.', 'limit');
  }
  return { limit: Number(limit), ...(cursor !== undefined && { after: readCursor(cursor) }) };
}
