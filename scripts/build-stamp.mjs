// Tells whether a build would write what lies there already: a fingerprint of all that it reads and of all that it wrote.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the compiler and the bundlers read. The last says what is installed, whatever the lock file asks for. */
const READ = [
  ...['bin', 'lib', 'patterns', 'scripts'],
  ...['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json', 'node_modules/.package-lock.json'],
];
const WRITTEN = ['dist'];
const STAMP = '.cache/build.json';

/** Adds a file, or all files of a folder, with their paths; what is not there counts, too. */
function add(hash, root, path) {
  const file = join(root, path);
  if (!existsSync(file)) hash.update(`${path} is not there\0`);
  else if (statSync(file).isDirectory()) {
    for (const name of readdirSync(file).sort()) add(hash, root, `${path}/${name}`);
  } else {
    const content = readFileSync(file);
    hash.update(`${path} ${content.length}\0`).update(content);
  }
}

/** Read at once: Vite sets NODE_ENV. What is built is the same on each version of Node. */
const MACHINE = `${process.platform} ${process.arch} ${process.env.NODE_ENV}`;

/** Tells whether files, and all files of folders, are as they were; what is not there counts, too. */
export function fingerprint(root, paths) {
  const hash = createHash('sha256').update(`${MACHINE}\0`);
  for (const path of paths) add(hash, root, path);
  return hash.digest('hex');
}

/** A stamp of the project in a folder. Take it before the build: what changes meanwhile is to be built once more. */
export function buildStamp(root) {
  const file = join(root, STAMP);
  const read = fingerprint(root, READ);
  return {
    /** Whether the last build read the same, and what it wrote is there as it was written. */
    isFresh() {
      if (!existsSync(file)) return false;
      const stamp = JSON.parse(readFileSync(file, 'utf8'));
      return stamp.read === read && stamp.written === fingerprint(root, WRITTEN);
    },
    /** Before a build, which may fail. */
    remove() {
      rmSync(file, { force: true });
    },
    /** After a build. */
    write() {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ read, written: fingerprint(root, WRITTEN) }));
    },
  };
}
