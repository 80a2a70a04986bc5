import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, ROOT, read } from './markdown';

/** Files that a document names from the root of the project; `<name>` and `{a,b}` stand for several. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`((?:bench|bin|lib|local|patterns|scripts|test)\/[\w./-]+\.(?:c|m)?(?:js|ts|json))`/g)].map(
    ([, path = '']) => path,
  );

describe('the files that the documents name', () => {
  const named = DOCUMENTS.flatMap((document) => pathsIn(read(document)).map((path) => [document, path] as const));

  it('are there', () => {
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(([, path]) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the walks', () => {
  const [, section = ''] = read('CONTRIBUTING.md').split(/^## Walks$/m);
  const walks = (section.split(/^## /m)[0] ?? '').split(/^\*\*/m).slice(1);

  it('are three', () => expect(walks).toHaveLength(3));

  it.each(walks.map((walk) => [walk.split('**')[0], walk]))('"%s" has eight files at most', (_, walk) => {
    const files = walk.match(/^\d\. `[^`]+`/gm) ?? [];
    expect(files.length).toBeGreaterThan(3);
    expect(files.length).toBeLessThanOrEqual(8);
  });
});
