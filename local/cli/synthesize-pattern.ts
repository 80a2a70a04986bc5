import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { readStack, type SynthesizedStack } from '../assembly/cloud-assembly';
import { UsageError } from './usage-error';

/** Patterns that can be run, and their stacks. */
export const PATTERNS: Readonly<Record<string, string>> = {
  'event-driven': 'EventDriven',
  'data-pipeline': 'DataPipeline',
};

/** A synthesized pattern on disk. */
export interface SynthesizedPattern {
  readonly stack: SynthesizedStack;
  /** Deletes what was written. */
  remove(): void;
}

/** What to say of a pattern that there is not. */
export function unknownPattern(pattern: string): UsageError {
  return new UsageError(`There is no pattern "${pattern}" to run; there is: ${Object.keys(PATTERNS).join(', ')}`);
}

/**
 * Synthesizes a pattern for stage dev as `cdk synth` does, or reads what lies in a folder.
 *
 * @param assembly a folder that `cdk synth` wrote. @default - synthesizes into a temporary folder
 * @throws UsageError for a pattern that there is not, or a folder without it
 */
export function synthesizePattern(pattern: string, assembly?: string): SynthesizedPattern {
  const stackName = PATTERNS[pattern];
  if (stackName === undefined) throw unknownPattern(pattern);
  if (assembly !== undefined) {
    if (!existsSync(join(assembly, `${stackName}.template.json`))) {
      throw new UsageError(`${assembly} is no cloud assembly with a stack ${stackName}`);
    }
    return { stack: readStack(assembly, stackName), remove: () => undefined };
  }
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-run-'));
  const context = { ...cdkJson.context, alarmEmail: 'ops@example.com' };
  new GroundplanApp({ outdir, context, builtinCloudFormationValidation: false }).synth();
  return {
    stack: readStack(outdir, stackName),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
