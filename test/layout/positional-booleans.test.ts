import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { positionalBooleans } from './positional-booleans';
import { readTree, SOURCE_FOLDERS } from './tree';

/** Where a boolean is what the function is about, and its place says so. */
const SUBJECTS = ['lib/checks/rule.ts mustHold(condition)'];

const sources = [...readTree(join(__dirname, '../..'))].filter(
  ([path]) => SOURCE_FOLDERS.some((folder) => path.startsWith(`${folder}/`)) && /\.m?ts$/.test(path),
);

it('are in no function that a source exports: a reader of `f(x, true)` cannot tell what is true', () => {
  expect(sources.length).toBeGreaterThan(500);
  const found = sources.flatMap(([path, text]) => positionalBooleans(text, path).map((each) => `${path} ${each}`));
  expect(found).toEqual(SUBJECTS);
});

describe('the search', () => {
  it.each([
    ['export function f(a: number, b: boolean) {}', ['f(b)']],
    ['export function f(a: number, b = true, c?: boolean) {}', ['f(b)', 'f(c)']],
    ['export const f = (a: string, b: boolean | undefined) => a;', ['f(b)']],
    ['export default function f(a: boolean) {}', ['f(a)']],
    ['export class A { constructor(readonly a: boolean) {} m(b = false) {} }', ['A.constructor(a)', 'A.m(b)']],
    ['export async function* f(a: boolean) {}', ['f(a)']],
  ])('finds them in %s', (source, expected) => {
    expect(positionalBooleans(source)).toEqual(expected);
  });

  it.each([
    'function f(a: boolean) {}',
    'export function f({ a = true }: { readonly a?: boolean } = {}) {}',
    'export function f(a: (b: boolean) => void, c: readonly boolean[]): boolean { return true; }',
    'export class A { private m(a: boolean) {} #n(a: boolean) {} set b(value: boolean) {} }',
    'export const f = (a: string) => (b: boolean) => b;',
    'export type F = (a: boolean) => void; export { x };',
  ])('finds none in %s', (source) => {
    expect(positionalBooleans(source)).toEqual([]);
  });

  it('says which file it cannot read', () => {
    expect(() => positionalBooleans('export function (', 'a.ts')).toThrow(/^a\.ts: /);
  });
});
