import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECTS = ['memory', 'proofs', 'synthesis', 'unit'] as const;

/** A project of `vitest.config.mts` that a file may name itself. */
export type MarkedProject = (typeof PROJECTS)[number];

/** Files that no glob of `vitest.config.mts` speaks for say which project they belong to: `// @project unit` on a line of its own. */
const MARKER = /^\/\/ @project (.*)$/m;

/**
 * The files of a folder that say which project they belong to, by project, as vitest's `include` takes them.
 *
 * @throws Error for a project that does not exist: the file would run elsewhere without a word
 */
export function markedFiles(root: string): Readonly<Record<MarkedProject, readonly string[]>> {
  const found: Record<MarkedProject, string[]> = { memory: [], proofs: [], synthesis: [], unit: [] };
  for (const name of readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts')) continue;
    const file = `test/${name.replaceAll('\\', '/')}`;
    const marker = MARKER.exec(readFileSync(join(root, file), 'utf8'))?.[1];
    if (marker === undefined) continue;
    const project = PROJECTS.find((each) => each === marker);
    if (project === undefined) throw new Error(`${file}: @project is one of ${PROJECTS.join(', ')}, not ${marker}`);
    found[project].push(file);
  }
  return found;
}
