import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SITE_FOLDER } from './backend-fixture';

/** What a first visit may cost: the page, and all that it loads. */
const MAX_COMPRESSED_BYTES = 20_000;

const files = readdirSync(SITE_FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const contentOf = (file: string) => readFileSync(file, 'utf8');

describe('the built site', () => {
  it('is under 20 KB when compressed', () => {
    const sizes = files.map((file) => gzipSync(readFileSync(file)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_COMPRESSED_BYTES);
    expect(sizes.length).toBeGreaterThan(2);
  });

  it('names all that it may keep for good by content, and the page alone by a name that stays', () => {
    const names = files.map((file) => file.slice(SITE_FOLDER.length + 1)).sort();
    expect(names.filter((name) => !/^assets\/[\w-]+-[\w-]{8}\.(js|css|svg)$/.test(name))).toEqual(['index.html']);
  });

  it('has nothing that its content security policy stops, and no way to make markup of a text', () => {
    const page = contentOf(join(SITE_FOLDER, 'index.html'));
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)/g)].map(([, attributes, text]) => [attributes, text]);
    expect(scripts.map(([attributes, text]) => [/ src="\/assets\//.test(attributes ?? ''), text])).toEqual([
      [true, ''],
    ]);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|data:/);
    for (const file of files) {
      expect(contentOf(file)).not.toMatch(/\beval\(|new Function\b|data:(image|font|text)/);
      expect(contentOf(file)).not.toMatch(/(inner|outer|setHTML|insertAdjacent)HTML|document\.write|DOMParser|srcdoc/);
    }
  });

  it('tells nobody where it was built, names nothing of the service inside, and loads nothing from elsewhere', () => {
    for (const file of files) {
      const inside = /sourceMappingURL|\/(home|work|root|Users)\/|[A-Z]+_(TABLE|BUCKET|ID)\b/.exec(contentOf(file));
      expect(inside?.[0]).toBeUndefined();
      const urls = [...contentOf(file).matchAll(/https?:\/\/[^"'`\s)]+/g)].map(([url]) => url);
      expect(urls.filter((url) => url !== 'http://www.w3.org/2000/svg')).toEqual([]);
    }
  });
});
