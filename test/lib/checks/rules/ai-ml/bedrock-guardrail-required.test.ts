import { bedrockGuardrailRequired } from '../../../../../lib/checks/rules/ai-ml/bedrock-guardrail-required';
import { allow, att, type Case, cases, type Literals, PARAMETER, ref, role } from '../../literal-fixture';

const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
const EMBEDS = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0';
const GUARD = 'arn:aws:bedrock:eu-west-1:111111111111:guardrail/abc';
const KEY = 'bedrock:GuardrailIdentifier';
const INVOKE = 'bedrock:InvokeModel';
const asks = (Condition?: object, resource: unknown = MODEL) => allow(INVOKE, resource, Condition && { Condition });
const denies = (Condition: object, more: object = {}) => ({ ...asks(Condition), Effect: 'Deny', ...more });
const named = (operator: string, value: unknown = `${GUARD}:1`, key = KEY) => ({ [operator]: { [key]: value } });
const may = (...statements: object[]) => ({ Role: role(...statements) });
const bare = 'amazon.nova-lite-v1:0 may be asked without a guardrail';
const draft = 'amazon.nova-lite-v1:0 may be asked with a draft';

cases(bedrockGuardrailRequired, may(asks(named('StringEquals'))), [
  ...['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'].map(
    (operator): Case => ['compliant', `${operator} names it`, may(asks(named(operator)))],
  ),
  ...['StringNotEquals', 'StringNotLikeIfExists', 'ArnNotEquals', 'ArnNotLike'].flatMap((operator): Case[] => [
    ['compliant', `a deny names it by ${operator}`, may(asks(), denies(named(operator)))],
    ['violation', `an allow names another by ${operator}`, may(asks(named(operator))), bare],
  ]),
  ['violation', 'no condition names one', may(asks()), bare],
  ['violation', 'an operator does not hold without a key', may(asks(named('StringEqualsIfExists'))), bare],
  ['violation', 'another key is asked for', may(asks(named('StringEquals', 'a', 'aws:SourceAccount'))), bare],
  ['violation', 'every model may be asked', may(allow(INVOKE)), 'a model may be asked without a guardrail'],
  ['violation', 'streams may be asked for', may(allow('bedrock:InvokeModelWithResponseStream', MODEL)), bare],
  ...['1', '12', '?', '*'].map(
    (version): Case => [
      'compliant',
      `its version is ${version}`,
      may(asks(named('StringLike', `${GUARD}:${version}`))),
    ],
  ),
  ...[GUARD, `${GUARD}:DRAFT`, '*'].map(
    (value): Case => ['violation', `it is ${value}`, may(asks(named('StringLike', value))), draft],
  ),
  ['violation', 'one of several is a draft', may(asks(named('StringEquals', [`${GUARD}:1`, GUARD]))), draft],
  ['cannot-tell', 'a parameter is it', may(asks(named('StringEquals', PARAMETER)))],
  [
    'violation',
    'the deny is for another action',
    may(asks(), denies(named('StringNotEquals'), { Action: 's3:GetObject' })),
    bare,
  ],
  [
    'violation',
    'the deny is for another model',
    may(asks(), denies(named('StringNotEquals'), { Resource: EMBEDS })),
    bare,
  ],
  [
    'compliant',
    'the deny is for all',
    may(asks(), denies(named('StringNotEquals'), { Action: 'bedrock:*', Resource: '*' })),
  ],
  [
    'violation',
    'the deny leaves streams out',
    may(allow([INVOKE, 'bedrock:InvokeModelWithResponseStream'], MODEL), denies(named('StringNotEquals'))),
    bare,
  ],
  [
    'violation',
    'an allow stands beside, no deny',
    may(asks(), allow(INVOKE, MODEL, { Condition: named('StringNotEquals') })),
    bare,
  ],
  ['not-applicable', 'it asks for numbers alone', may(asks(undefined, EMBEDS))],
  ['compliant', 'it asks for numbers with one', may(asks(named('StringEquals'), EMBEDS))],
  ['violation', 'it asks for both', may(asks(undefined, EMBEDS), asks()), bare],
  [
    'compliant',
    'it asks for both, and the deny is for one',
    may(asks(), asks(undefined, EMBEDS), denies(named('StringNotEquals'))),
  ],
  ['compliant', 'one of two for numbers has one', may(asks(named('StringEquals'), EMBEDS), asks(undefined, EMBEDS))],
  [
    'compliant',
    'the deny is for more',
    may(asks(), denies(named('StringNotEquals'), { Action: [INVOKE, 'a:B'], Resource: ['c', MODEL] })),
  ],
  ['not-applicable', 'it may do something else', may(allow('s3:GetObject'))],
  ['cannot-tell', 'a parameter is the model', may(asks(undefined, PARAMETER))],
  [
    'compliant',
    'the account puts one before all',
    { ...may(asks()), All: ['AWS::Bedrock::EnforcedGuardrailConfiguration', {}] },
  ],
  ...['ModelEnforcement', 'SelectiveContentGuarding'].map(
    (name): Case => [
      'violation',
      `${name} narrows that down`,
      { ...may(asks()), All: ['AWS::Bedrock::EnforcedGuardrailConfiguration', { [name]: {} }] },
      bare,
    ],
  ),
  [
    'not-applicable',
    'it is Bedrock’s own role',
    {
      ...may(asks()),
      'Role.AssumeRolePolicyDocument': { Statement: [{ Principal: { Service: 'bedrock.amazonaws.com' } }] },
    },
  ],
]);

const policy = (statement: object): Literals => ({
  Policy: ['AWS::IAM::Policy', { Roles: [ref('Role')], PolicyDocument: { Statement: [statement] } }],
  Role: role(),
});
cases(bedrockGuardrailRequired, policy(asks()), [
  ['violation', 'nothing stands beside it', {}, bare],
  ['compliant', 'its role denies what has no guardrail', { Role: role(denies(named('StringNotEquals'))) }],
]);
cases(bedrockGuardrailRequired, { Policy: ['AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: asks() } }] }, [
  ['violation', 'no role has it yet', {}, bare],
]);

const VERSION = 'AWS::Bedrock::GuardrailVersion';
const guards: Literals = {
  Guard: ['AWS::Bedrock::Guardrail', {}],
  Version: [VERSION, { GuardrailIdentifier: att('Guard', 'GuardrailId') }],
};
cases(bedrockGuardrailRequired, guards, [
  ['compliant', 'it has a version'],
  ['violation', 'it has none', { Version: undefined }, 'it has no version'],
  ['violation', 'another has one', { 'Version.GuardrailIdentifier': 'other' }, 'it has no version'],
]);

const variable = (value: unknown, name = 'GUARDRAIL_VERSION') => ({ 'Fn.Environment.Variables': { [name]: value } });
cases(bedrockGuardrailRequired, { Fn: ['AWS::Lambda::Function', {}], ...guards }, [
  ['not-applicable', 'no variable is a version'],
  ['compliant', 'it is a number', variable('3')],
  ['compliant', 'it is that of a version', variable(att('Version', 'Version'))],
  ['violation', 'it is the draft', variable('DRAFT'), 'GUARDRAIL_VERSION is DRAFT; allowed: a numbered version'],
  ['violation', 'it is that of the guardrail', variable(att('Guard', 'Version')), 'GUARDRAIL_VERSION is'],
  ['violation', 'its name is in small letters', variable('DRAFT', 'guardrailVersion'), 'guardrailVersion is DRAFT'],
  ['not-applicable', 'another variable is a draft', variable('DRAFT', 'GUARDRAIL')],
  ['cannot-tell', 'a parameter is it', variable(PARAMETER)],
]);
cases(bedrockGuardrailRequired, { Task: ['AWS::ECS::TaskDefinition', {}] }, [
  [
    'violation',
    'it has the draft',
    { 'Task.ContainerDefinitions': [{ Environment: [{ Name: 'GUARDRAIL_VERSION', Value: 'DRAFT' }] }] },
    'DRAFT',
  ],
]);

const AGENT = 'Agent.GuardrailConfiguration.GuardrailVersion';
cases(
  bedrockGuardrailRequired,
  { Agent: ['AWS::Bedrock::Agent', { GuardrailConfiguration: { GuardrailVersion: '1' } }] },
  [
    ['compliant', 'it has a numbered guardrail'],
    ['violation', 'it has a draft', { [AGENT]: 'DRAFT' }, 'without a numbered guardrail'],
    ['violation', 'it has none', { [AGENT]: undefined }, 'without a numbered guardrail'],
  ],
);

const node = (kind: string, more: object) => ({ Name: 'Ask', Configuration: { [kind]: more } });
const nodes = (...Nodes: object[]) => ({ 'Flow.Definition': { Nodes } });
const guarded = { GuardrailConfiguration: { GuardrailVersion: '1' } };
const says = 'the node Ask asks its model without a numbered guardrail';
cases(
  bedrockGuardrailRequired,
  { Flow: ['AWS::Bedrock::Flow', { Definition: { Nodes: [node('Prompt', guarded)] } }] },
  [
    ['compliant', 'its prompt has one'],
    ['violation', 'its prompt has none', nodes(node('Prompt', {})), says],
    [
      'violation',
      'its prompt has a draft',
      nodes(node('Prompt', { GuardrailConfiguration: { GuardrailVersion: 'DRAFT' } })),
      says,
    ],
    ['violation', 'one of two has none', nodes(node('Prompt', guarded), node('Prompt', {})), says],
    [
      'violation',
      'a knowledge base writes',
      nodes(node('KnowledgeBase', { KnowledgeBaseId: 'a', ModelId: 'b' })),
      says,
    ],
    ['not-applicable', 'a knowledge base retrieves', nodes(node('KnowledgeBase', { KnowledgeBaseId: 'a' }))],
    ['not-applicable', 'nothing asks', nodes({ Name: 'Input' })],
    ['cannot-tell', 'it is defined elsewhere', { 'Flow.Definition': undefined }],
  ],
);
cases(bedrockGuardrailRequired, policy(asks()), [
  [
    'violation',
    'one of two roles is Bedrock’s own',
    {
      'Policy.Roles': [ref('Role'), ref('Own')],
      Own: [
        'AWS::IAM::Role',
        { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'bedrock.amazonaws.com' } }] } },
      ],
    },
    bare,
  ],
]);
