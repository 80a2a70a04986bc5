// @project unit
// @node24

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COLUMNS,
  GLUE_COLUMNS,
  InvalidEvent,
  MAX_CENTS,
  parseClickstreamEvent,
} from '../../../../patterns/data-pipeline/clickstream-schema';
import { sumsOf } from '../../../../patterns/data-pipeline/runtime/batch';
import { ANSWER_LIMIT_BYTES, transformRecords } from '../../../../patterns/data-pipeline/runtime/transform';

const NOW = Date.UTC(2026, 10, 23, 12);
const event = {
  event_id: 'e1',
  event_type: 'purchase',
  occurred_at: '2026-11-23T10:15:00.5Z',
  session_id: 's1',
  page: '/checkout',
  amount_cents: 1999,
};
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const asRecord = (data: Buffer, index = 0) => ({
  recordId: `record-${index}`,
  approximateArrivalTimestamp: NOW,
  data: data.toString('base64'),
});

describe('the schema', () => {
  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'NOT_UTF8', undefined],
    ['half a JSON', bytes('{"event_id":'), 'NOT_JSON', undefined],
    ['a list', bytes([]), 'NOT_AN_OBJECT', undefined],
    ['no session', bytes({ ...event, session_id: undefined }), 'MISSING', 'session_id'],
    ['a purchase for nothing said', bytes({ ...event, amount_cents: undefined }), 'MISSING', 'amount_cents'],
    ['an amount in words', bytes({ ...event, amount_cents: '19.99' }), 'WRONG_TYPE', 'amount_cents'],
    ['an amount with a fraction', bytes({ ...event, amount_cents: 19.99 }), 'OUT_OF_RANGE', 'amount_cents'],
    ['a type of event that nobody knows', bytes({ ...event, event_type: 'sneeze' }), 'OUT_OF_RANGE', 'event_type'],
    ['a page without end', bytes({ ...event, page: `/${'x'.repeat(1000)}` }), 'OUT_OF_RANGE', 'page'],
    ['a time that is none', bytes({ ...event, occurred_at: 'yesterday' }), 'WRONG_TYPE', 'occurred_at'],
    ['a day that is none', bytes({ ...event, occurred_at: '2026-02-30T10:15:00Z' }), 'WRONG_TYPE', 'occurred_at'],
    ['a time before 1970', bytes({ ...event, occurred_at: '1969-12-31T23:59:59Z' }), 'CLOCK_SKEW', 'occurred_at'],
    ['a time in the future', bytes({ ...event, occurred_at: '2026-11-23T12:06:00Z' }), 'CLOCK_SKEW', 'occurred_at'],
  ])('refuses %s', (_, data, code, field) => {
    const parse = () => parseClickstreamEvent(data, NOW);
    expect(parse).toThrow(InvalidEvent);
    expect(parse).toThrow(expect.objectContaining({ code, field }));
  });

  it('takes every whole amount up to the largest and nothing beyond, on both sides of each bound', () => {
    const takes = (amount_cents: number) => {
      try {
        return parseClickstreamEvent(bytes({ ...event, amount_cents }), NOW).amount_cents === amount_cents;
      } catch (error) {
        expect(error).toMatchObject({ code: 'OUT_OF_RANGE', field: 'amount_cents' });
        return false;
      }
    };
    const around = (bound: number) => fc.integer({ min: -3, max: 3 }).map((by) => bound + by);
    const amounts = fc.oneof(
      around(0),
      around(MAX_CENTS),
      around(2 ** 53 - 4),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(takes(amount)).toBe(Number.isInteger(amount) && amount >= 0 && amount <= MAX_CENTS);
      }),
      { numRuns: 500 },
    );
  });

  it('adds up exactly what a batch holds, whatever the amounts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MAX_CENTS }), { maxLength: 200 }), (amounts) => {
        // As many again as it takes to leave the whole numbers of a double.
        const all = amounts.flatMap((amount) => Array.from({ length: 60 }, () => amount));
        const placed = all.map((amount_cents, index) => ({
          sequenceNumber: String(index),
          event: parseClickstreamEvent(bytes({ ...event, amount_cents }), NOW),
        }));
        const { amount_cents, purchase, events } = sumsOf(placed);
        expect(amount_cents).toBe(all.reduce((total, each) => total + BigInt(each), 0n));
        expect([purchase, events]).toEqual([BigInt(all.length), BigInt(all.length)]);
      }),
      { numRuns: 20 },
    );
  });

  it('takes a clock that is a little ahead, and leaves out what nobody knows', () => {
    const ahead = { ...event, occurred_at: '2026-11-23T12:04:59Z', colour: 'red' };
    const { colour, ...known } = ahead;
    expect(parseClickstreamEvent(bytes(ahead), NOW)).toEqual(known);
    expect(colour).toBe('red');
  });

  it('breaks no reader: columns stay as they were, and new ones come last', () => {
    expect(GLUE_COLUMNS.map(({ name, type }) => `${name} ${type}`).slice(0, 8)).toEqual([
      'event_id string',
      'event_type string',
      'occurred_at timestamp',
      'session_id string',
      'user_id string',
      'page string',
      'referrer string',
      'amount_cents bigint',
    ]);
    expect(COLUMNS.slice(8).every(({ required }) => !required)).toBe(true);
  });
});

describe('the transform', () => {
  it('answers each record once: events as lines with the columns of the lake, the rest as failed', () => {
    const records = [event, '{"broken"', { ...event, event_id: 'e2', colour: 'red' }].map((each, index) =>
      asRecord(bytes(each), index),
    );
    const answers = transformRecords(records, NOW);
    expect(answers.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['record-0', 'Ok'],
      ['record-1', 'ProcessingFailed'],
      ['record-2', 'Ok'],
    ]);
    const [first, broken, last] = answers.map(({ data = '' }) => Buffer.from(data, 'base64').toString());
    expect(first).toBe(`${JSON.stringify(event)}\n`);
    expect(broken).toBe('{"broken"');
    expect(Object.keys(JSON.parse(last ?? '') as object)).not.toContain('colour');
  });

  it('stays under what Lambda answers with, and loses no record id by it', () => {
    const page = `/${'x'.repeat(999)}`;
    const records = Array.from({ length: 6000 }, (_, index) => asRecord(bytes({ ...event, page }), index));
    const answers = transformRecords(records, NOW);
    expect(new Set(answers.map(({ recordId }) => recordId)).size).toBe(6000);
    expect(Buffer.byteLength(JSON.stringify({ records: answers }))).toBeLessThan(6 * 1024 * 1024);
    expect(answers.filter(({ result }) => result === 'Ok').length).toBeGreaterThan(3000);
    expect(answers.at(-1)?.result).toBe('ProcessingFailed');
    expect(ANSWER_LIMIT_BYTES).toBeLessThan(6 * 1024 * 1024);
  });
});
