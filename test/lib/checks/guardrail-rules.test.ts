import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { arn, asking, condition, guarded, only, resource, subject, variables } from './rag-changes-fixture';
import { rag } from './rag-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';

const POLICY = 'AWS::IAM::Policy';
const ROLE = 'AWS::IAM::Role';
const FUNCTION = 'AWS::Lambda::Function';
const GUARDRAIL = 'AWS::Bedrock::Guardrail';
const VERSION = 'AWS::Bedrock::GuardrailVersion';
const KEY = 'bedrock:GuardrailIdentifier';

const denied =
  (deny: object = {}) =>
  (t: MutableTemplate) => {
    const statement = asking(t);
    const number = statement.Condition?.['StringEquals']?.[KEY];
    delete statement.Condition;
    const { Statement } = t.properties(POLICY, subject)['PolicyDocument'] as { Statement: unknown[] };
    Statement.push({
      Effect: 'Deny',
      Action: 'bedrock:InvokeModel*',
      Resource: '*',
      Condition: { StringNotEquals: { [KEY]: number } },
      ...deny,
    });
  };

table('bedrock-guardrail-required', POLICY, rag, [
  { verdict: 'compliant', when: 'the model is asked with a numbered guardrail alone', subject },
  {
    verdict: 'violation',
    when: 'there is no condition',
    change: condition(undefined),
    subject,
    says: /without a guard/,
  },
  {
    verdict: 'violation',
    when: 'the draft is named',
    change: only({ 'Fn::Join': [':', [guarded, 'DRAFT']] }),
    subject,
  },
  { verdict: 'violation', when: 'no version is named', change: only(guarded), subject, says: /draft/ },
  {
    verdict: 'violation',
    when: "the version is the guardrail's own, which is the draft",
    change: only({ 'Fn::Sub': `\${Guard.GuardrailArn}:\${Guard.Version}` }),
    subject,
  },
  { verdict: 'compliant', when: 'every number of one is', change: only(`${arn('guardrail', 'abc')}:*`), subject },
  { verdict: 'violation', when: 'any one is', change: only('*'), subject },
  {
    verdict: 'violation',
    when: 'who names none passes',
    change: condition({ StringEqualsIfExists: { [KEY]: `${arn('guardrail', 'abc')}:1` } }),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter names it', change: only(PARAMETER), subject },
  {
    verdict: 'violation',
    when: 'a number or the draft is named',
    change: only([`${arn('guardrail', 'abc')}:1`, `${arn('guardrail', 'abc')}:DRAFT`]),
    subject,
  },
  {
    verdict: 'violation',
    when: 'the model may be asked without a stream, and without a condition',
    change: [
      condition(undefined),
      (t) => {
        asking(t).Action = 'bedrock:InvokeModel';
      },
    ],
    subject,
  },
  { verdict: 'compliant', when: 'a deny stands against every other', change: denied(), subject },
  {
    verdict: 'violation',
    when: 'the deny leaves the stream open',
    change: denied({ Action: 'bedrock:InvokeModel' }),
    subject,
  },
  { verdict: 'violation', when: 'it is for another model', change: denied({ Resource: 'arn:other' }), subject },
  {
    verdict: 'compliant',
    when: 'the account puts one before every model',
    change: [
      condition(undefined),
      (t) => t.add('All', 'AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailVersion: '1' }),
    ],
    subject,
  },
  {
    verdict: 'violation',
    when: 'the account puts one before some models',
    change: [
      condition(undefined),
      (t) =>
        t.add('Some', 'AWS::Bedrock::EnforcedGuardrailConfiguration', {
          ModelEnforcement: { IncludedModels: ['ALL'], ExcludedModels: ['amazon.nova-lite-v1:0'] },
        }),
    ],
    subject,
  },
  {
    verdict: 'not-applicable',
    when: 'the model only makes vectors',
    change: [condition(undefined), resource(arn('foundation-model', 'amazon.titan-embed-text-v2:0'))],
    subject,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter names the model',
    change: [condition(undefined), resource(PARAMETER)],
    subject,
  },
  { verdict: 'violation', when: 'every model may be', change: [condition(undefined), resource('*')], subject },
  { verdict: 'not-applicable', when: 'Bedrock takes the role on itself', subject: 'BaseRole' },
  { verdict: 'not-applicable', when: 'it lets ask nothing', subject: 'Sync' },
]);

table('bedrock-guardrail-required', ROLE, rag, [
  {
    verdict: 'violation',
    when: 'its inline policy lets ask anything',
    change: (t) => {
      t.properties(ROLE, subject)['Policies'] = [
        { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: '*' }] } },
      ];
    },
    subject,
  },
  { verdict: 'not-applicable', when: 'it has no inline policy', subject },
]);

table('bedrock-guardrail-required', FUNCTION, rag, [
  { verdict: 'compliant', when: 'the version is one that is made here', subject },
  { verdict: 'compliant', when: 'it is a number', change: variables({ GUARDRAIL_VERSION: '3' }), subject },
  {
    verdict: 'violation',
    when: 'it is DRAFT',
    change: variables({ GUARDRAIL_VERSION: 'DRAFT' }),
    subject,
    says: /DRAFT/,
  },
  {
    verdict: 'violation',
    when: "it is the guardrail's own",
    change: variables({ GUARDRAIL_VERSION: { 'Fn::GetAtt': ['Guard', 'Version'] } }),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter says it', change: variables({ GUARDRAIL_VERSION: PARAMETER }), subject },
  { verdict: 'not-applicable', when: 'there is none', change: variables({}), subject },
]);

table('bedrock-guardrail-required', GUARDRAIL, rag, [
  { verdict: 'compliant', when: 'it has a version' },
  { verdict: 'violation', when: 'it has none', change: (t) => t.remove(VERSION), says: /draft/ },
]);

const agents = resources({
  Agent: ['AWS::Bedrock::Agent', { GuardrailConfiguration: { GuardrailIdentifier: 'abc', GuardrailVersion: '1' } }],
  Flow: [
    'AWS::Bedrock::Flow',
    {
      Definition: {
        Nodes: [
          { Name: 'Retrieve', Configuration: { KnowledgeBase: { KnowledgeBaseId: 'KB' } } },
          { Name: 'Say', Configuration: { Prompt: { GuardrailConfiguration: { GuardrailVersion: '2' } } } },
        ],
      },
    },
  ],
});
const AGENT = 'AWS::Bedrock::Agent';
const FLOW = 'AWS::Bedrock::Flow';
table('bedrock-guardrail-required', AGENT, agents, [
  { verdict: 'compliant', when: 'it has a numbered guardrail' },
  { verdict: 'violation', when: 'it has none', change: (t) => t.drop(AGENT, 'GuardrailConfiguration') },
  {
    verdict: 'violation',
    when: 'DRAFT',
    change: (t) => t.set(AGENT, 'GuardrailConfiguration.GuardrailVersion', 'DRAFT'),
  },
]);
const nodes =
  (...Nodes: object[]) =>
  (t: MutableTemplate) =>
    t.set(FLOW, 'Definition.Nodes', Nodes);
table('bedrock-guardrail-required', FLOW, agents, [
  { verdict: 'compliant', when: 'its prompt has one' },
  {
    verdict: 'violation',
    when: 'a knowledge base answers without',
    change: nodes({ Name: 'Answer', Configuration: { KnowledgeBase: { KnowledgeBaseId: 'KB', ModelId: 'm' } } }),
    says: /Answer/,
  },
  { verdict: 'not-applicable', when: 'nothing asks', change: nodes({ Name: 'In', Configuration: { Input: {} } }) },
  { verdict: 'cannot-tell', when: 'it is defined elsewhere', change: (t) => t.drop(FLOW, 'Definition') },
]);
table('bedrock-agents-optional', AGENT, agents, [{ verdict: 'violation', when: 'it is there', says: /30 July 2026/ }]);

const without = (policy: string) => (t: MutableTemplate) => t.drop(GUARDRAIL, policy);
const CONTENT = 'ContentPolicyConfig.FiltersConfig';
const GROUNDING = 'ContextualGroundingPolicyConfig.FiltersConfig';
const strong = { InputStrength: 'HIGH', OutputStrength: 'HIGH' };
table('bedrock-guardrail-policies', GUARDRAIL, rag, [
  { verdict: 'compliant', when: 'it covers all of it' },
  { verdict: 'violation', when: 'harmful content passes', change: without('ContentPolicyConfig'), says: /harmful/ },
  {
    verdict: 'violation',
    when: 'attacks on the prompt pass',
    change: (t) => t.set(GUARDRAIL, CONTENT, [{ Type: 'HATE', ...strong }]),
    says: /attacks/,
  },
  {
    verdict: 'violation',
    when: 'what is found is only noted',
    change: (t) =>
      t.set(GUARDRAIL, CONTENT, [
        { Type: 'HATE', ...strong, InputAction: 'NONE', OutputAction: 'NONE' },
        { Type: 'PROMPT_ATTACK', ...strong },
      ]),
    says: /harmful/,
  },
  { verdict: 'violation', when: 'names pass', change: without('SensitiveInformationPolicyConfig'), says: /personal/ },
  { verdict: 'violation', when: 'no topic is denied', change: without('TopicPolicyConfig'), says: /topic/ },
  {
    verdict: 'violation',
    when: 'a threshold is 0',
    change: (t) =>
      t.set(GUARDRAIL, GROUNDING, [
        { Type: 'GROUNDING', Threshold: 0 },
        { Type: 'RELEVANCE', Threshold: 0.5 },
      ]),
    says: /GROUNDING/,
  },
  { verdict: 'cannot-tell', when: 'a parameter says it', change: (t) => t.set(GUARDRAIL, CONTENT, PARAMETER) },
]);
