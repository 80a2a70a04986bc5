import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATTERNS } from '../../patterns/patterns';

/** The project's root. */
export const ROOT = join(__dirname, '../..');

/** The documents that a reader follows. */
export const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...PATTERNS.map(({ name }) => `patterns/${name}/README.md`)];

export function read(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** Fenced blocks of a language. */
export function blocks(document: string, language: string): string[] {
  return [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}
