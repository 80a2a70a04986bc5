import { bedrockGuardrailPolicies } from '../../../../../lib/checks/rules/ai-ml/bedrock-guardrail-policies';
import { bounds, type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const both = (Type: string) => ({ Type, InputStrength: 'HIGH', OutputStrength: 'HIGH' });
const CONTENT = 'Guard.ContentPolicyConfig.FiltersConfig';
const PII = 'Guard.SensitiveInformationPolicyConfig.PiiEntitiesConfig';
const TOPICS = 'Guard.TopicPolicyConfig.TopicsConfig';
const GROUNDED = 'Guard.ContextualGroundingPolicyConfig.FiltersConfig';
const guard: Literals = {
  Guard: [
    'AWS::Bedrock::Guardrail',
    {
      ContentPolicyConfig: {
        FiltersConfig: [both('HATE'), { Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' }],
      },
      SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [{ Type: 'EMAIL', Action: 'ANONYMIZE' }] },
      TopicPolicyConfig: { TopicsConfig: [{ Name: 'Law', Type: 'DENY' }] },
      ContextualGroundingPolicyConfig: {
        FiltersConfig: [
          { Type: 'GROUNDING', Threshold: 0.7 },
          { Type: 'RELEVANCE', Threshold: 0.5 },
        ],
      },
    },
  ],
};
const harmful = 'no harmful content is refused';
const attacks = 'attacks on the prompt pass';
const personal = 'personal data passes';
const topics = 'no topic is denied';

bounds(bedrockGuardrailPolicies, guard, `${GROUNDED}.0.Threshold`, {
  min: 0.01,
  max: undefined,
  step: 0.01,
  says: 'answers are not held to GROUNDING; allowed: ContextualGroundingPolicyConfig with a threshold above 0',
  named: false,
});
cases(bedrockGuardrailPolicies, guard, [
  ['compliant', 'all are refused'],
  [
    'violation',
    'nothing is',
    { Guard: ['AWS::Bedrock::Guardrail', {}] },
    [harmful, attacks, personal, topics, 'GROUNDING', 'RELEVANCE'],
  ],
  ['violation', 'harmful content passes', { [`${CONTENT}.0`]: both('PROMPT_ATTACK') }, harmful],
  ['violation', 'attacks pass', { [`${CONTENT}.1`]: both('VIOLENCE') }, attacks],
  ['violation', 'attacks are not looked for', { [`${CONTENT}.1.InputStrength`]: 'NONE' }, attacks],
  [
    'violation',
    'attacks are looked for in answers alone',
    { [`${CONTENT}.1`]: { ...both('PROMPT_ATTACK'), InputEnabled: false } },
    attacks,
  ],
  ['violation', 'attacks are only noted', { [`${CONTENT}.1.InputAction`]: 'NONE' }, attacks],
  [
    'violation',
    'no strength is set',
    { [`${CONTENT}.0.InputStrength`]: 'NONE', [`${CONTENT}.0.OutputStrength`]: 'NONE' },
    harmful,
  ],
  ['compliant', 'answers alone are looked at', { [`${CONTENT}.0.InputStrength`]: 'NONE' }],
  ['compliant', 'questions alone are looked at', { [`${CONTENT}.0.OutputStrength`]: 'NONE' }],
  ...(['Enabled', 'Action'] as const).flatMap((name): Case[] => {
    const off = name === 'Enabled' ? false : 'NONE';
    return [
      ['compliant', `Input${name} is off`, { [`${CONTENT}.0.Input${name}`]: off }],
      ['compliant', `Output${name} is off`, { [`${CONTENT}.0.Output${name}`]: off }],
      [
        'violation',
        `both are off by ${name}`,
        { [`${CONTENT}.0.Input${name}`]: off, [`${CONTENT}.0.Output${name}`]: off },
        harmful,
      ],
      ['compliant', `Input${name} of a topic is off`, { [`${TOPICS}.0.Input${name}`]: off }],
      [
        'violation',
        `both of a topic are off by ${name}`,
        { [`${TOPICS}.0.Input${name}`]: off, [`${TOPICS}.0.Output${name}`]: off },
        topics,
      ],
      [
        'violation',
        `both of personal data are off by ${name}`,
        { [`${PII}.0.Input${name}`]: off, [`${PII}.0.Output${name}`]: off },
        personal,
      ],
    ];
  }),
  [
    'violation',
    'a switch is off as text',
    { [`${CONTENT}.0.InputEnabled`]: 'false', [`${CONTENT}.0.OutputEnabled`]: 'false' },
    harmful,
  ],
  ['violation', 'no personal data is looked for', { [PII]: [] }, personal],
  ['violation', 'personal data is only noted', { [`${PII}.0.Action`]: 'NONE' }, personal],
  ['violation', 'there is no topic', { [TOPICS]: [] }, topics],
  ['violation', 'answers need not be relevant', { [`${GROUNDED}.1.Action`]: 'NONE' }, 'RELEVANCE'],
  ['violation', 'grounding is off', { [`${GROUNDED}.0.Enabled`]: false }, 'GROUNDING'],
  ['violation', 'grounding is off as text', { [`${GROUNDED}.0.Enabled`]: 'false' }, 'GROUNDING'],
  ['cannot-tell', 'a parameter is a filter', { [`${CONTENT}.0`]: PARAMETER }],
  ['cannot-tell', 'a parameter is a part of one', { [`${PII}.0.Action`]: PARAMETER }],
]);
cases(bedrockGuardrailPolicies, guard, [
  ['compliant', 'a topic is denied to questions alone', { [`${TOPICS}.0.OutputEnabled`]: false }],
  ['compliant', 'a topic is denied to answers alone', { [`${TOPICS}.0.InputEnabled`]: false }],
]);
