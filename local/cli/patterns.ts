import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pattern } from '../../patterns/pattern';
import { PATTERNS } from '../../patterns/patterns';
import { readStack, type SynthesizedStack } from '../assembly/cloud-assembly';
import { UsageError } from './usage-error';

/** A synthesized pattern on disk. */
export interface SynthesizedPattern {
  readonly stack: SynthesizedStack;
  /** Deletes what was written. */
  remove(): void;
}

/** A pattern by its name. @throws UsageError for one that does not exist */
export function patternNamed(name: string): Pattern {
  const pattern = PATTERNS.find((each) => each.name === name);
  if (pattern !== undefined) return pattern;
  const names = PATTERNS.map((each) => each.name).join(', ');
  throw new UsageError(`Unknown pattern "${name}"; available: ${names}`);
}

/**
 * Synthesizes a pattern for stage dev as `cdk synth` does, in one stack; or reads what is in a folder, without loading the CDK.
 *
 * @param assembly a folder that `cdk synth` wrote. @default - synthesizes into a temporary folder
 * @throws UsageError for a pattern that does not exist, or a folder without it
 */
export async function openPattern(name: string, assembly?: string): Promise<SynthesizedPattern> {
  const pattern = patternNamed(name);
  if (assembly !== undefined) return { stack: readPattern(pattern, assembly), remove: () => undefined };
  const { synthesizePattern } = await import('./synthesize-pattern.js');
  return synthesizePattern(pattern);
}

function readPattern({ name, stack: stackName, local }: Pattern, assembly: string): SynthesizedStack {
  if (!existsSync(join(assembly, `${stackName}.template.json`))) {
    throw new UsageError(`${assembly} is not a cloud assembly with a stack ${stackName}`);
  }
  const stack = readStack(assembly, stackName);
  const types = Object.values(stack.template.Resources).map(({ Type }) => Type);
  if (local?.mustHave !== undefined && !types.includes(local.mustHave)) {
    throw new UsageError(
      `${assembly} has ${name} in several stacks, which cannot run here: synthesize it in one stack, or omit --assembly`,
    );
  }
  return stack;
}
