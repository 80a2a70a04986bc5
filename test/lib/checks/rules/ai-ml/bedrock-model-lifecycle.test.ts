import { bedrockModelLifecycle } from '../../../../../lib/checks/rules/ai-ml/bedrock-model-lifecycle';
import { ENDED_MODELS } from '../../../../../lib/facts/model-lifecycle';
import { allow, att, type Case, cases, join, type Literals, PARAMETER, ref, role } from '../../literal-fixture';

const OLD = 'anthropic.claude-3-haiku-20240307-v1:0';
const NEW = 'amazon.nova-2-lite-v1:0';
const says = `${OLD} ended on 2026-09-10; allowed: `;
const arn = (id: string) => `arn:aws:bedrock:eu-west-1::foundation-model/${id}`;
const APPLICATION = 'arn:aws:bedrock:eu-west-1:111111111111:application-inference-profile/abc';
const mine = (CopyFrom: unknown) =>
  ['AWS::Bedrock::ApplicationInferenceProfile', { ModelSource: { CopyFrom } }] as const;

for (const type of [
  'AWS::Bedrock::Agent',
  'AWS::Bedrock::ApplicationInferenceProfile',
  'AWS::Bedrock::DataSource',
  'AWS::Bedrock::Flow',
  'AWS::Bedrock::IntelligentPromptRouter',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Prompt',
  'AWS::SSM::Parameter',
  'AWS::StepFunctions::StateMachine',
]) {
  cases(bedrockModelLifecycle, { It: [type, { A: { B: [{ C: NEW }] } }] }, [
    ['compliant', 'it names a model that runs'],
    ['violation', 'it names one that ended', { 'It.A.B.0.C': OLD }, says],
    ['not-applicable', 'it names none', { 'It.A': 'nothing' }],
  ]);
}

const named = (value: unknown, property = 'Value') => ({ It: ['AWS::SSM::Parameter', { [property]: value }] });
cases(bedrockModelLifecycle, { It: ['AWS::SSM::Parameter', {}] }, [
  ['violation', 'an ARN ends so', named(arn(OLD)), says],
  ['violation', 'a profile is of it', named(`eu.${OLD}`), `eu.${OLD} ended on`],
  ['violation', 'it stands in a text', named(`{"model": "${OLD}", "tokens": 5}`), says],
  ['violation', 'it is named twice', named([OLD, OLD]), says],
  ['violation', 'two are named', named([OLD, 'meta.llama2-13b-chat-v1']), [says, 'meta.llama2-13b-chat-v1 ended']],
  [
    'violation',
    'the rest of it is a parameter’s',
    named(join(`arn:aws:bedrock:`, PARAMETER, `::foundation-model/${OLD}`)),
    says,
  ],
  ['not-applicable', 'it only begins so', named(`x${OLD.replace('anthropic', 'nobody')}`)],
  ...['FoundationModel', 'CopyFrom', 'ModelArn', 'EmbeddingModelArn', 'ModelId'].map(
    (property): Case => ['cannot-tell', `${property} is a parameter's`, named(PARAMETER, property)],
  ),
  ['not-applicable', 'another property is', named(PARAMETER, 'ModelName')],
  [
    'not-applicable',
    'one with a longer name is',
    { It: ['AWS::SSM::Parameter', { MyModelId: PARAMETER, ModelIds: PARAMETER }] },
  ],
  [
    'cannot-tell',
    'the end of it is',
    named(join('arn:aws:bedrock:eu-west-1::foundation-model/', PARAMETER), 'ModelId'),
  ],
  ['compliant', 'the beginning of it is', named(join(PARAMETER, '/nobody.model'), 'ModelId')],
  ['not-applicable', 'nothing is', named(null)],
  ['compliant', 'the model is not known to have ended', named('nobody.model', 'ModelId')],
  ['cannot-tell', 'a profile of elsewhere is named', named(APPLICATION, 'ModelArn')],
  ['compliant', 'one of this template is', { ...named(ref('Mine'), 'ModelArn'), Mine: mine(arn(NEW)) }],
  [
    'compliant',
    'a parameter of this template is',
    { ...named(ref('Other'), 'ModelId'), Other: ['AWS::SSM::Parameter', {}] },
  ],
]);

const asks = (...Resource: unknown[]) => role(allow('bedrock:InvokeModel', Resource));
cases(bedrockModelLifecycle, { Role: asks(arn(NEW)) }, [
  ['compliant', 'it may ask what runs'],
  ['violation', 'it may ask what ended', { Role: asks(arn(OLD)) }, says],
  ['not-applicable', 'it may ask all', { Role: asks('*') }],
  ['not-applicable', 'it may ask nothing', { Role: role(allow('s3:GetObject')) }],
  ['cannot-tell', 'a parameter is it', { Role: asks(PARAMETER) }],
  ['cannot-tell', 'a parameter is one', { Role: asks(arn(NEW), PARAMETER) }],
  ['cannot-tell', 'it is a profile of elsewhere', { Role: asks(APPLICATION) }],
  ['compliant', 'the models of one are named', { Role: asks(APPLICATION, arn(NEW)) }],
]);

const variable = (value: unknown, name: string) => ({ 'Fn.Environment.Variables': { [name]: value } });
const fn: Literals = { Fn: ['AWS::Lambda::Function', { Role: att('Role') }], Role: role() };
cases(bedrockModelLifecycle, fn, [
  ['not-applicable', 'it has no variable'],
  ['violation', 'one is a model that ended', variable(OLD, 'ANY'), says],
  ...['MODEL', 'MODEL_ID', 'model_arn', 'CHAT_MODEL_ID', 'INFERENCE_PROFILE', 'INFERENCE_PROFILE_ARN'].map(
    (name): Case => ['cannot-tell', `${name} is a parameter's`, variable(PARAMETER, name)],
  ),
  ...['REMODEL', 'MODEL_NAME', 'TABLE'].map(
    (name): Case => ['not-applicable', `${name} is`, variable(PARAMETER, name)],
  ),
  ['compliant', 'its role may ask what runs', { ...variable(PARAMETER, 'MODEL'), Role: asks(arn(NEW)) }],
  ['cannot-tell', 'its role is elsewhere', { ...variable(PARAMETER, 'MODEL'), 'Fn.Role': 'theirs' }],
]);
cases(bedrockModelLifecycle, { Task: ['AWS::ECS::TaskDefinition', { TaskRoleArn: att('Role') }], Role: role() }, [
  [
    'violation',
    'its container has one that ended',
    { 'Task.ContainerDefinitions': [{ Environment: [{ Name: 'A', Value: OLD }] }] },
    says,
  ],
]);

cases(bedrockModelLifecycle, { It: ['AWS::SSM::Parameter', {}] }, [
  ...[
    'anthropic.claude-v2:1',
    'anthropic.claude-v1',
    'anthropic.claude-instant-v1',
    'anthropic.claude-3-opus-20240229-v1:0',
    'anthropic.claude-3-5-haiku-20241022-v1:0',
    'anthropic.claude-3-sonnet-20240229-v1:0',
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'anthropic.claude-3-7-sonnet-20250219-v1:0',
    'anthropic.claude-opus-4-20250514-v1:0',
    'anthropic.claude-sonnet-4-20250514-v1:0',
    'amazon.titan-text-lite-v1',
    'amazon.titan-tg1-large',
    'amazon.titan-image-generator-v2:0',
    'amazon.nova-premier-v1:0',
    'amazon.nova-sonic-v1:0',
    'amazon.nova-canvas-v1:0',
    'amazon.nova-reel-v1:1',
    'cohere.command-text-v14',
    'cohere.command-light-text-v14',
    'cohere.command-r-plus-v1:0',
    'meta.llama2-70b-chat-v1',
    'meta.llama3-1-405b-instruct-v1:0',
    'meta.llama3-2-90b-instruct-v1:0',
    'ai21.j2-ultra-v1',
    'ai21.jamba-instruct-v1:0',
    'stability.stable-diffusion-xl-v1',
  ].map((id): Case => {
    const ended = ENDED_MODELS.find(({ pattern }) => pattern.test(id))?.ended ?? 'never';
    return ['violation', id, named(id), `${id} ended on ${ended}`];
  }),
  ...[
    'anthropic.claude-opus-4-1-20250805-v1:0',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'anthropic.claude-haiku-4-5-20251001-v1:0',
    'amazon.titan-embed-text-v2:0',
    'amazon.nova-pro-v1:0',
    'cohere.embed-v4:0',
    'cohere.rerank-v3-5:0',
    'meta.llama3-1-70b-instruct-v1:0',
    'meta.llama4-scout-17b-instruct-v1:0',
    'ai21.jamba-1-5-large-v1:0',
    'stability.sd3-5-large-v1:0',
    'deepseek.r1-v1:0',
    'google.gemma-3-27b-it',
    'luma.ray-v2:0',
    'minimax.minimax-m2',
    'mistral.mistral-large-2402-v1:0',
    'moonshot.kimi-k2-thinking',
    'nvidia.nemotron-nano-9b-v2',
    'openai.gpt-oss-120b-1:0',
    'qwen.qwen3-32b-v1:0',
    'twelvelabs.pegasus-1-2-v1:0',
    'writer.palmyra-x5-v1:0',
  ].map((id): Case => ['compliant', id, named(id)]),
]);
