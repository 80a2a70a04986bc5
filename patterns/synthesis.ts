import cdkJson from '../cdk.json';
import type { Syntheses } from '../lib/operations/doctor/assembly';
import type { Pattern } from './pattern';
import { ALL } from './selection';

/** Synthesizes a pattern's stacks into a folder, with this project's feature flags; `context` is what `-c` gives. */
export async function synthesizePattern(
  pattern: Pattern,
  context: Readonly<Record<string, string>>,
  outdir: string,
): Promise<void> {
  const { GroundplanApp } = await import('./groundplan-app.js');
  const app = await GroundplanApp.create({
    patterns: [pattern],
    // CDK's own validator runs at the command that deploys.
    selection: { ...ALL, isDraft: true },
    context: {
      ...cdkJson.context,
      // Warnings are for the command that deploys, which prints them; paths are what the CDK's CLI asks for.
      '@aws-cdk/core:annotationsInValidationReport': false,
      'aws:cdk:enable-path-metadata': true,
      ...context,
    },
    analyticsReporting: false,
    autoSynth: false,
    outdir,
  });
  app.synth();
}

/** How a command synthesizes each of some patterns, by name. */
export function synthesesOf(patterns: readonly Pattern[]): Syntheses {
  return Object.fromEntries(
    patterns.map((pattern) => [pattern.name, (context, outdir) => synthesizePattern(pattern, context, outdir)]),
  );
}
