import { bedrockConverseConfigModel } from '../../../../../lib/checks/rules/ai-ml/bedrock-converse-config-model';
import { allow, att, type Case, cases, type Literals, PARAMETER, role } from '../../literal-fixture';

const FN = 'AWS::Lambda::Function';
const TASK = 'AWS::ECS::TaskDefinition';
const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
const asks = allow('bedrock:InvokeModel', MODEL);
const variable = (name: string, value: unknown) => ({ 'Fn.Environment.Variables': { [name]: value } });
const inCode = 'so the id is in its code';

const fn: Literals = { Fn: [FN, { Role: att('Role') }], Role: role(asks) };
cases(bedrockConverseConfigModel, fn, [
  ['violation', 'no variable and no parameter names a model', {}, inCode],
  ['violation', 'a variable names something else', variable('TABLE', 'table'), inCode],
  ['violation', 'a variable for a model is empty', variable('MODEL_ID', ''), inCode],
  ...['MODEL_ID', 'model', 'INFERENCE_PROFILE'].map(
    (name): Case => ['compliant', `${name} is set`, variable(name, 'any')],
  ),
  ['compliant', 'a parameter sets it', variable('MODEL_ID', PARAMETER)],
  ['compliant', 'a variable holds an ARN', variable('ASK', MODEL)],
  ['compliant', 'a variable holds the id that it may ask', variable('ASK', 'amazon.nova-lite-v1:0')],
  ['violation', 'a variable holds another id', variable('ASK', 'amazon.nova-pro-v1:0'), inCode],
  ...[
    'ssm:GetParameter',
    'ssm:GetParameters',
    'ssm:GetParametersByPath',
    'appconfig:GetLatestConfiguration',
    'ssm:Get*',
  ].map((action): Case => ['compliant', `it may ${action}`, { Role: role(asks, allow(action)) }]),
  ['violation', 'it may read objects', { Role: role(asks, allow('s3:GetObject')) }, inCode],
  ['not-applicable', 'it may ask no model', { Role: role(allow('s3:GetObject')) }],
  ['not-applicable', 'its role is elsewhere', { 'Fn.Role': 'arn:aws:iam::111111111111:role/theirs' }],
]);
cases(bedrockConverseConfigModel, { Task: [TASK, { TaskRoleArn: att('Role') }], Role: role(asks) }, [
  ['violation', 'no variable names a model', {}, inCode],
  [
    'compliant',
    'the second container has one',
    { 'Task.ContainerDefinitions': [{}, { Environment: [{ Name: 'MODEL_ID', Value: 'any' }] }] },
  ],
  ['not-applicable', 'its role may ask no model', { Role: role(allow('s3:GetObject')) }],
]);
