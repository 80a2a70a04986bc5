import { iamNoWildcards } from '../../../../../lib/checks/rules/iam/iam-no-wildcards';
import { allow, type Case, cases, type Literals, PARAMETER, role } from '../../literal-fixture';

const ARN = 'arn:aws:s3:::mine/*';
const may = (action: unknown, resource: unknown = ARN, more: object = {}) => ({
  Role: role(allow(action, resource, more)),
});
const everywhere = (actions: string) => `${actions} on every resource`;

cases(iamNoWildcards, may('s3:GetObject'), [
  ['compliant', 'it may do one thing with one'],
  ['compliant', 'a pattern of an action is narrower', may('s3:Get*')],
  ['violation', 'it may do all', may('*'), 'the action * is allowed'],
  ['violation', 'it may do all with a service', may('s3:*'), 'the action s3:* is allowed'],
  ['violation', 'it may do all with two', may(['s3:GetObject', 's3:*', 'sqs:*']), ['action s3:*', 'action sqs:*']],
  ['violation', 'it may do one thing with all', may('s3:GetObject', '*'), everywhere('s3:GetObject')],
  ['violation', 'all is one of its resources', may('s3:GetObject', [ARN, '*']), everywhere('s3:GetObject')],
  ['compliant', 'a condition narrows that down', may('s3:GetObject', '*', { Condition: {} })],
  ['violation', 'a condition does not narrow all actions', may('s3:*', '*', { Condition: {} }), 'the action s3:*'],
  ['violation', 'both are all', may('*', '*'), ['the action *', everywhere('*')]],
  [
    'violation',
    'it may do all but one thing',
    { Role: role({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }) },
    'NotAction allows all',
  ],
  [
    'violation',
    'it may do it to all but one',
    { Role: role({ Effect: 'Allow', Action: 's3:GetObject', NotResource: ARN }) },
    'NotResource allows all',
  ],
  [
    'compliant',
    'it may not do all',
    { Role: role({ ...allow('*'), Effect: 'Deny' }, { Effect: 'Deny', NotAction: 'a', Resource: '*' }) },
  ],
  ['not-applicable', 'it has no policy', { Role: ['AWS::IAM::Role', {}] }],
  ['cannot-tell', 'a parameter is its policies', { 'Role.Policies': PARAMETER }],
  ...[
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
    'cloudwatch:PutMetricData',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeManagedPrefixLists',
    'ec2:DescribeSubnets',
    'ecr:GetAuthorizationToken',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:UnassignPrivateIpAddresses',
    'bedrock:DeleteModelInvocationLoggingConfiguration',
    'bedrock:GetModelInvocationLoggingConfiguration',
    'bedrock:PutModelInvocationLoggingConfiguration',
    'bedrock:ListFoundationModels',
    'bedrock:ListInferenceProfiles',
  ].flatMap((action): Case[] => [
    ['compliant', `${action} has no resource`, may(action, '*')],
    ['violation', `another beside ${action} has`, may([action, 's3:GetObject'], '*'), everywhere('s3:GetObject')],
  ]),
]);

for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']) {
  cases(iamNoWildcards, { Policy: [type, { PolicyDocument: { Statement: allow('s3:GetObject', ARN) } }] }, [
    ['compliant', 'it allows one thing'],
    [
      'violation',
      'it allows all with a service',
      { 'Policy.PolicyDocument.Statement': allow('s3:*', ARN) },
      'the action s3:*',
    ],
  ]);
}

const invalidates = {
  PolicyDocument: { Statement: allow(['cloudfront:GetInvalidation', 'cloudfront:CreateInvalidation']) },
};
const named = (id: string, more: object = {}): Literals => ({
  [id]: ['AWS::IAM::Policy', { ...invalidates, ...more }],
});
cases(iamNoWildcards, named('CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C'), [
  ['compliant', 'CDK’s own function asks for distributions anew'],
]);
cases(
  iamNoWildcards,
  { Policy: ['AWS::IAM::Policy', invalidates, { 'aws:cdk:path': 'Site/Custom::CDKBucketDeployment8693/Policy' }] },
  [
    ['compliant', 'its path says so'],
    [
      'violation',
      'it may do more',
      { 'Policy.PolicyDocument.Statement.Action': ['cloudfront:GetInvalidation', 's3:GetObject'] },
      everywhere('s3:GetObject'),
    ],
  ],
);
cases(iamNoWildcards, named('Mine'), [
  ['violation', 'another function does', {}, everywhere('cloudfront:GetInvalidation, cloudfront:CreateInvalidation')],
]);

const data = (...Rules: object[]): Literals => ({
  Data: ['AWS::OpenSearchServerless::AccessPolicy', { Policy: JSON.stringify([{ Rules }]) }],
});
cases(iamNoWildcards, data({ Permission: ['aoss:ReadDocument'], Resource: ['index/docs/*'] }), [
  ['compliant', 'it is about one collection'],
  [
    'violation',
    'all is permitted',
    data({ Permission: 'aoss:*', Resource: 'index/docs/*' }),
    'the permission aoss:* is given',
  ],
  ...['index/*', 'collection/*', 'index/*/docs'].map(
    (resource): Case => [
      'violation',
      resource,
      data({ Resource: [resource] }),
      `${resource} is every collection of the account`,
    ],
  ),
  ['compliant', 'a name only holds it', data({ Resource: ['my-index/*', 'index/d*'] })],
  ['violation', 'one of two is wide', data({ Resource: 'index/a/*' }, { Resource: 'index/*' }), 'index/* is every'],
  ['cannot-tell', 'a parameter is it', { 'Data.Policy': PARAMETER }],
]);
