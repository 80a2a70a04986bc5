import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isXmlText } from '../../../lib/runtime/xml-text';

/** As SQS says it: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. */
const ALLOWED: readonly (readonly [number, number])[] = [
  ...([0x9, 0xa, 0xd] as const).map((code) => [code, code] as const),
  ...([[0x20, 0xd7ff] as const, [0xe000, 0xfffd] as const, [0x10000, 0x10ffff] as const] as const),
];

it('knows each character that SQS takes, and no other', () => {
  for (let code = 0; code <= 0x10ffff; code += code < 0x10400 || code > 0x10fb00 ? 1 : 997) {
    const allowed = ALLOWED.some(([first, last]) => code >= first && code <= last);
    expect(isXmlText(String.fromCodePoint(code)), code.toString(16)).toBe(allowed);
  }
});

it('finds one bad character wherever it stands', () => {
  const good = fc.string({ unit: 'binary', maxLength: 30 }).filter(isXmlText);
  const bad = fc.constantFrom('\0', '\b', '\x1f', '\ufffe', '\uffff', '\ud800', '\udc00', '\udbff');
  fc.assert(
    fc.property(good, bad, good, (before, character, after) => {
      expect(isXmlText(before + after)).toBe(true);
      expect(isXmlText(`${before} ${character} ${after}`)).toBe(false);
    }),
    { seed: 17, numRuns: 1000 },
  );
});
