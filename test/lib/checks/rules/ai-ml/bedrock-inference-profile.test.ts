import { bedrockInferenceProfile } from '../../../../../lib/checks/rules/ai-ml/bedrock-inference-profile';
import { allow, att, cases, type Literals, PARAMETER, ref, role } from '../../literal-fixture';

const NOVA = 'amazon.nova-2-lite-v1:0';
const LITE = 'amazon.nova-lite-v1:0';
const model = (region: string, id = LITE) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const profile = (id: string, region = 'eu-west-1') => `arn:aws:bedrock:${region}:111111111111:inference-profile/${id}`;
const may = (...Resource: unknown[]) => ({ Role: role(allow('bedrock:InvokeModel', Resource)) });
const narrowed = { Condition: { StringLike: { 'bedrock:InferenceProfileArn': profile(`eu.${LITE}`) } } };
const wild = (...Resource: unknown[]) => ({ Role: role(allow('bedrock:InvokeModel', Resource, narrowed)) });
const EU = profile(`eu.${LITE}`);
const both = [model('eu-west-1'), model('eu-west-3')];

cases(bedrockInferenceProfile, may(EU, ...both), [
  ['compliant', 'profile and model are allowed'],
  ['compliant', 'a model is, that needs no profile', may(model('eu-west-1'))],
  ['not-applicable', 'nothing is', { Role: role(allow('s3:GetObject')) }],
  ['violation', 'every model is', may('*'), 'every model may be asked; allowed: ARNs'],
  ['compliant', 'every model is, by one profile', wild('*')],
  [
    'violation',
    'every profile is',
    may(profile('eu.*'), ...both),
    ['every inference-profile of eu.* may be asked', 'not its foundation model'],
  ],
  [
    'violation',
    'a character is left open',
    may(model('eu-west-1', 'amazon.nova-lite-v?:0')),
    'every foundation-model of',
  ],
  ['violation', 'every region is', may(EU, model('*')), 'amazon.nova-lite-v1:0 may be asked in every region'],
  ['compliant', 'every region is, by one profile', wild(EU, model('*'))],
  ['violation', 'the model is not', may(EU), `eu.${LITE} may be asked, but not its foundation model`],
  [
    'violation',
    'another model is',
    may(EU, model('eu-west-1', 'amazon.nova-pro-v1:0')),
    'but not its foundation model',
  ],
  ['violation', 'the model is in one region', may(EU, model('eu-west-1')), `eu.${LITE} goes to several regions`],
  ['violation', 'the model is in one region twice', may(EU, model('eu-west-1'), model('eu-west-1')), 'several regions'],
  ['cannot-tell', 'a parameter is the model', may(EU, PARAMETER)],
  ['violation', 'two regions, and no profile', may(...both), 'but no inference profile, which the call requires'],
  ['violation', 'two regions, and all', may(...both, '*'), ['every model may be asked', 'but no inference profile']],
  [
    'violation',
    'the model takes none but profiles',
    may(model('eu-west-1', NOVA)),
    `${NOVA} may be asked, but no inference profile`,
  ],
  ['cannot-tell', 'a parameter may be the profile', may(...both, PARAMETER)],
  ['violation', 'every model is, and profiles', may(EU, '*'), 'every model'],
]);

const GLOBAL = profile(`global.${NOVA}`);
cases(bedrockInferenceProfile, may(GLOBAL, model('', NOVA), model('eu-west-1', NOVA)), [
  ['compliant', 'it goes anywhere, and the model has no region'],
  ['compliant', 'the model is allowed in all', may(GLOBAL, model('*', NOVA))],
  [
    'violation',
    'the model is allowed in two',
    may(GLOBAL, model('eu-west-1', NOVA), model('eu-west-3', NOVA)),
    `global.${NOVA} goes anywhere, and its model is allowed in 2 region(s)`,
  ],
  [
    'violation',
    'the profile is in every region',
    may(profile(`global.${NOVA}`, '*'), model('', NOVA)),
    'in every region',
  ],
]);

const APPLICATION = 'arn:aws:bedrock:eu-west-1:111111111111:application-inference-profile/abc';
const copy = (CopyFrom: unknown) =>
  ['AWS::Bedrock::ApplicationInferenceProfile', { ModelSource: { CopyFrom } }] as const;
cases(bedrockInferenceProfile, { ...may(att('Mine', 'InferenceProfileArn'), ...both), Mine: copy(EU) }, [
  ['compliant', 'it is an application’s own, of a profile'],
  [
    'violation',
    'its model is not allowed',
    may(att('Mine', 'InferenceProfileArn')),
    `eu.${LITE} may be asked, but not its`,
  ],
  ['violation', 'its model is in one region', may(ref('Mine'), model('eu-west-1')), 'goes to several regions'],
  ['compliant', 'it copies a model', { Mine: copy(model('eu-west-1')), ...may(ref('Mine'), model('eu-west-1')) }],
  ['compliant', 'one of elsewhere may be of any model', may(APPLICATION, model('eu-west-1', 'any.model-v1'))],
  ['violation', 'one of elsewhere has none', may(APPLICATION), 'abc may be asked, but not its foundation model'],
]);

const variable = (value: unknown, name = 'MODEL_ID') => ({ 'Fn.Environment.Variables': { [name]: value } });
const fn: Literals = { Fn: ['AWS::Lambda::Function', { Role: att('Role') }], ...may(EU, ...both) };
const refused = 'which its role may not ask; allowed: bedrock:InvokeModel* on the profile and on its model';
cases(bedrockInferenceProfile, fn, [
  ['not-applicable', 'no variable is a profile'],
  ['not-applicable', 'one is a model', variable(LITE)],
  ['not-applicable', 'one is the ARN of one', variable(model('eu-west-1'))],
  [
    'cannot-tell',
    'a parameter is one of two that it may ask',
    { ...variable(`eu.${LITE}`), ...may(PARAMETER, profile('us.a.b')) },
  ],
  ['compliant', 'one is the profile that it may ask', variable(`eu.${LITE}`)],
  ['compliant', 'one is its ARN', variable(EU)],
  ['violation', 'one is another', variable(`eu.${NOVA}`), `MODEL_ID is eu.${NOVA}, ${refused}`],
  [
    'violation',
    'one is a model that takes none but profiles',
    variable(NOVA),
    'which answers by an inference profile alone',
  ],
  ['violation', 'one is its ARN', variable(model('eu-west-1', NOVA)), 'answers by an inference profile alone'],
  ['compliant', 'it may ask all', { ...variable(`eu.${NOVA}`), ...may('*') }],
  ['violation', 'it may ask models alone', { ...variable(`eu.${LITE}`), ...may(...both) }, refused],
  ['cannot-tell', 'a parameter is what it may ask', { ...variable(`eu.${LITE}`), ...may(PARAMETER) }],
  ['cannot-tell', 'its role is elsewhere', { ...variable(`eu.${LITE}`), 'Fn.Role': 'theirs' }],
  ['not-applicable', 'a parameter is the profile', variable(PARAMETER)],
]);
cases(
  bedrockInferenceProfile,
  { Task: ['AWS::ECS::TaskDefinition', { TaskRoleArn: att('Role') }], ...may(EU, ...both) },
  [
    [
      'violation',
      'its role may not ask it',
      { 'Task.ContainerDefinitions': [{ Environment: [{ Name: 'MODEL', Value: `us.${LITE}` }] }] },
      refused,
    ],
  ],
);
