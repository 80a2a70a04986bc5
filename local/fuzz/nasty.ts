import fc from 'fast-check';

/** Names that objects have without anyone's doing. */
export const INHERITED = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'] as const;

/** Characters that stores and services treat each in its own way. */
const CHARACTERS = {
  nul: '\u0000',
  noncharacter: '\uffff',
  replacement: '\ufffd',
  highSurrogate: '\ud800',
  lowSurrogate: '\udc00',
  zeroWidth: '\u200b',
  joiner: '\u200d',
  byteOrderMark: '\ufeff',
  rightToLeft: '\u202e',
  tag: '\u{e0041}',
  lineSeparator: '\u2028',
  lineEnd: '\r\n',
  escape: '\u001b[31m',
  combining: 'e\u0301',
  pair: '\u{1f600}',
} as const;

const TEXTS = [
  ...[
    '',
    ' ',
    '\t',
    '.',
    '..',
    '../..',
    '/',
    '\\',
    '%',
    '%00',
    '%2e%2e%2f',
    '#',
    '?',
    '&',
    '*',
    ',',
    ';',
    '-',
    '0',
    '-1',
  ],
  ...['null', 'true', 'undefined', 'NaN', '1e308', '{}', '[]', '"', "'", "' OR 1=1 --", '<script>alert(1)</script>'],
  ...['$' + '{jndi:ldap://x}', '$' + '{filename}', '{{7*7}}', '=1+1', 'tenant#t-other', 'user#t-a#b', 'arn:aws:s3:::x'],
];

/** Lengths on both sides of the bounds that the APIs have. */
const LENGTHS = [64, 65, 128, 129, 200, 201, 256, 257, 500, 501, 1000, 1001, 1024, 1025, 2048, 2049, 16_384, 16_385];
const MEGABYTE = 1024 * 1024;

/** Text that a client sends by mistake or on purpose. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...INHERITED) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'a', 'note'), fc.constantFrom(...Object.values(CHARACTERS)), fc.constantFrom('', 'b'))
      .map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...LENGTHS), fc.constantFrom('a', 'é', '\u{1f600}'))
      .map(([n, c]) => c.repeat(n)),
  },
);

/** Numbers as a client writes them, also those that JSON does not know. */
const NUMBERS = [
  ...['-1', '0', '-0', '1', '2', '1.5', '0.1', '99', '100', '101', '999', '1000', '1001', '10000', '10001', '10000000'],
  ...['10000001', '2147483647', '2147483648', '4294967296', '9007199254740991', '9007199254740992', '9007199254740993'],
  ...['52428800', '52428801', '5368709120', '5368709121', '1e2', '1E-7', '1e21', '1e308', '1e400', '-1e308', '5e-324'],
  ...['NaN', 'Infinity', '01', '+1', '0x10', '1_000', '1.', '.5'],
] as const;

const RAW = '\u0001raw:';

/** A literal that goes into JSON as it is, valid or not. {@link jsonText} puts it there. */
function raw(literal: string): string {
  return `${RAW}${literal}\u0001`;
}

/** JSON of a value, with literals that no value has. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('\\u0001raw:') ? text.replace(/"\\u0001raw:([^"]*?)\\u0001"/g, '$1') : text;
}

const deep = (depth: number) => raw(`${'['.repeat(depth)}${']'.repeat(depth)}`);

/** A value where another one was. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: nastyText },
  { weight: 5, arbitrary: fc.constantFrom(...NUMBERS).map(raw) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(...INHERITED).map((name) => Object.fromEntries([[name, { a: 1 }]])) },
  { weight: 1, arbitrary: fc.constantFrom(100, 3000).map(deep) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Whole bodies that are none. */
export const nastyBody: fc.Arbitrary<string | Uint8Array | undefined> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...[undefined, '', ' ', '{', '}', 'null', 'true', '0', '""', '[]', '{}', '[{}]', "{'a':1}", '{"a":1,}'],
      ...['{"a":1}{"a":1}', '\ufeff{}', 'a=1&b=2', '<a/>', 'NaN', '[1e400]', '{"__proto__":{"admin":true}}'],
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
      Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
      Buffer.from('7b7d', 'hex'),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('a'.repeat(MEGABYTE), `{"a":"${'a'.repeat(70_000)}"}`, '['.repeat(50_000)) },
  { weight: 1, arbitrary: fc.json() },
);

/** A part of a path in place of an identifier, as it goes over the wire. */
export const nastySegment: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '',
        '%',
        '%2',
        '%zz',
        '%00',
        '%0a',
        '%20',
        '%25',
        '%2e%2e',
        '.',
        '..',
        '..%2f',
        '%2f',
        ';a=b',
        '%ff',
        '%c3%28',
      ],
      ...['%ed%a0%80', '%E2%98%83', '☃', '+', '*', '@', ':', '%uD800', '-', '0', 'a'.repeat(300), 'a'.repeat(5000)],
      ...['00000000-0000-0000-0000-000000000000', 'ord_00000000000000000000000000000000', 'undefined', 'null'],
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...INHERITED) },
  { weight: 1, arbitrary: nastyText.map(encoded) },
);

/** A text for a path or a query: halves of characters have no percent-encoding, and go as they came. */
export function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** A header's value: what HTTP can carry, in Latin-1 and without line ends. */
export const nastyHeader: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        '',
        ' ',
        '*',
        ',',
        ';',
        '"',
        '""',
        '"0"',
        '"1"',
        'W/"1"',
        '"1", "2"',
        '"999999999"',
        '"9999999999"',
        '1',
        '-1',
      ],
      ...['null', 'undefined', 'a b', 'é', '\u00ff', 'a,b', 'a'.repeat(128), 'a'.repeat(129), 'a'.repeat(6000)],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...INHERITED) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }) },
);
