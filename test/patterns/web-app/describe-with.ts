import { describe } from 'vitest';
import { postgresFolders, programOf } from './server-process';

/** A group of tests that need programs. Without them it is skipped, and says so; in CI it fails instead. */
export function describeWith(programs: readonly string[]): (name: string, tests: () => void) => void {
  const missing = programs.filter((name) => programOf(name, postgresFolders()) === undefined);
  if (missing.length === 0 || process.env['CI'] === 'true') return describe;
  console.warn(`SKIPPED: these tests need ${missing.join(' and ')}, which this machine does not have`);
  return describe.skip;
}

export const describeWithPostgres = describeWith(['initdb', 'postgres']);
export const describeWithRedis = describeWith(['redis-server']);
