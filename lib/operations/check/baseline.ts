import { readFileSync, writeFileSync } from 'node:fs';
import { CommandError } from '../terminal';
import type { Single } from './report';

interface Entry {
  readonly fingerprint: string;
  /** For those who read the file; it is told apart by the fingerprint alone. */
  readonly rule: string;
  readonly stack: string;
  readonly resource: string;
}

/** Writes findings to a file, in an order that changes as little as they do. @throws CommandError where it cannot be written */
export function writeBaseline(file: string, singles: readonly Single[]): void {
  const entries = singles.map(
    ({ rule, place: { fingerprint, stack, path } }): Entry => ({ fingerprint, rule, stack, resource: path }),
  );
  const keyOf = ({ rule, stack, resource }: Entry) => `${rule} ${stack} ${resource}`;
  const findings = entries.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  try {
    writeFileSync(file, `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${(error as Error).message}`, 2);
  }
}

/** Fingerprints of a baseline. @throws CommandError (exit code 2) for a file that is none */
export function readBaseline(file: string): ReadonlySet<string> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${String((error as Error).message.split('\n')[0])}`, 2);
  }
  const { version, findings } = (content ?? {}) as { readonly version?: unknown; readonly findings?: unknown };
  if (version !== 1 || !Array.isArray(findings))
    throw new CommandError(`${file} is no baseline; groundplan check --write-baseline ${file} writes one`, 2);
  return new Set(findings.map((each: unknown) => String((each as Partial<Entry> | null)?.fingerprint)));
}
