import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { refuse, warn } from '../validation/refuse';

/** Models that Bedrock ended. */
export interface EndedModels {
  /** What their ids look like, see {@link bareModelId}. */
  readonly pattern: RegExp;
  /** The day that Bedrock ended the last of them, as `2026-09-10`. */
  readonly ended: string;
  /** Models that replace them. */
  readonly instead: string;
}

const CLAUDE = 'a later Claude, or GenerationModel.default';
const NOVA = 'amazon.nova-2-lite-v1:0 by an inference profile, or GenerationModel.default';

/**
 * Ids past their end of life on 24 November 2026 (AWS: Bedrock, model lifecycle; the days before 2026 as known, since the page drops
 * what ended). A constant in aws-cdk-lib says nothing of whether a model answers.
 */
export const ENDED_MODELS: readonly EndedModels[] = [
  { pattern: /^anthropic\.claude-(v1|v2|instant)/, ended: '2025-07-21', instead: CLAUDE },
  { pattern: /^anthropic\.claude-3-opus-/, ended: '2026-01-05', instead: CLAUDE },
  { pattern: /^anthropic\.claude-3-5-haiku-/, ended: '2026-06-19', instead: CLAUDE },
  { pattern: /^anthropic\.claude-3-(5-|7-)?sonnet-/, ended: '2026-07-30', instead: CLAUDE },
  { pattern: /^anthropic\.claude-3-haiku-/, ended: '2026-09-10', instead: CLAUDE },
  { pattern: /^anthropic\.claude-opus-4-2025/, ended: '2026-05-31', instead: CLAUDE },
  { pattern: /^anthropic\.claude-sonnet-4-2025/, ended: '2026-10-14', instead: CLAUDE },
  { pattern: /^amazon\.titan-(text-|tg1)/, ended: '2025-08-15', instead: NOVA },
  { pattern: /^amazon\.titan-image-generator-/, ended: '2026-06-30', instead: 'a model of Stability AI' },
  { pattern: /^amazon\.nova-(premier|sonic)-v1/, ended: '2026-09-14', instead: NOVA },
  { pattern: /^amazon\.nova-(canvas|reel)-v1/, ended: '2026-09-30', instead: 'a model of Stability AI or Luma' },
  { pattern: /^cohere\.command-(text|light)/, ended: '2025-08-20', instead: NOVA },
  { pattern: /^cohere\.command-r-/, ended: '2026-08-19', instead: NOVA },
  { pattern: /^meta\.llama2-/, ended: '2024-10-30', instead: 'a model of Llama 4' },
  { pattern: /^meta\.llama3-1-405b-/, ended: '2026-07-07', instead: 'a model of Llama 4' },
  { pattern: /^meta\.llama3-2-/, ended: '2026-07-07', instead: 'a model of Llama 4' },
  { pattern: /^ai21\.(j2-|jamba-instruct)/, ended: '2025-08-15', instead: NOVA },
  { pattern: /^stability\.stable-diffusion-xl/, ended: '2025-05-20', instead: 'a later model of Stability AI' },
];

/** Ids that end soon: Bedrock lets new customers use none of them (the same page). */
const LEGACY_MODELS: readonly (readonly [pattern: RegExp, ends: string])[] = [
  [/^ai21\.jamba-1-5-/, '2026-11-26'],
  [/^anthropic\.claude-opus-4-1-/, '2027-01-08'],
  [/^anthropic\.claude-sonnet-4-5-/, '2027-04-08'],
];

/** The model's own id: without an ARN before it, or the geography of an inference profile. */
export function bareModelId(id: string): string {
  return id.replace(/^arn:.*\//, '').replace(/^(global|us-gov|us|eu|apac|jp|au|ca)\./, '');
}

/** Refuses a model past its end of life, and says so where it cannot tell (bedrock-model-lifecycle). */
export function refuseEndedModel(scope: IConstruct, prop: string, id: string): void {
  if (Token.isUnresolved(id)) {
    warn(
      scope,
      'bedrock-model-lifecycle',
      `Cannot check whether the model is past its end of life: ${prop} is known only at deployment.`,
    );
    return;
  }
  const bare = bareModelId(id);
  const legacy = LEGACY_MODELS.find(([pattern]) => pattern.test(bare));
  if (legacy !== undefined) {
    warn(
      scope,
      'bedrock-model-lifecycle',
      `${id} reaches its end of life on ${legacy[1]}, and accounts that have not used it recently have no access. Choose a newer model.`,
    );
  }
  const ended = ENDED_MODELS.find(({ pattern }) => pattern.test(bare));
  if (ended === undefined) return;
  refuse(scope, {
    prop,
    value: id,
    allowed: `a model that Bedrock still runs; this one ended on ${ended.ended}`,
    fix: `take ${ended.instead}`,
    catalogueId: 'bedrock-model-lifecycle',
  });
}
