import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { integer, UsageError } from '../../local/cli/usage-error';

const LARGEST_SEED = 2 ** 32 - 1;
const MOST = 100_000;

export const HELP = `npm run mutation [-- [path...] [options]]

  path            files or folders of lib/checks, lib/runtime, lib/template, lib/validation, lib/<block>/handlers, or a
                  pattern's runtime or handlers (default: all of them)
  --tests <part>  with the tests alone that have this in their path; what comes of that is not kept
  --sample <n>    so many mutants, of each folder alike, rather than all
  --seed <n>      where the sample's chance starts, 1 to ${LARGEST_SEED} (default 1)
  --workers <n>   processes at a time (default: one for each core)
  --again         judges what is known from earlier runs, too

Changes the code in one small way at a time and runs the tests that reach it. Prints how many changes of each folder tests
noticed, and exits 1 when they are too few. What has not changed since an earlier run is not judged again.`;

/** What the command was asked for. */
export interface Options {
  /** Files and folders, from the root. Empty: all */
  readonly paths: readonly string[];
  /** How many mutants. @default - all */
  readonly sample?: number;
  /** Part of the path of the tests to run. @default - all that judge the folder */
  readonly tests?: string;
  readonly seed: number;
  readonly workers: number;
  readonly again: boolean;
}

/** @throws UsageError for what the command does not know */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help === true) return 'help';
  const { sample, tests, seed = '1', workers = String(availableParallelism()) } = values;
  if (sample !== undefined && positionals.length > 0)
    throw new UsageError('--sample is drawn from all folders: no path');
  return {
    paths: positionals.map((path) => path.replace(/^\.\//, '').replace(/\/$/, '')),
    ...(sample !== undefined && { sample: integer('sample', sample, MOST) }),
    ...(tests !== undefined && { tests }),
    seed: integer('seed', seed, LARGEST_SEED),
    workers: integer('workers', workers, 64),
    again: values.again === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        sample: { type: 'string' },
        tests: { type: 'string' },
        seed: { type: 'string' },
        workers: { type: 'string' },
        again: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
