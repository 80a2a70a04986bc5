import { describe, expect, it } from 'vitest';
import { type EventPattern, eventPattern, matchesEventPattern } from '../../../local/matching/event-pattern';
import { BUS_RULE, FILTER_POLICY, MAPPING_FILTER, PIPE_FILTER } from '../../../local/matching/pattern-dialect';

const matches = (alternative: unknown, value: unknown) => matchesEventPattern({ a: [alternative] }, { a: value });

describe('an operator', () => {
  it.each([
    // What was wrong: a prefix inside of anything-but matched everything.
    [{ 'anything-but': { prefix: 'pay' } }, ['unpaid', '', 5, null, true], ['pay', 'payment']],
    [{ 'anything-but': { prefix: ['pay', 'un'] } }, ['refund'], ['pay', 'unpaid']],
    [{ 'anything-but': { suffix: '.png' } }, ['a.jpg', 'png'], ['a.png', '.png']],
    [{ 'anything-but': { 'equals-ignore-case': 'Paid' } }, ['unpaid'], ['paid', 'PAID']],
    [{ 'anything-but': { 'equals-ignore-case': ['a', 'B'] } }, ['c'], ['A', 'b']],
    [{ 'anything-but': { wildcard: '*/lib/*' } }, ['/bin/x', 'lib'], ['/lib/', 'a/lib/b']],
    [{ 'anything-but': ['a', 'b'] }, ['c', 1, null], ['a', 'b', undefined, {}]],
    [{ 'anything-but': 3 }, [4, '3'], [3]],
    [{ prefix: 'ab' }, ['ab', 'abc'], ['AB', 'a', 1, undefined]],
    [{ prefix: { 'equals-ignore-case': 'aB' } }, ['ABc', 'abc'], ['ba']],
    [{ suffix: 'ab' }, ['ab', 'cab'], ['abc']],
    [{ suffix: { 'equals-ignore-case': 'aB' } }, ['cAB'], ['abc']],
    [{ 'equals-ignore-case': 'Straße' }, ['STRAßE'], ['strase', 1]],
    [{ wildcard: 'dir/*.png' }, ['dir/.png', 'dir/a/b.png'], ['dir/a.pngx', 'xdir/a.png']],
    [{ wildcard: '*a*a' }, ['aa', 'xaya'], ['a', 'aab']],
    [{ wildcard: 'a*b*b' }, ['abb', 'axbxb'], ['ab']],
    [{ wildcard: '\\*\\\\*' }, ['*\\', '*\\x'], ['a\\', '*']],
    [{ wildcard: 'plain' }, ['plain'], ['plains']],
    [{ cidr: '10.0.0.0/24' }, ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', '::1', 'x', 10]],
    [{ cidr: '2001:db8::/32' }, ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
    [{ numeric: ['>', 0, '<=', 5] }, [5, 0.1], [0, 5.1, '3', null]],
    [{ numeric: ['=', 3.5] }, [3.5], [3]],
    // Numeric matching ends at 5,000,000,000 (AWS: numeric matching).
    [{ numeric: ['>', 0] }, [5_000_000_000], [5_000_000_001]],
    [{ exists: true }, [1, null, '', ['x']], [undefined, {}, [], { b: 1 }]],
    [{ exists: false }, [undefined, {}, []], [1, null, ['x']]],
    [null, [null], [undefined, '', 0]],
    ['', [''], [null, undefined]],
  ])('%j takes %j and not %j', (operator, taken, not) => {
    for (const value of taken) expect([value, matches(operator, value)]).toEqual([value, true]);
    for (const value of not) expect([value, matches(operator, value)]).toEqual([value, false]);
  });
});

describe('an array in an event', () => {
  it('matches with any of its members, however nested', () => {
    expect(matches('b', ['a', 'b'])).toBe(true);
    expect(matches('b', [['a'], ['b']])).toBe(true);
    expect(matches({ 'anything-but': 'a' }, ['a', 'b'])).toBe(true);
    expect(matches({ 'anything-but': 'a' }, ['a', 'a'])).toBe(false);
  });

  const lines = {
    lines: [
      { sku: 'a', count: 1 },
      { sku: 'b', count: 9 },
    ],
  };

  it('of objects matches where one object has what is asked for', () => {
    expect(matchesEventPattern({ lines: { sku: ['b'] } }, lines)).toBe(true);
    expect(matchesEventPattern({ lines: { sku: ['c'] } }, lines)).toBe(false);
    expect(matchesEventPattern({ lines: { count: [{ numeric: ['>', 5] }] } }, lines)).toBe(true);
  });

  it('of objects needs one object that matches all fields', () => {
    expect(matchesEventPattern({ lines: { sku: ['b'], count: [9] } }, lines)).toBe(true);
    expect(matchesEventPattern({ lines: { sku: ['a'], count: [9] } }, lines)).toBe(false);
    const deep = { groups: [{ lines: [{ sku: 'a' }] }, { lines: [{ sku: 'b', count: 1 }] }] };
    expect(matchesEventPattern({ groups: { lines: { sku: ['b'], count: [1] } } }, deep)).toBe(true);
    expect(matchesEventPattern({ groups: { lines: { sku: ['a'], count: [1] } } }, deep)).toBe(false);
  });

  it('has what one of its objects has: that does not exist in none', () => {
    const some = { lines: [{ sku: 'a' }, { gift: true }] };
    expect(matchesEventPattern({ lines: { gift: [{ exists: false }] } }, some)).toBe(false);
    expect(matchesEventPattern({ lines: { gift: [{ exists: true }] } }, some)).toBe(true);
    expect(matchesEventPattern({ lines: { tax: [{ exists: false }] } }, some)).toBe(true);
    expect(matchesEventPattern({ lines: { tax: [{ exists: false }] } }, { lines: [] })).toBe(true);
    expect(matchesEventPattern({ lines: { tax: [{ exists: false }] } }, {})).toBe(true);
  });
});

describe('a pattern', () => {
  it('takes $or at any depth, beside other fields', () => {
    const pattern = { a: ['x'], $or: [{ b: ['y'] }, { c: { d: [1] } }] };
    expect(matchesEventPattern(pattern, { a: 'x', b: 'y' })).toBe(true);
    expect(matchesEventPattern(pattern, { a: 'x', c: { d: 1 } })).toBe(true);
    expect(matchesEventPattern(pattern, { a: 'x', c: { d: 2 } })).toBe(false);
    expect(matchesEventPattern({ c: { $or: [{ d: [1] }, { e: [1] }] } }, { c: [{ f: 1 }, { e: 1 }] })).toBe(true);
  });

  it('sees own fields alone', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      expect(matchesEventPattern({ [name]: [{ exists: true }] }, {})).toBe(false);
    }
    expect(matchesEventPattern({ toString: ['x'] }, JSON.parse('{"toString":"x"}'))).toBe(true);
  });

  it('is refused when it is first used, if not when it was read', () => {
    expect(() => matchesEventPattern({ a: [{ contains: 'x' }] }, {})).toThrow(/unknown operator contains/);
  });
});

describe('a dialect', () => {
  const dialects = { BUS_RULE, PIPE_FILTER, MAPPING_FILTER, FILTER_POLICY };
  const takes = (operator: unknown) =>
    Object.entries(dialects).flatMap(([name, dialect]) => {
      try {
        eventPattern({ a: [operator] }, dialect);
        return [name];
      } catch {
        return [];
      }
    });

  it.each([
    [{ prefix: 'a' }, Object.keys(dialects)],
    [{ suffix: 'a' }, Object.keys(dialects)],
    [{ numeric: ['=', 1] }, Object.keys(dialects)],
    [{ wildcard: 'a*' }, ['BUS_RULE']],
    [{ cidr: '10.0.0.0/8' }, ['BUS_RULE', 'FILTER_POLICY']],
    [{ prefix: { 'equals-ignore-case': 'a' } }, ['BUS_RULE', 'PIPE_FILTER']],
    [{ 'anything-but': { prefix: 'a' } }, ['BUS_RULE', 'FILTER_POLICY']],
    [{ 'anything-but': { suffix: 'a' } }, ['BUS_RULE']],
    [{ numeric: ['<', 4_000_000_000] }, ['BUS_RULE', 'PIPE_FILTER', 'MAPPING_FILTER']],
  ])('takes %j for %j', (operator, names) => {
    expect(takes(operator)).toEqual(names);
  });

  it('bounds the numbers of events too', () => {
    const pattern = (): EventPattern => ({ a: [{ numeric: ['>', 0] }] });
    expect(matchesEventPattern(eventPattern(pattern(), FILTER_POLICY), { a: 1_000_000_001 })).toBe(false);
    expect(matchesEventPattern(eventPattern(pattern(), BUS_RULE), { a: 1_000_000_001 })).toBe(true);
  });
});
