import type { StageName } from '../../../lib';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import type { GenAiRag, GenAiRagProps } from '../../../patterns/genai-rag';
import { stackOf } from '../../assemblies';
import { genAiRagStack, testApp } from '../../synthesize';

/** What to deploy, and what is added afterwards. */
export interface RagVariant extends GenAiRagProps {
  readonly extend?: (rag: GenAiRag) => void;
}

const deployment = { account: '111111111111', region: 'us-east-1', stackName: 'GenAiRag' };

/** The template in us-east-1, where all of it is in one stack. */
export function ragDocument(stage: StageName, { extend, ...props }: RagVariant = {}): TemplateDocument {
  const app = testApp();
  const { rag } = genAiRagStack(app, stage, props);
  extend?.(rag);
  const [stack, ...more] = app.synth().stacks;
  if (stack === undefined || more.length > 0) throw new Error('There is not one stack');
  return stack.template as TemplateDocument;
}

/** A template with the values that a deployment would give. */
export function resolvedRag(document: TemplateDocument): ResolvedTemplate {
  return new ResolvedTemplate(document, deployment);
}

/** Dev in another region, beside CloudFront's part in us-east-1. */
export function resolvedRagIn(region: string): ResolvedTemplate {
  const app = testApp();
  genAiRagStack(app, 'dev', {}, region);
  const { stacks } = app.synth();
  const resolve = (where: string, others: readonly ResolvedTemplate[] = []) => {
    const [stack, ...more] = stacks.filter(({ environment }) => environment.region === where);
    if (stack === undefined || more.length > 0) throw new Error(`There is not one stack in ${where}`);
    const { stackName, template } = stack;
    return new ResolvedTemplate(template as TemplateDocument, { ...deployment, region: where, stackName }, others);
  };
  return resolve(region, [resolve(deployment.region)]);
}

/** Hands over the stack of dev with what its functions run. */
export async function withRagAssembly<T>(use: (stack: SynthesizedStack) => Promise<T>): Promise<T> {
  return use({ ...(await stackOf('GenAiRag')), deployment });
}
