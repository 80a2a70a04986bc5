import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where test processes share assemblies of the sources as they are. Undefined: each process synthesizes its own. */
let shared: string | undefined;

/** Says where this process finds them. Not read from Vitest here: `npm run report` synthesizes without it. */
export function shareAssembliesIn(folder: string | undefined): void {
  shared = folder;
}

/** The folder of this process, where processes share none. */
let own: string | undefined;

function ownFolder(): string {
  if (own !== undefined) return own;
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-assemblies-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  own = folder;
  return folder;
}

/** A cloud assembly that processes share, or the place for one. */
export interface SharedAssembly {
  readonly folder: string;
  /** Whether it is synthesized already. */
  readonly exists: boolean;
  /** Adds what `synthesize` writes into a folder. */
  add(synthesize: (outdir: string) => void): void;
}

/**
 * The assembly of a pattern with options. It is synthesized once for all test processes, and again when a source has changed
 * (global-setup.ts). Do not write to its folder.
 *
 * @returns undefined for options that are more than plain data: a construct or a function has no key
 */
export function sharedAssembly(name: string, options: object): SharedAssembly | undefined {
  const key = keyOf(options);
  if (key === undefined) return undefined;
  const parent = shared ?? ownFolder();
  const folder = join(parent, `${name}-${key}`);
  const exists = () => existsSync(join(folder, 'manifest.json'));
  return {
    folder,
    exists: exists(),
    add(synthesize) {
      mkdirSync(parent, { recursive: true });
      const fresh = mkdtempSync(join(parent, 'new-'));
      try {
        synthesize(fresh);
        renameSync(fresh, folder);
      } catch (error) {
        rmSync(fresh, { recursive: true, force: true });
        // Another process was first, and made the same.
        if (!exists()) throw error;
      }
    },
  };
}

function keyOf(options: object): string | undefined {
  if (!isData(options)) return undefined;
  const sorted = JSON.stringify(options, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}

function isData(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isData);
  if (typeof value === 'object' && value !== null) {
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isData);
  }
  return typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
}
