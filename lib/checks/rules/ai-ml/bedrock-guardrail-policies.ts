import { CannotTell, flagOf, isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import { type Rule, verdict } from '../../rule';

type Filter = Readonly<Record<string, unknown>>;

function filters(guardrail: TemplateResource, path: string): readonly Filter[] {
  const all = guardrail.list(path) as readonly Filter[];
  for (const filter of all) {
    if (isIntrinsic(filter) || Object.values(filter).some(isIntrinsic)) {
      throw new CannotTell(`${path} is known only at deployment`);
    }
  }
  return all;
}

/** Whether a filter does something in a direction: it is on, and does not only note what it finds. */
function acts(filter: Filter, direction: 'Input' | 'Output'): boolean {
  return flagOf(filter[`${direction}Enabled`], 'Enabled') !== false && filter[`${direction}Action`] !== 'NONE';
}

const actsOnText = (filter: Filter): boolean =>
  (['Input', 'Output'] as const).some((each) => acts(filter, each) && filter[`${each}Strength`] !== 'NONE');

/** A guardrail covers harmful content, attacks on the prompt, personal data, topics, and answers that nothing bears out. */
export const bedrockGuardrailPolicies: Rule = {
  id: 'bedrock-guardrail-policies',
  types: ['AWS::Bedrock::Guardrail'],
  check: (guardrail) => {
    const content = filters(guardrail, 'ContentPolicyConfig.FiltersConfig').filter(actsOnText);
    const personal = filters(guardrail, 'SensitiveInformationPolicyConfig.PiiEntitiesConfig');
    const topics = filters(guardrail, 'TopicPolicyConfig.TopicsConfig');
    const grounded = filters(guardrail, 'ContextualGroundingPolicyConfig.FiltersConfig').filter(
      (filter) =>
        filter['Action'] !== 'NONE' &&
        flagOf(filter['Enabled'], 'Enabled') !== false &&
        Number(filter['Threshold']) > 0,
    );
    const either = (filter: Filter): boolean => acts(filter, 'Input') || acts(filter, 'Output');
    return verdict([
      !content.some((filter) => filter['Type'] !== 'PROMPT_ATTACK') &&
        'no harmful content is refused; allowed: ContentPolicyConfig with a strength',
      !content.some((filter) => filter['Type'] === 'PROMPT_ATTACK' && acts(filter, 'Input')) &&
        'attacks on the prompt pass; allowed: a filter PROMPT_ATTACK of the input',
      !personal.some((filter) => either(filter) && filter['Action'] !== 'NONE') &&
        'personal data passes; allowed: SensitiveInformationPolicyConfig.PiiEntitiesConfig',
      !topics.some(either) && 'no topic is denied; allowed: TopicPolicyConfig',
      ...['GROUNDING', 'RELEVANCE'].map(
        (type) =>
          !grounded.some((filter) => filter['Type'] === type) &&
          `answers are not held to ${type}; allowed: ContextualGroundingPolicyConfig with a threshold above 0`,
      ),
    ]);
  },
};
