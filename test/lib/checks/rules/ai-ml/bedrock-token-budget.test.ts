import { bedrockTokenBudget } from '../../../../../lib/checks/rules/ai-ml/bedrock-token-budget';
import { allow, att, type Case, cases, type Literals, PARAMETER, role } from '../../literal-fixture';

const FN = 'AWS::Lambda::Function';
const NOVA = 'amazon.nova-lite-v1:0';
const asks = allow('bedrock:InvokeModel', `arn:aws:bedrock:eu-west-1::foundation-model/${NOVA}`);
const metrics = ['InputTokenCount', 'OutputTokenCount', 'InvocationThrottles'];
const watched = (model?: unknown, Name = 'ModelId', Namespace = 'AWS/Bedrock') =>
  Object.fromEntries(
    metrics.map((MetricName) => {
      const Dimensions = model === undefined ? undefined : [{ Name, Value: model }];
      return [
        MetricName,
        ['AWS::CloudWatch::Alarm', { Namespace, MetricName, ...(Dimensions && { Dimensions }) }] as const,
      ];
    }),
  );
const fn: Literals = {
  Fn: [FN, { Role: att('Role'), Environment: { Variables: { MODEL_ID: PARAMETER } } }],
  Role: role(asks),
};
const alarms = metrics.map((metric) => `no alarm on AWS/Bedrock ${metric} of the model that it asks`);

cases(bedrockTokenBudget, { ...fn, ...watched() }, [
  ['compliant', 'all models together are watched'],
  ...metrics.map((metric): Case => ['violation', `nothing watches ${metric}`, { [metric]: undefined }, ` ${metric} `]),
  ['compliant', 'the model that it asks is', watched(NOVA)],
  [
    'compliant',
    'an expression is',
    {
      InputTokenCount: [
        'AWS::CloudWatch::Alarm',
        { Metrics: [{ MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName: 'InputTokenCount' } } }] },
      ],
    },
  ],
  ['compliant', 'the model is watched by its ARN', watched(`arn:aws:bedrock:eu-west-1::foundation-model/${NOVA}`)],
  ['compliant', 'what its variable names is', watched(PARAMETER)],
  ['compliant', 'the dimension is another', watched('eu-west-1', 'Region')],
  ['violation', 'another model is watched', watched('amazon.nova-pro-v1:0'), alarms],
  ['violation', 'other metrics are', watched(NOVA, 'ModelId', 'Mine'), alarms],
  ['cannot-tell', 'the model of the alarm is known at deployment', watched({ Ref: 'Other' })],
  ['not-applicable', 'it may ask no model', { Role: role(allow('s3:GetObject')) }],
  ['not-applicable', 'its role is elsewhere', { 'Fn.Role': 'theirs' }],
]);
cases(bedrockTokenBudget, { Task: ['AWS::ECS::TaskDefinition', { TaskRoleArn: att('Role') }], Role: role(asks) }, [
  ['violation', 'nothing is watched', {}, alarms],
]);
