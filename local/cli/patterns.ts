import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readStack, type SynthesizedStack } from '../assembly/cloud-assembly';
import { UsageError } from './usage-error';

/** Patterns that can be run, and their stacks. */
export const PATTERNS: Readonly<Record<string, string>> = {
  'event-driven': 'EventDriven',
  'data-pipeline': 'DataPipeline',
  'web-app': 'WebApp',
  'genai-rag': 'GenAiRag',
};

/** A synthesized pattern on disk. */
export interface SynthesizedPattern {
  readonly stack: SynthesizedStack;
  /** Deletes what was written. */
  remove(): void;
}

/** What to say of a pattern that there is not. */
export function unknownPattern(pattern: string): UsageError {
  return new UsageError(`Unknown pattern "${pattern}"; available: ${Object.keys(PATTERNS).join(', ')}`);
}

/**
 * Synthesizes a pattern for stage dev as `cdk synth` does, the web app in one stack; or reads what is in a folder, without loading
 * the CDK.
 *
 * @param assembly a folder that `cdk synth` wrote. @default - synthesizes into a temporary folder
 * @throws UsageError for a pattern that there is not, or a folder without it
 */
export async function openPattern(pattern: string, assembly?: string): Promise<SynthesizedPattern> {
  const stackName = PATTERNS[pattern];
  if (stackName === undefined) throw unknownPattern(pattern);
  if (assembly !== undefined) return { stack: readPattern(pattern, stackName, assembly), remove: () => undefined };
  const { synthesizePattern } = await import('./synthesize-pattern.js');
  return synthesizePattern(pattern, stackName);
}

function readPattern(pattern: string, stackName: string, assembly: string): SynthesizedStack {
  if (!existsSync(join(assembly, `${stackName}.template.json`))) {
    throw new UsageError(`${assembly} is not a cloud assembly with a stack ${stackName}`);
  }
  const stack = readStack(assembly, stackName);
  const types = Object.values(stack.template.Resources).map(({ Type }) => Type);
  if (pattern === 'web-app' && !types.includes('AWS::RDS::DBCluster')) {
    throw new UsageError(
      `${assembly} has the web app in several stacks, which cannot run here: synthesize the class WebApp in one stack, or omit --assembly`,
    );
  }
  return stack;
}
