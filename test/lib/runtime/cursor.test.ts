import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cursorOf, isTimestamp, positionOf } from '../../../lib/runtime/cursor';

const refused = expect.objectContaining({ status: 400, code: 'invalid_cursor', field: 'cursor' });

it('gives back the position that it wrote, and nothing for a cursor that was changed', () => {
  const position = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .filter((text) => !/\p{Surrogate}/u.test(text));
  fc.assert(
    fc.property(position, fc.constantFrom('=', ',', ' ', '+', '/', '\n', '%', '\0', 'é'), (text, sign) => {
      const cursor = cursorOf(text);
      expect(positionOf(cursor)).toBe(text);
      expect(() => positionOf(`${cursor}${sign}`)).toThrow(refused);
      expect(() => positionOf(`${cursor},${cursor}`)).toThrow(refused);
    }),
    { seed: 7, numRuns: 500 },
  );
});

it('takes no cursor that is longer than any it wrote, and none that is no text', () => {
  expect(positionOf(cursorOf('x'.repeat(384)))).toHaveLength(384);
  expect(() => positionOf(cursorOf('x'.repeat(385)))).toThrow(refused);
  // The longest has 512 characters: no text has one of 513.
  expect(cursorOf('x'.repeat(384))).toHaveLength(512);
  expect(() => positionOf(Buffer.from('ff', 'hex').toString('base64url'))).toThrow(refused);
});

it.each([
  ['2026-11-30T10:00:00.000Z', true],
  ['2024-02-29T23:59:59.999Z', true],
  ['2026-02-29T10:00:00.000Z', false],
  ['2026-99-99T99:99:99.999Z', false],
  ['2026-11-30T24:00:00.000Z', false],
  ['2026-11-30T10:00:00Z', false],
  ['2026-11-30T10:00:00.000+01:00', false],
  ['2026-11-30', false],
  ['+012026-11-30T10:00:00.000Z', false],
  ['', false],
  ['0', false],
])('tells whether %s is a time as it is written', (text, expected) => {
  expect(isTimestamp(text)).toBe(expected);
});
