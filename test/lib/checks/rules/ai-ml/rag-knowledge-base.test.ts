import { ragKnowledgeBase } from '../../../../../lib/checks/rules/ai-ml/rag-knowledge-base';
import { allow, att, cases, type Literals, ref, role } from '../../literal-fixture';

const BEDROCK = { Service: 'bedrock.amazonaws.com' };
const trust = (Condition?: object, more: object = {}) => ({
  Statement: [{ Effect: 'Allow', Principal: BEDROCK, ...(Condition && { Condition }), ...more }],
});
const account = { StringEquals: { 'aws:SourceAccount': '111111111111' } };
const base: Literals = {
  Base: ['AWS::Bedrock::KnowledgeBase', { KnowledgeBaseConfiguration: { Type: 'VECTOR' }, RoleArn: att('Role') }],
  Role: ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust(account) }],
  Source: ['AWS::Bedrock::DataSource', { KnowledgeBaseId: ref('Base') }],
};
const anyone = 'Role trusts Bedrock whoever asks it; allowed: a condition on aws:SourceAccount or aws:SourceArn';
const trusts = (...args: Parameters<typeof trust>) => ({ 'Role.AssumeRolePolicyDocument': trust(...args) });

cases(ragKnowledgeBase, base, [
  ['compliant', 'it is fed, and works for its account'],
  ['compliant', 'AWS keeps what it takes in', { 'Base.KnowledgeBaseConfiguration.Type': 'MANAGED' }],
  ['not-applicable', 'it reads where things are', { 'Base.KnowledgeBaseConfiguration.Type': 'SQL', Source: undefined }],
  [
    'violation',
    'nothing feeds it',
    { Source: undefined },
    'no data source feeds it; allowed: an AWS::Bedrock::DataSource',
  ],
  ['violation', 'what feeds is another’s', { 'Source.KnowledgeBaseId': 'other' }, 'no data source feeds it'],
  ['violation', 'it works for anyone', trusts(), anyone],
  ['violation', 'its condition is another', trusts({ StringEquals: { 'aws:PrincipalOrgID': 'o' } }), anyone],
  [
    'violation',
    'one of two statements is for anyone',
    { 'Role.AssumeRolePolicyDocument': { Statement: [...trust(account).Statement, ...trust().Statement] } },
    anyone,
  ],
  ['compliant', 'it works for one base', trusts({ ArnLike: { 'AWS:SourceArn': 'arn' } })],
  ['compliant', 'Bedrock is kept out', trusts(undefined, { Effect: 'Deny' })],
  ['compliant', 'another service takes it on', trusts(undefined, { Principal: { Service: 'lambda.amazonaws.com' } })],
  ['compliant', 'nobody does', trusts(undefined, { Principal: undefined })],
  ['cannot-tell', 'its role is elsewhere', { 'Base.RoleArn': 'theirs' }],
]);

const feeds = (action: string, resource: unknown = att('Base', 'KnowledgeBaseArn')) => ({
  Feeder: role(allow(action, resource)),
});
const fed: Literals = {
  Source: ['AWS::Bedrock::DataSource', { KnowledgeBaseId: ref('Base') }],
  Base: ['AWS::Bedrock::KnowledgeBase', {}],
  ...feeds('bedrock:StartIngestionJob'),
  Fn: ['AWS::Lambda::Function', { Role: att('Feeder') }],
  Mapping: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Fn') }],
};
const noRole = 'no role may start its ingestion, so nothing is found; allowed: bedrock:StartIngestionJob';
const never = 'nothing starts its ingestion when documents change; allowed: events, or a schedule';
cases(ragKnowledgeBase, fed, [
  ['compliant', 'messages start it'],
  ['compliant', 'it takes documents one by one', feeds('bedrock:IngestKnowledgeBaseDocuments')],
  ['compliant', 'all bases may be fed', feeds('bedrock:StartIngestionJob', '*')],
  ['compliant', 'an action is named by a pattern', feeds('bedrock:StartIngestion*')],
  ['violation', 'another base may be fed', feeds('bedrock:StartIngestionJob', 'other'), noRole],
  ['violation', 'it may be looked at', feeds('bedrock:GetIngestionJob'), noRole],
  ['violation', 'nobody may', { Feeder: undefined }, noRole],
  ['violation', 'nothing starts it', { Mapping: undefined }, never],
  ['compliant', 'one function of two does', { Idle: ['AWS::Lambda::Function', { Role: att('Feeder') }] }],
  [
    'violation',
    'a function with another role does',
    { 'Fn.Role': 'theirs', Idle: ['AWS::Lambda::Function', { Role: att('Feeder') }] },
    never,
  ],
  [
    'violation',
    'a machine with another role does',
    { Mapping: undefined, Machine: ['AWS::StepFunctions::StateMachine', { RoleArn: 'theirs' }] },
    never,
  ],
  [
    'compliant',
    'a machine does, and no function',
    { Mapping: undefined, Machine: ['AWS::StepFunctions::StateMachine', { RoleArn: att('Feeder') }] },
  ],
  ['compliant', 'one base of two is fed', feeds('bedrock:StartIngestionJob', ['other', att('Base')] as never)],
  ['compliant', 'events do', { Mapping: undefined, Rule: ['AWS::Events::Rule', { Targets: [{ Arn: att('Fn') }] }] }],
  [
    'compliant',
    'an API does',
    { Mapping: undefined, Route: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') }] },
  ],
  ['cannot-tell', 'who may do it is elsewhere', { Fn: undefined, Mapping: undefined }],
  [
    'compliant',
    'a state machine does',
    { Fn: undefined, Mapping: undefined, Machine: ['AWS::StepFunctions::StateMachine', { RoleArn: att('Feeder') }] },
  ],
  [
    'compliant',
    'a schedule does',
    { Fn: undefined, Mapping: undefined, At: ['AWS::Scheduler::Schedule', { Target: { RoleArn: att('Feeder') } }] },
  ],
  [
    'compliant',
    'a policy of the role says so',
    {
      Feeder: role(),
      Policy: [
        'AWS::IAM::Policy',
        {
          Roles: [ref('Feeder')],
          PolicyDocument: { Statement: allow('bedrock:StartIngestionJob', att('Base', 'KnowledgeBaseArn')) },
        },
      ],
    },
  ],
  ['cannot-tell', 'the base is elsewhere', { 'Source.KnowledgeBaseId': 'theirs' }],
  ['cannot-tell', 'the base is something else', { Base: ['Custom::Base', {}] }],
]);
