// @project unit

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCursor } from '../../../../patterns/web-app/runtime/cursor';
import { ChangedItem, NewItem, pageRequestOf } from '../../../../patterns/web-app/runtime/item-request';
import { problemOf } from './problem-fixture';

const SCHEMAS = { 'a new item': NewItem, 'a changed item': ChangedItem };

describe.each(Object.entries(SCHEMAS))('%s', (_, schema) => {
  const takes = (title: string, notes = '') => schema.safeParse({ title, notes }).success;

  it('has a title of 1 to 200 characters', () => {
    const titles = [0, 1, 2, 199, 200, 201].map((length) => 't'.repeat(length));
    expect(titles.map((title) => takes(title))).toEqual([false, true, true, true, true, false]);
    expect([takes('📚'.repeat(200)), takes('📚'.repeat(201)), takes('  ')]).toEqual([true, false, false]);
  });

  it('has notes of up to 16,384 bytes', () => {
    expect([0, 1, 16_383, 16_384, 16_385].map((length) => takes('t', 'n'.repeat(length)))).toEqual([
      ...[true, true, true, true, false],
    ]);
    expect([takes('t', 'ü'.repeat(8192)), takes('t', `${'ü'.repeat(8192)}n`)]).toEqual([true, false]);
  });

  it('says which bound was broken', () => {
    const told = (title: string, notes: string) => schema.safeParse({ title, notes }).error?.issues[0]?.message;
    expect(told('', '')).toBe('has 1 to 200 characters');
    expect(told('t', 'n'.repeat(16_385))).toBe('has at most 16384 bytes');
  });

  it('has texts that can be kept, and no other fields', () => {
    expect([takes('a\u0000'), takes('t', '\u0007'), takes('a\nb', 'a\nb')]).toEqual([false, false, true]);
    expect(schema.safeParse({ title: 't', notes: '', owner: 'eve' }).success).toBe(false);
    expect(schema.safeParse({ notes: '' }).success).toBe(false);
  });
});

it('a new item may leave out its notes, a changed one may not', () => {
  expect(NewItem.safeParse({ title: 't' }).data).toEqual({ title: 't', notes: '' });
  expect(ChangedItem.safeParse({ title: 't' }).success).toBe(false);
});

describe('a page', () => {
  it('has 20 items if nobody says otherwise', () => {
    expect(pageRequestOf()).toEqual({ limit: 20 });
    expect(pageRequestOf(undefined, undefined)).toEqual({ limit: 20 });
  });

  it('has 1 to 100 items', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 1020 }), (limit) => {
        if (limit >= 1 && limit <= 100) expect(pageRequestOf(String(limit))).toEqual({ limit });
        else expect(problemOf(() => pageRequestOf(String(limit))).code).toBe('invalid_limit');
      }),
      { examples: [[0], [1], [9], [10], [99], [100], [101], [110], [200]] },
    );
  });

  it.each(['', '0', '00', '01', '001', '1.5', '1e1', ' 1', '1 ', '1x', 'x1', 'x100', '100x', '1000', 'all', '１'])(
    'does not have %j items',
    (limit) => {
      expect(problemOf(() => pageRequestOf(limit))).toMatchObject({
        status: 400,
        code: 'invalid_limit',
        field: 'limit',
      });
    },
  );

  it('begins after a position', () => {
    const after = { createdAt: new Date(1000), id: '01234567-89ab-cdef-0123-456789abcdef' };
    expect(pageRequestOf('5', writeCursor(after))).toEqual({ limit: 5, after });
    expect(problemOf(() => pageRequestOf('5', '')).code).toBe('invalid_cursor');
  });
});
