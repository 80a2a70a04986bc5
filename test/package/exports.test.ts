import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};
const ENTRIES = Object.entries(exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [[entry, target.default.replace('./dist/', '').replace(/\.js$/, '.ts')] as const],
);

/** What a user is meant to use: a name that comes or goes is a decision, and a line of the changelog. */
it.each(ENTRIES)('groundplan%s exports these values', async (_entry, source) => {
  const names = Object.keys((await import(join(ROOT, source))) as object);
  expect([...names].sort().join('\n')).toMatchSnapshot();
});
