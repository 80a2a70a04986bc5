import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodedText, type TextEncoding, TextScan, textEncodingOf } from '../../../lib/runtime/text-encoding';

/** What Windows-1252 has beyond Latin-1 (unicode.org, CP1252.TXT), by its byte. */
const BEYOND_LATIN_1 = new Map(
  [
    ...'\u20ac\0\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\0\u017d\0\0\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\0\u017e\u0178',
  ]
    .map((character, index) => [character, 0x80 + index] as const)
    .filter(([character]) => character !== '\0'),
);
const LATIN_1 = Array.from({ length: 256 }, (_, code) => code).filter(
  (code) => [9, 10, 12, 13].includes(code) || (code >= 0x20 && code < 0x80) || code >= 0xa0,
);

const encode: Readonly<Record<TextEncoding, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'windows-1252': (text) =>
    Buffer.from([...text].map((character) => BEYOND_LATIN_1.get(character) ?? character.charCodeAt(0))),
};

const isWritten = (text: string) =>
  !text.startsWith('\ufeff') && [...text].every((character) => character >= ' ' || '\t\n\f\r'.includes(character));
const unicode = fc.string({ unit: 'binary', maxLength: 60 }).filter(isWritten);
const windows = fc.string({
  unit: fc.constantFrom(...LATIN_1.map((code) => String.fromCharCode(code)), ...BEYOND_LATIN_1.keys()),
  maxLength: 60,
});
const texts = fc.oneof(
  fc.tuple(fc.constantFrom<TextEncoding>('utf-8', 'utf-16le', 'utf-16be'), unicode),
  fc.tuple(fc.constant<TextEncoding>('windows-1252'), windows),
);

it('finds the encoding of any text, and reads it', () => {
  fc.assert(
    fc.property(texts, ([encoding, text]) => {
      const bytes = encode[encoding](text);
      const found = textEncodingOf(bytes);
      // What reads as UTF-8 is UTF-8, whoever wrote it.
      const expected =
        encoding === 'windows-1252' && bytes.equals(Buffer.from(bytes.toString('utf8'))) ? 'utf-8' : encoding;
      // And what begins with a mark is what the mark says.
      fc.pre(encoding !== 'windows-1252' || !/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1')));
      expect(found).toBe(expected);
      if (expected === encoding) expect(decodedText(bytes, encoding)).toBe(text);
    }),
    { seed: 14, numRuns: 2000 },
  );
});

it('finds the same however the text is cut', () => {
  const piece = fc.oneof(
    texts.map(([encoding, text]) => encode[encoding](text)),
    fc.uint8Array({ maxLength: 40 }),
  );
  fc.assert(
    fc.property(piece, fc.array(fc.nat(30), { maxLength: 6 }), (bytes, cuts) => {
      const scan = new TextScan();
      const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      ends.forEach((end, index) => {
        scan.add(bytes.subarray(ends[index - 1] ?? 0, end));
      });
      expect(scan.finding()).toBe(textEncodingOf(bytes));
    }),
    { seed: 14, numRuns: 2000 },
  );
});

it('takes no control character but the tab, the line ends and the form feed', () => {
  for (const encoding of Object.keys(encode) as TextEncoding[]) {
    for (let code = 0; code < 0x20; code += 1) {
      const allowed = [9, 10, 12, 13].includes(code);
      const bytes = encode[encoding](`caf\u00e9${String.fromCharCode(code)}`);
      expect(textEncodingOf(bytes), `${encoding} ${code}`).toBe(allowed ? encoding : undefined);
    }
  }
});

it('knows that it does not know an encoding', () => {
  // Shift-JIS, the code page of DOS, and UTF-8 with a mark that breaks off.
  expect(textEncodingOf(Buffer.from('83658358836781', 'hex'))).toBe('unknown');
  expect(textEncodingOf(Buffer.from('Gr\x81\xe1e', 'latin1'))).toBe('unknown');
  expect(textEncodingOf(Buffer.from('\xef\xbb\xbfGr\xfc\xdfe', 'latin1'))).toBe('unknown');
});
