import type { StageName } from '../lib';
import { readStack, type SynthesizedStack } from '../local/assembly/cloud-assembly';
import type { ClickstreamPipelineProps } from '../patterns/data-pipeline';
import type { EventDrivenShopProps } from '../patterns/event-driven';
import type { GenAiRagProps } from '../patterns/genai-rag';
import type { WebAppProps } from '../patterns/web-app';
import { type SharedAssembly, sharedAssembly } from './runner/assemblies';

/** What each pattern takes. */
export interface PatternOptions {
  readonly EventDriven: EventDrivenShopProps;
  readonly DataPipeline: ClickstreamPipelineProps;
  /** All of the web app in one stack. */
  readonly WebApp: WebAppProps;
  readonly GenAiRag: GenAiRagProps;
}

/** What to synthesize of a pattern. */
export interface AssemblyOptions<Props> {
  /** @default dev */
  readonly stage?: StageName;
  readonly props?: Props;
  /** @default - us-east-1 for the web app and the GenAI application, whose edge is then in the same stack; else none */
  readonly region?: string;
  /** Name of the stack in AWS. @default - the pattern's */
  readonly stackName?: string;
  /** The vector store of the GenAI application. @default s3-vectors */
  readonly store?: 's3-vectors' | 'opensearch' | 'opensearch-nextgen';
}

/** Where an assembly lies, or belongs. Options that mean the same are in the same place. */
export function placeOf<Props>(
  pattern: keyof PatternOptions,
  { stage = 'dev', props, ...more }: AssemblyOptions<Props>,
): SharedAssembly | undefined {
  return sharedAssembly(`${pattern}-${stage}`, { ...more, ...props });
}

/**
 * A pattern as `cdk synth` leaves it. What options can be told apart is synthesized once for all tests, by the process that first
 * asks; the others do not load the CDK.
 *
 * @param pattern the stack's name
 */
export async function assemblyOf<Name extends keyof PatternOptions>(
  pattern: Name,
  options: AssemblyOptions<PatternOptions[Name]> = {},
): Promise<string> {
  const shared = placeOf(pattern, options);
  if (shared?.exists === true) return shared.folder;
  const { synthesized } = await import('./synthesize.js');
  return synthesized(pattern, options);
}

/** The stack of {@link assemblyOf}. Its template is the caller's own. */
export async function stackOf<Name extends keyof PatternOptions>(
  pattern: Name,
  options: AssemblyOptions<PatternOptions[Name]> = {},
): Promise<SynthesizedStack> {
  return readStack(await assemblyOf(pattern, options), pattern);
}

/** The data pipeline as the demo runs it (`GroundplanApp`): with a rule on purchases. */
export const DEMO_PIPELINE = {
  props: {
    alerts: [{ name: 'purchase-rush', of: 'purchase', above: 100 }],
    api: { mailFrom: 'accounts@example.com' },
  },
} as const satisfies AssemblyOptions<ClickstreamPipelineProps>;
