import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { arn, asking, condition, resource, subject, variables } from './rag-changes-fixture';
import { rag } from './rag-template-fixture';
import { PARAMETER, table } from './rule-table-fixture';

const POLICY = 'AWS::IAM::Policy';
const FUNCTION = 'AWS::Lambda::Function';

const NOVA = 'amazon.nova-lite-v1:0';
const profile = arn('inference-profile', `eu.${NOVA}`);
const model = (region: string) => arn('foundation-model', NOVA, region);
table('bedrock-inference-profile', POLICY, rag, [
  { verdict: 'compliant', when: 'the profile and its model in its regions may be asked', subject },
  {
    verdict: 'violation',
    when: 'the profile alone may',
    change: resource(profile),
    subject,
    says: /not its foundation/,
  },
  {
    verdict: 'violation',
    when: 'the model may in one of its regions',
    change: resource(profile, model('eu-west-1')),
    subject,
    says: /in one/,
  },
  {
    verdict: 'violation',
    when: 'the model may in its regions, and the profile not',
    change: resource(model('eu-west-1'), model('eu-north-1')),
    subject,
    says: /no inference profile/,
  },
  { verdict: 'violation', when: 'every model may', change: resource('*'), subject, says: /every model/ },
  {
    verdict: 'violation',
    when: 'every model of a maker may',
    change: resource(arn('foundation-model', 'amazon.*')),
    subject,
    says: /every foundation-model/,
  },
  {
    verdict: 'violation',
    when: 'it may everywhere',
    change: resource(profile, model('*')),
    subject,
    says: /every region/,
  },
  {
    verdict: 'compliant',
    when: 'it may everywhere, through the one profile',
    change: [resource(profile, model('*')), condition({ ArnEquals: { 'bedrock:InferenceProfileArn': profile } })],
    subject,
  },
  {
    verdict: 'violation',
    when: 'a global profile may not leave the region',
    change: resource(arn('inference-profile', `global.${NOVA}`), model('eu-west-1')),
    subject,
    says: /bedrock:::foundation-model/,
  },
  {
    verdict: 'compliant',
    when: 'a global profile may',
    change: resource(arn('inference-profile', `global.${NOVA}`), model('eu-west-1'), model('')),
    subject,
  },
  {
    verdict: 'violation',
    when: 'a model may that answers by a profile alone',
    change: resource(arn('foundation-model', 'amazon.nova-2-lite-v1:0')),
    subject,
    says: /no inference profile/,
  },
  { verdict: 'compliant', when: 'a model of one region may', change: resource(model('eu-west-1')), subject },
  {
    verdict: 'violation',
    when: 'a profile of the app may, and its model not',
    change: [
      (t) =>
        t.add('Mine', 'AWS::Bedrock::ApplicationInferenceProfile', { ModelSource: { CopyFrom: model('eu-west-1') } }),
      resource({ 'Fn::GetAtt': ['Mine', 'InferenceProfileArn'] }),
    ],
    subject,
    says: /not its foundation/,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter may name its model',
    change: resource(profile, PARAMETER),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter names the model', change: resource(PARAMETER), subject },
  { verdict: 'not-applicable', when: 'it asks nothing', subject: 'Sync' },
]);

table('bedrock-inference-profile', FUNCTION, rag, [
  { verdict: 'compliant', when: 'its role may ask the profile that it names', subject },
  {
    verdict: 'violation',
    when: 'its role may ask another',
    change: variables({ MODEL_ID: 'eu.amazon.nova-pro-v1:0' }),
    subject,
    says: /MODEL_ID is eu.amazon.nova-pro/,
  },
  {
    verdict: 'violation',
    when: 'its model answers by a profile alone, and it names the model',
    change: variables({ MODEL_ID: 'amazon.nova-2-lite-v1:0' }),
    subject,
    says: /profile alone/,
  },
  { verdict: 'not-applicable', when: 'it names none', change: variables({ MODEL_ID: NOVA }), subject },
  {
    verdict: 'cannot-tell',
    when: 'its role is elsewhere',
    change: (t) => t.set(FUNCTION, 'Role', PARAMETER, subject),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter says what may be asked', change: resource(PARAMETER), subject },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says what else may be asked',
    change: resource(model('eu-west-1'), PARAMETER),
    subject,
  },
]);

const OLD = 'anthropic.claude-3-5-sonnet-20240620-v1:0';
table('bedrock-model-lifecycle', FUNCTION, rag, [
  { verdict: 'compliant', when: 'its model lives', subject },
  { verdict: 'violation', when: 'it has ended', change: variables({ MODEL_ID: OLD }), subject, says: /ended on 20/ },
  { verdict: 'violation', when: 'so has the one of a profile', change: variables({ ASK: `eu.${OLD}` }), subject },
  {
    verdict: 'violation',
    when: 'it hides in a configuration',
    change: variables({ CONFIG: JSON.stringify({ model: { id: OLD } }) }),
    subject,
  },
  {
    verdict: 'compliant',
    when: 'a parameter names one of those that it may ask, which live',
    change: variables({ MODEL_ID: PARAMETER }),
    subject,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter names it, and nobody knows which it may ask',
    change: [variables({ MODEL_ID: PARAMETER }), (t) => t.set(FUNCTION, 'Role', PARAMETER, subject)],
    subject,
  },
  {
    verdict: 'cannot-tell',
    when: 'a profile of elsewhere does, which is all that it may ask',
    change: [
      variables({ MODEL_ID: arn('application-inference-profile', 'abc') }),
      resource(arn('application-inference-profile', 'abc')),
    ],
    subject,
  },
  { verdict: 'not-applicable', when: 'it names none', subject: 'Sync' },
]);
table('bedrock-model-lifecycle', POLICY, rag, [
  { verdict: 'compliant', when: 'what may be asked lives', subject },
  {
    verdict: 'violation',
    when: 'it has ended',
    change: resource(arn('foundation-model', OLD)),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter names it', change: resource(PARAMETER), subject },
  {
    verdict: 'cannot-tell',
    when: 'a profile of elsewhere does',
    change: resource(arn('application-inference-profile', 'abc')),
    subject,
  },
  {
    verdict: 'compliant',
    when: 'it does, and its model beside it lives',
    change: resource(arn('application-inference-profile', 'abc'), model('eu-west-1')),
    subject,
  },
]);
const BASE = 'AWS::Bedrock::KnowledgeBase';
const EMBEDDING = 'KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn';
table('bedrock-model-lifecycle', BASE, rag, [
  { verdict: 'compliant', when: 'its vectors are made by a model that lives' },
  { verdict: 'violation', when: 'it has ended', change: (t) => t.set(BASE, EMBEDDING, arn('foundation-model', OLD)) },
  { verdict: 'cannot-tell', when: 'a parameter names it', change: (t) => t.set(BASE, EMBEDDING, PARAMETER) },
]);

table('bedrock-converse-config-model', FUNCTION, rag, [
  { verdict: 'compliant', when: 'a variable names the model', subject },
  { verdict: 'violation', when: 'the code does', change: variables({ TABLE: 'conversations' }), subject },
  { verdict: 'violation', when: 'the variable is empty', change: variables({ MODEL_ID: '' }), subject },
  { verdict: 'compliant', when: 'its ARN is under another name', change: variables({ ASK: profile }), subject },
  { verdict: 'compliant', when: 'its id is', change: variables({ ASK: `eu.${NOVA}` }), subject },
  { verdict: 'compliant', when: 'its name says so alone', change: variables({ MODEL: 'mine' }), subject },
  {
    verdict: 'compliant',
    when: 'a parameter does',
    change: [
      variables({ TABLE: 'conversations' }),
      (t) => {
        const { Statement } = t.properties(POLICY, subject)['PolicyDocument'] as { Statement: unknown[] };
        Statement.push({ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:::parameter/model' });
      },
    ],
    subject,
  },
  { verdict: 'cannot-tell', when: 'nobody knows what it may ask', change: resource(PARAMETER), subject },
  { verdict: 'not-applicable', when: 'it asks no model', subject: 'Sync' },
]);

const dimension = (value: unknown) => (t: MutableTemplate) =>
  t.set('AWS::CloudWatch::Alarm', 'Dimensions', [{ Name: 'ModelId', Value: value }], 'ManyInput');
table('bedrock-token-budget', FUNCTION, rag, [
  { verdict: 'compliant', when: 'its tokens and its throttles are watched', subject },
  ...['InputTokenCount', 'OutputTokenCount', 'InvocationThrottles'].map((metric) => ({
    verdict: 'violation' as const,
    when: `${metric} is not`,
    change: (t: MutableTemplate) => t.removeAlarms(metric),
    subject,
    says: new RegExp(metric),
  })),
  { verdict: 'violation', when: "another model's are", change: dimension('amazon.nova-pro-v1:0'), subject },
  {
    verdict: 'compliant',
    when: "all models' are",
    change: (t) => t.drop('AWS::CloudWatch::Alarm', 'Dimensions', 'ManyInput'),
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter says whose are', change: dimension(PARAMETER), subject },
  {
    verdict: 'compliant',
    when: 'an expression watches them',
    change: (t) => {
      const alarm = t.properties('AWS::CloudWatch::Alarm', 'ManyInput');
      const { Namespace, MetricName, Dimensions } = alarm;
      for (const name of ['Namespace', 'MetricName', 'Dimensions']) delete alarm[name];
      const Metric = { Namespace, MetricName, Dimensions };
      alarm['Metrics'] = [
        { Id: 'sum', Expression: 'tokens + 1' },
        { Id: 'tokens', MetricStat: { Metric } },
      ];
    },
    subject,
  },
  { verdict: 'not-applicable', when: 'it asks no model', subject: 'Sync' },
]);

table('bedrock-no-provisioned-by-default', POLICY, rag, [
  { verdict: 'compliant', when: 'models are asked on demand', subject },
  {
    verdict: 'violation',
    when: 'provisioned capacity is',
    change: resource(arn('provisioned-model', 'abc')),
    subject,
    says: /by the hour/,
  },
  {
    verdict: 'violation',
    when: 'it may be bought',
    change: (t) => {
      asking(t).Action = 'bedrock:CreateProvisionedModelThroughput';
    },
    subject,
  },
  { verdict: 'cannot-tell', when: 'a parameter names the model', change: resource(PARAMETER), subject },
  { verdict: 'not-applicable', when: 'it asks nothing', subject: 'Sync' },
]);
