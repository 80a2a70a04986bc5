import { describe, expect, it } from 'vitest';
import { generate } from '../../../../scripts/mutation/mutants/generate';
import { changeOf, nameOf } from '../../../../scripts/mutation/mutants/mutant';

/** The mutants of some code, as `kind: what was -> what is`. */
function mutantsOf(code: string): string[] {
  return generate('a.ts', code).mutants.map(
    ({ operator, original, replacement }) => `${operator}: ${original} -> ${replacement}`,
  );
}

describe('the mutants of a piece of code', () => {
  it.each([
    ['a >= b', ['boundary: a >= b -> a > b', 'negation: a >= b -> a < b']],
    ['a === b', ['negation: a === b -> a !== b']],
    ['a + b', ['arithmetic: a + b -> a - b']],
    ['a && b', ['left side alone: a && b -> a', 'right side alone: a && b -> b']],
    ['a ?? b', ['left side alone: a ?? b -> a', 'right side alone: a ?? b -> b']],
    ['!a', ['negation: !a -> a']],
    ['7', ['number: 7 -> 8', 'number: 7 -> 6']],
    ['0', ['number: 0 -> 1']],
    ['true', ['boolean: true -> false']],
    ['[a]', ['empty list: [a] -> []']],
    ['({ a })', ['empty object: { a } -> ({})']],
    ['a?.b?.(c)', ['optional chain: a?.b?.(c) -> a.b?.(c)', 'optional chain: a?.b?.(c) -> a?.b(c)'].sort()],
    ['a?.[b]', ['optional chain: a?.[b] -> a[b]']],
    ['a.some(b)', ['method: a.some(b) -> a.every(b)']],
    ['a.filter(b)', ['method left out: a.filter(b) -> a']],
    ['Math.min(a, b)', ['method: Math.min(a, b) -> Math.max(a, b)']],
  ])('%s', (code, expected) => {
    expect(mutantsOf(`export const x = ${code};`).sort()).toEqual([...expected].sort());
  });

  it('make a condition true and false, and its boundary another', () => {
    expect(mutantsOf('if (a < b) c();')).toEqual([
      'condition true: a < b -> true',
      'condition false: a < b -> false',
      'boundary: a < b -> a <= b',
      'statement left out: c(); -> ;',
    ]);
  });

  it('never make the condition of a loop true', () => {
    expect(mutantsOf('while (a) b();')).not.toContain('condition true: a -> true');
    expect(mutantsOf('while (a) b();')).toContain('condition false: a -> false');
  });

  it('change a factor of a unit once', () => {
    expect(mutantsOf('x = a * 1000;').filter((each) => each.startsWith('number'))).toEqual(['number: 1000 -> 1001']);
  });
});

describe('texts', () => {
  it.each([
    'kind === "violation"',
    'types.includes("AWS::SQS::Queue")',
    'resource["Type"]',
    'new Set(["GET"])',
    '(x as const) === ("a" as const)',
  ])('that decide are changed: %s', (code) => {
    expect(mutantsOf(`y(${code})`).some((each) => each.startsWith('text: '))).toBe(true);
  });

  it.each([
    'a === "two words"',
    'verdict("the queue has none")',
    'send({ Type: "String" })',
    `new Error(\`\${a + b} bytes are too many\`)`,
    'logger.warn("late", { since: a + b })',
    'console.log(a > b)',
  ])('for people are left alone, and what is said in them: %s', (code) => {
    const kinds = mutantsOf(`const x = ${code};`).map((each) => each.split(':')[0]);
    expect(kinds.filter((kind) => kind === 'text' || kind === 'arithmetic' || kind === 'boundary')).toEqual([]);
  });

  it('are mutated in an expression that chooses among messages', () => {
    expect(mutantsOf(`f(a > 1 && \`a is \${a}, too many\`);`)).toContain('boundary: a > 1 -> a >= 1');
  });
});

describe('what is no code of its own', () => {
  it.each([
    ["import { a } from 'b';"],
    ["import type { A } from 'b';"],
    ["export * from 'b';"],
    ["type A = 'b' | 1 | true;"],
    ['interface A { readonly b: true }'],
    ["'use strict';"],
    ['declare const a: 1;'],
    ['const { 5: a } = b;'],
  ])('has no mutants: %s', (code) => {
    expect(mutantsOf(code)).toEqual([]);
  });

  it('is a call of the constructor above', () => {
    expect(mutantsOf('class A extends B { constructor() { super(); } }')).toEqual([]);
  });
});

describe('a mutant', () => {
  it('says where it stands, and whether it is reached while its module loads alone', () => {
    const { mutants } = generate('a.ts', 'const A = 1;\nconst f = () => 2;\nclass C { b = 3; static c = 4; }');
    const found = mutants.map(({ line, original, atLoad }) => [line, original, atLoad]);
    expect(found.filter(([, original]) => original === '1')).toEqual([
      [1, '1', true],
      [1, '1', true],
    ]);
    expect(found.filter(([, original]) => original === '2')[0]).toEqual([2, '2', false]);
  });

  it('is numbered among those that are alike, so that a line above does not rename it', () => {
    const [first, , third] = generate('a.ts', 'f(1); g(1);').mutants.filter(({ operator }) => operator === 'number');
    expect([first, third].map((each) => each && nameOf(each))).toEqual([
      'a.ts | number | 1 -> 2',
      'a.ts | number | 1 -> 2 | 2',
    ]);
  });

  it('is refused for a file that does not parse', () => {
    expect(() => generate('a.ts', 'const = 1;')).toThrow(SyntaxError);
  });
});

describe('a change in long code', () => {
  it('is shown by what differs in it', () => {
    const long = `f(${'a, '.repeat(40)}b, ${'c, '.repeat(40)}d)`;
    expect(changeOf(long, long.replace('b', 'x'))).toBe(
      '…a, a, a, a, a, a, a, a, b, c, c, c, c, c, c, c, c… -> …a, a, a, a, a, a, a, a, x, c, c, c, c, c, c, c, c…',
    );
    expect(changeOf(long, '')).toMatch(/^f\(a, .{170,180} c, d\) -> $/);
  });

  it('is shown whole where the code is short, and on one line', () => {
    expect(changeOf('a &&\n  b', 'a')).toBe('a && b -> a');
  });
});

describe('the example of a rule', () => {
  it('is no code', () => {
    const texts = (source: string) => generate('a.ts', source).mutants.map(({ original }) => original);
    expect(texts('export const rule = { example: { fixed: { Timeout: 60 } }, most: 5 };')).not.toContain('60');
    expect(texts('export const rule = { shown: { fixed: { Timeout: 60 } } };')).toContain('60');
  });
});
