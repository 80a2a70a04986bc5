import { describe, expect, it } from 'vitest';
import { Imports } from './imports';

const imports = new Imports(
  new Map([
    ['lib/a.ts', "import { b } from './b';\nexport const a = b;"],
    ['lib/b.ts', 'export const b = 1;\nexport interface B {}'],
    ['lib/c.ts', 'export class C {}'],
    [
      'lib/index.ts',
      "export { a } from './a';\nexport { type B, b } from './b';\nexport * from './c';\nexport const own = 1;",
    ],
    ['test/names.ts', "import {\n  a,\n  type B,\n} from '../lib';"],
    ['test/star.ts', "import { C } from '../lib';"],
    ['test/whole.ts', "import * as lib from '../lib';"],
    ['test/own.ts', "import { own } from '../lib';"],
    [
      'test/types.ts',
      "import type { C } from '../lib/c';\nimport { type B } from '../lib/b';\ntype T = typeof import('../lib/a');",
    ],
    ['test/late.ts', "const { a } = await import('../lib/a.js');"],
    ['test/far.ts', "import { x } from './names';\nimport { y } from './far';"],
  ]),
);

describe('what a file imports', () => {
  it.each([
    ['names', ['lib/a.ts']],
    ['star', ['lib/c.ts']],
    ['whole', ['lib/index.ts', 'lib/a.ts', 'lib/b.ts', 'lib/c.ts']],
    ['own', ['lib/index.ts']],
    ['types', []],
    ['late', ['lib/a.ts']],
  ])('is, for %s, where the values come from', (file, expected) => {
    expect([...imports.of(`test/${file}.ts`)]).toEqual(expected);
  });

  it('goes as far as it goes, around every circle', () => {
    expect([...imports.loadedBy('test/far.ts')].sort()).toEqual([
      'lib/a.ts',
      'lib/b.ts',
      'test/far.ts',
      'test/names.ts',
    ]);
  });
});
