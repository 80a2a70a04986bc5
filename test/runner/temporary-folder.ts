import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where tsx keeps what it has compiled, among the temporary files: a folder of one's own would have it begin anew. */
const TSX_CACHE = `tsx-${process.geteuid?.() ?? ''}`;
/** Set where a run has a folder already: each project of the configuration asks for one. */
const MARK = 'GROUNDPLAN_TEST_FOLDER';

/** What to say of a temporary folder that nothing can be written to. Undefined for one that can. */
export function unwritable(folder = tmpdir()): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    rmSync(mkdtempSync(join(folder, 'gp-')), { recursive: true });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `Nothing can be written to the temporary folder ${folder} (${code}): set TMPDIR to one of yours`;
  }
}

/**
 * Gives the run a folder for temporary files, and its processes, too. The CDK writes every assembly of a test to one, and leaves it
 * there: 35 MB each.
 *
 * @returns how to delete it. Undefined when this run has one
 */
export function useFolderOfRun(): (() => void) | undefined {
  if (process.env[MARK] !== undefined) return undefined;
  const parent = tmpdir();
  // Short: PostgreSQL's sockets are here, whose paths end at 107 bytes.
  const folder = mkdtempSync(join(parent, 'gp-'));
  // A database runs as another user, and its files are in here.
  chmodSync(folder, 0o711);
  mkdirSync(join(parent, TSX_CACHE), { recursive: true });
  symlinkSync(join(parent, TSX_CACHE), join(folder, TSX_CACHE));
  process.env[MARK] = folder;
  process.env['TMPDIR'] = folder;
  return () => {
    delete process.env[MARK];
    process.env['TMPDIR'] = parent;
    rmSync(folder, { recursive: true, force: true });
  };
}
