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

export const bedrockGuardrailPolicies: Rule = {
  id: 'bedrock-guardrail-policies',
  title: 'A guardrail covers harmful content, prompt attacks, personal data, topics and grounding',
  why: 'A guardrail stops only what it is configured for. Without one of these policies, hate, prompt injection, personal data, forbidden topics or invented answers reach your users.',
  fix: 'Give the guardrail ContentPolicyConfig with PROMPT_ATTACK, SensitiveInformationPolicyConfig, TopicPolicyConfig, and ContextualGroundingPolicyConfig with thresholds above 0.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-components.html',
  example: {
    fixed: {
      Guardrail: {
        Type: 'AWS::Bedrock::Guardrail',
        Properties: {
          Name: 'support',
          BlockedInputMessaging: 'I cannot answer that.',
          BlockedOutputsMessaging: 'I cannot answer that.',
          ContentPolicyConfig: {
            FiltersConfig: [
              { Type: 'HATE', InputStrength: 'HIGH', OutputStrength: 'HIGH' },
              { Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' },
            ],
          },
          SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [{ Type: 'EMAIL', Action: 'ANONYMIZE' }] },
          TopicPolicyConfig: {
            TopicsConfig: [{ Name: 'Law', Definition: 'Advice about a legal dispute', Type: 'DENY' }],
          },
          ContextualGroundingPolicyConfig: {
            FiltersConfig: [
              { Type: 'GROUNDING', Threshold: 0.01 },
              { Type: 'RELEVANCE', Threshold: 0.01 },
            ],
          },
        },
      },
    },
    broken: [
      { 'Guardrail.Properties.ContentPolicyConfig': null },
      { 'Guardrail.Properties.ContentPolicyConfig.FiltersConfig.1.InputStrength': 'NONE' },
      { 'Guardrail.Properties.SensitiveInformationPolicyConfig': null },
      { 'Guardrail.Properties.SensitiveInformationPolicyConfig.PiiEntitiesConfig.0.Action': 'NONE' },
      { 'Guardrail.Properties.TopicPolicyConfig': null },
      { 'Guardrail.Properties.ContextualGroundingPolicyConfig': null },
      { 'Guardrail.Properties.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold': 0 },
      { 'Guardrail.Properties.ContextualGroundingPolicyConfig.FiltersConfig.1.Threshold': 0 },
    ],
  },
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
