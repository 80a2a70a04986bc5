import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { bareModelId, ENDED_MODELS, LEGACY_MODELS } from '../facts/model-lifecycle';
import { refuse, warn } from '../validation/refuse';

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
