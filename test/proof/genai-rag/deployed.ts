import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageName } from '../../../lib';
import { readStack, type SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import type { GenAiRag, GenAiRagProps } from '../../../patterns/genai-rag';
import { genAiRagStack, testApp } from '../../synthesize';

/** What to deploy, and what is added afterwards. */
export interface RagVariant extends GenAiRagProps {
  readonly extend?: (rag: GenAiRag) => void;
}

const deployment = { account: '111111111111', region: 'us-east-1', stackName: 'GenAiRag' };

/** The one stack's template in us-east-1. */
export function ragDocument(stage: StageName, { extend, ...props }: RagVariant = {}): TemplateDocument {
  const app = testApp();
  const { rag } = genAiRagStack(app, stage, props);
  extend?.(rag);
  const [stack] = app.synth().stacks;
  if (stack === undefined) throw new Error('There is no stack');
  return stack.template as TemplateDocument;
}

/** A template with the values that a deployment would give. */
export function resolvedRag(document: TemplateDocument): ResolvedTemplate {
  return new ResolvedTemplate(document, deployment);
}

/** Synthesizes the stack of dev with what its functions run, hands it over, and cleans up after. */
export async function withRagAssembly<T>(use: (stack: SynthesizedStack) => Promise<T>): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-rag-'));
  try {
    const app = testApp({ outdir });
    genAiRagStack(app, 'dev');
    app.synth();
    return await use({ ...readStack(outdir, 'GenAiRag'), deployment });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
