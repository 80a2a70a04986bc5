import type { App } from 'aws-cdk-lib';
import type { StageName } from '../../lib';
import type { TemplateDocument } from '../../lib/checks';
import type { ProofVariant } from './pattern-proof';

/** The templates of an app's stacks, by stack; each stage is synthesized once. */
export function templatesOf(build: (stage: StageName) => App): ProofVariant['templates'] {
  const known = new Map<StageName, Readonly<Record<string, TemplateDocument>>>();
  return (stage) => {
    const templates =
      known.get(stage) ??
      Object.fromEntries(
        build(stage)
          .synth()
          .stacks.map(({ stackName, template }) => [stackName, template as TemplateDocument]),
      );
    known.set(stage, templates);
    return templates;
  };
}
