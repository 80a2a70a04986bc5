import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's root. */
export const ROOT = join(__dirname, '../..');

/** The documents that a reader follows. */
export const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'patterns/event-driven/README.md',
  'patterns/data-pipeline/README.md',
  'patterns/web-app/README.md',
  'patterns/genai-rag/README.md',
];

export function read(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** Fenced blocks of a language. */
export function blocks(document: string, language: string): string[] {
  return [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}
