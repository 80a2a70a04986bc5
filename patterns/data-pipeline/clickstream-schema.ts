/**
 * The one definition of a clickstream event: the lake's columns, the check of what comes in, and the demo's events follow
 * from it. Both worlds import this file; it imports neither.
 */

import { isUtf8 } from 'node:buffer';

/** What can happen. */
export const EVENT_TYPES = ['page_view', 'click', 'add_to_cart', 'purchase'] as const;
/** What happened. */
export type EventType = (typeof EVENT_TYPES)[number];

/** A column of an event. */
export interface Column {
  /** In the JSON as in the lake. */
  readonly name: string;
  /** Hive type. In JSON a timestamp is ISO 8601 in UTC. */
  readonly type: 'string' | 'bigint' | 'timestamp';
  readonly required: boolean;
  readonly comment: string;
  /** Characters of a text at most. @default 200 */
  readonly longest?: number;
  /** Largest number. */
  readonly most?: number;
}

/**
 * Largest amount of one event: 9,999,999,999.99 of a currency with hundredths. Ours: the sum of what a stream carries in a minute
 * needs more digits than a double has, and is exact all the same, but a single amount of that size is a mistake of its sender.
 */
export const MAX_CENTS = 999_999_999_999;

/** Every column, in the order of the lake's table. Readers keep working as long as columns are only added at the end. */
export const COLUMNS = [
  { name: 'event_id', type: 'string', required: true, comment: 'the same however often the event is sent' },
  { name: 'event_type', type: 'string', required: true, comment: EVENT_TYPES.join(', ') },
  { name: 'occurred_at', type: 'timestamp', required: true, comment: 'when it happened, UTC' },
  { name: 'session_id', type: 'string', required: true, comment: 'the visit; events of a session stay in order' },
  { name: 'user_id', type: 'string', required: false, comment: 'who, when signed in' },
  { name: 'page', type: 'string', required: true, comment: 'path of the page', longest: 1000 },
  { name: 'referrer', type: 'string', required: false, comment: 'where the visit came from', longest: 2000 },
  {
    name: 'amount_cents',
    type: 'bigint',
    required: false,
    comment: 'what was paid; required for a purchase',
    most: MAX_CENTS,
  },
] as const satisfies readonly Column[];

/** The lake's columns. */
export const GLUE_COLUMNS = COLUMNS.map(({ name, type, comment }) => ({ name, type, comment }));

/** An event that was checked. */
export interface ClickstreamEvent {
  readonly event_id: string;
  readonly event_type: EventType;
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly session_id: string;
  readonly user_id?: string;
  readonly page: string;
  readonly referrer?: string;
  /** A whole number from 0 to {@link MAX_CENTS}. */
  readonly amount_cents?: number;
}

/** Why something is not a valid event. */
export class InvalidEvent extends Error {
  constructor(
    readonly code: 'NOT_UTF8' | 'NOT_JSON' | 'NOT_AN_OBJECT' | 'MISSING' | 'WRONG_TYPE' | 'OUT_OF_RANGE' | 'CLOCK_SKEW',
    /** The column at fault; undefined when it is the whole. */
    readonly field?: string,
  ) {
    super(field === undefined ? code : `${code}: ${field}`);
    this.name = 'InvalidEvent';
  }
}

/** Clocks of browsers are wrong by a little; beyond this an event is dated in the future (five minutes, ours). */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const LONGEST = 200;

/**
 * Reads an event from the bytes of a record. Columns that no one knows are left out.
 *
 * @param now milliseconds since 1970
 * @throws InvalidEvent with a code and the field
 */
export function parseClickstreamEvent(bytes: Uint8Array, now: number): ClickstreamEvent {
  return checkClickstreamEvent(objectIn(bytes), now);
}

/**
 * Checks an event that its sender is about to send, by the rules of all who read it.
 *
 * @param now milliseconds since 1970
 * @throws InvalidEvent with a code and the field
 */
export function checkClickstreamEvent(value: Readonly<Record<string, unknown>>, now: number): ClickstreamEvent {
  const event: Record<string, unknown> = {};
  for (const column of COLUMNS) {
    const given = value[column.name];
    if (given === undefined || given === null) {
      if (column.required) throw new InvalidEvent('MISSING', column.name);
      continue;
    }
    check(column, given, now);
    event[column.name] = given;
  }
  if (!(EVENT_TYPES as readonly unknown[]).includes(event['event_type'])) {
    throw new InvalidEvent('OUT_OF_RANGE', 'event_type');
  }
  if (event['event_type'] === 'purchase' && event['amount_cents'] === undefined) {
    throw new InvalidEvent('MISSING', 'amount_cents');
  }
  return event as unknown as ClickstreamEvent;
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(content)) throw new InvalidEvent('NOT_UTF8');
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    throw new InvalidEvent('NOT_JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidEvent('NOT_AN_OBJECT');
  return value as Record<string, unknown>;
}

function check(
  { name, type, longest = LONGEST, most = Number.MAX_SAFE_INTEGER }: Column,
  value: unknown,
  now: number,
): void {
  if (type === 'bigint') {
    if (typeof value !== 'number') throw new InvalidEvent('WRONG_TYPE', name);
    if (!Number.isInteger(value) || value < 0 || value > most) throw new InvalidEvent('OUT_OF_RANGE', name);
    return;
  }
  if (typeof value !== 'string') throw new InvalidEvent('WRONG_TYPE', name);
  if (type === 'timestamp') {
    const at = UTC.test(value) ? Date.parse(value) : Number.NaN;
    // A day that its month does not have is another day to each reader.
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value.slice(0, 10)) {
      throw new InvalidEvent('WRONG_TYPE', name);
    }
    if (at < 0 || at > now + CLOCK_TOLERANCE_MS) throw new InvalidEvent('CLOCK_SKEW', name);
    return;
  }
  if (value === '' || value.length > longest) throw new InvalidEvent('OUT_OF_RANGE', name);
}
