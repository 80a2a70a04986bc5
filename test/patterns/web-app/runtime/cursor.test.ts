// @project unit

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorOf } from '../../../../lib/runtime/cursor';
import { type Position, readCursor, UUID, writeCursor } from '../../../../patterns/web-app/runtime/cursor';
import { problemOf } from './problem-fixture';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
/** The last millisecond of the year 9999. */
const LAST = 253_402_300_799_999;
const read = (position: string) => readCursor(cursorOf(position));
const REFUSED = { status: 400, code: 'invalid_cursor', field: 'cursor' };

describe('a cursor', () => {
  it('carries any position', () => {
    const position = fc.record({ createdAt: fc.integer({ min: 0, max: LAST }).map(dateOf), id: fc.uuid() });
    fc.assert(
      fc.property(position, (given: Position) => {
        expect(readCursor(writeCursor(given))).toEqual(given);
      }),
    );
  });

  it.each([0, 1, 9, 10, 100_000_000_000_000, LAST])('takes %d milliseconds', (time) => {
    expect(read(`${time}.${ID}`)).toEqual({ createdAt: dateOf(time), id: ID });
  });

  it.each([
    ['a time after the year 9999', `${LAST + 1}.${ID}`],
    ['a time of 15 digits that no date has', `999999999999999.${ID}`],
    ['a time of 16 digits', `1000000000000000.${ID}`],
    ['a time before 1970', `-1.${ID}`],
    ['a time with a zero before it', `01.${ID}`],
    ['two zeros', `00.${ID}`],
    ['a fraction', `1.5.${ID}`],
    ['another base', `0x1.${ID}`],
    ['no time', `.${ID}`],
    ['no id', '1.'],
    ['nothing between time and id', `1${ID}`],
    ['another separator', `1_${ID}`],
    ['something before', ` 1.${ID}`],
    ['something after', `1.${ID} `],
    ['a line after', `1.${ID}\n`],
    ['an id in capitals', `1.${ID.toUpperCase()}`],
    ['nothing', ''],
  ])('does not take %s', (_, position) => {
    expect(problemOf(() => read(position))).toMatchObject(REFUSED);
  });
});

describe('an identifier', () => {
  it('is a UUID, however it came to be', () => {
    fc.assert(fc.property(fc.uuid(), (id) => UUID.test(id)));
    expect(UUID.test(ID)).toBe(true);
  });

  it('has each group as long as it is, of hexadecimal digits, and nothing around it', () => {
    const groups = ID.split('-');
    const others = [
      ...groups.map((_, at) => groups.map((group, each) => (each === at ? group.slice(1) : group)).join('-')),
      ...groups.map((_, at) => groups.map((group, each) => (each === at ? `${group}0` : group)).join('-')),
      ...groups.map((_, at) => groups.map((group, each) => (each === at ? `g${group.slice(1)}` : group)).join('-')),
      groups.slice(1).join('-'),
      groups.toSpliced(1, 1).join('-'),
      groups.toSpliced(1, 0, 'abcd').join('-'),
      groups.join(''),
      groups.join('_'),
      ` ${ID}`,
      `x${ID}`,
      `${ID}x`,
      ID.toUpperCase(),
    ];
    expect(others.filter((id) => UUID.test(id))).toEqual([]);
  });
});

function dateOf(time: number): Date {
  return new Date(time);
}
