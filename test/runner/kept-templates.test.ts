import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepTemplates } from './kept-templates';

let assembly: string;
let kept: string;
beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'groundplan-assembly-'));
  kept = mkdtempSync(join(tmpdir(), 'groundplan-kept-'));
});
afterEach(() => {
  for (const folder of [assembly, kept]) rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(assembly, name), text);

it('keeps the templates of an assembly, those of nested folders too, and nothing else', () => {
  write('Shop.template.json', '{"Resources":{}}');
  write('manifest.json', '{}');
  mkdirSync(join(assembly, 'assembly-prod'));
  write('assembly-prod/Lake.template.json', '{"Resources":{"A":{}}}');
  keepTemplates(assembly, kept);
  expect(
    readdirSync(kept)
      .map((name) => name.split('-')[0])
      .sort(),
  ).toEqual(['Lake', 'Shop']);
});

it('keeps the same template once, and both of two that differ', () => {
  write('Shop.template.json', '{"Resources":{}}');
  keepTemplates(assembly, kept);
  keepTemplates(assembly, kept);
  expect(readdirSync(kept)).toHaveLength(1);
  write('Shop.template.json', '{"Resources":{"A":{}}}');
  keepTemplates(assembly, kept);
  expect(readdirSync(kept)).toHaveLength(2);
});

it('keeps nothing where no folder is named', () => {
  write('Shop.template.json', '{"Resources":{}}');
  keepTemplates(assembly, undefined);
  keepTemplates(assembly, '');
  expect(readdirSync(kept)).toEqual([]);
});
