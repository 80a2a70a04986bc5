// Part of `npm run lint`: refuses phrases that readers stumble over, in documents and in the texts and comments of code.
// docs/glossary.md explains the words to use; lint-words-list.mjs has the phrases.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { ALLOWED, BANNED, NOT_YET_COVERED } from './lint-words-list.mjs';

const COVERED = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'bin', 'lib', 'local', 'patterns'];
const CODE = /\.(ts|mts|mjs|cjs|js)$/;
const READ = /\.(ts|mts|mjs|cjs|js|md|html)$/;

/** A phrase goes on in the next line of a comment or paragraph. */
const GAP = String.raw`(?:[ \t]+|\s*\n\s*(?:\*\s+|//+\s*|>\s*)?)`;
const patterns = BANNED.flatMap(({ phrases, ...row }) =>
  phrases.map((phrase) => {
    const words = phrase.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    return { ...row, phrase, pattern: new RegExp(String.raw`(?<![\w-])${words.join(GAP)}(?![\w-])`, 'gi') };
  }),
);

/** The same text with blanks for all code, so that comments and string literals stay where they are. */
function proseOf(source, file) {
  const { program, comments, errors } = parseSync(file, source, { lang: 'ts' });
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const kept = comments.map(({ start, end }) => [start, end]);
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    const isText = node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    if (isText) kept.push([node.start, node.end]);
    else for (const child of Object.values(node)) visit(child);
  };
  visit(program);
  const prose = source.replace(/[^\n]/g, ' ').split('');
  for (const [start, end] of kept) for (let at = start; at < end; at += 1) prose[at] = source[at];
  return prose.join('');
}

/**
 * The banned phrases of a file, without those that are allowed there.
 *
 * @param file path from the root of the repository, with `/` between folders
 */
export function findWords(file, source, allowed = ALLOWED) {
  const prose = CODE.test(file) ? proseOf(source, file) : source;
  const found = patterns.flatMap(({ pattern, phrase, write, why }) =>
    [...prose.matchAll(pattern)].map(({ index }) => ({ index, phrase, write, why })),
  );
  return found
    .filter(({ phrase }) => !allowed.some((entry) => entry.file === file && entry.phrase === phrase))
    .sort((a, b) => a.index - b.index)
    .map(({ index, ...row }) => ({ file, line: prose.slice(0, index).split('\n').length, ...row }));
}

function filesIn(root) {
  return COVERED.flatMap((path) => {
    const full = join(root, path);
    if (statSync(full).isFile()) return [full];
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  })
    .map((path) => relative(root, path).replaceAll('\\', '/'))
    .filter((path) => READ.test(path) && !NOT_YET_COVERED.some((prefix) => path.startsWith(prefix)));
}

/** Reads the repository. @returns a line for each phrase, and for each exception that nothing needs any more */
export function lintWords(root) {
  const unused = new Set(ALLOWED);
  const lines = [];
  for (const file of filesIn(root)) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const { line, phrase, write, why } of findWords(file, source, [])) {
      const exception = ALLOWED.find((entry) => entry.file === file && entry.phrase === phrase);
      if (exception === undefined) lines.push(`${file}:${line}: "${phrase}": write ${write} (${why})`);
      else unused.delete(exception);
    }
  }
  for (const { file, phrase } of unused)
    lines.push(`scripts/lint-words-list.mjs: "${phrase}" is not in ${file}: remove it`);
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = lintWords(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const line of lines) console.error(line);
  if (lines.length > 0) process.exit(1);
}
