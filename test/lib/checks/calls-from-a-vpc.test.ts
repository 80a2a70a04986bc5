import { describe, expect, it } from 'vitest';
import { unreachableFrom } from '../../../lib/checks/calls-from-a-vpc';
import { CannotTell } from '../../../lib/template/template-resource';
import { allow, att, type Change, changed, inventoryOf, type Literals, ref, resourceIn, role } from './literal-fixture';
import { vpc } from './vpc-fixture';

const shut: Literals = {
  Fn: ['AWS::Lambda::Function', { Role: att('Role'), VpcConfig: { SubnetIds: [ref('PrivateA')] } }],
  Role: role(),
  Queue: ['AWS::SQS::Queue', {}],
  ...changed(vpc, { OutA: undefined }),
};
const unreachable = (change: Change) => {
  const inventory = inventoryOf(changed(shut, change));
  return unreachableFrom(resourceIn(inventory, 'Fn'), inventory);
};
const may = (action: unknown, resource: unknown = '*') => ({ Role: role(allow(action, resource)) });
const endpoint = (service: string) => ({
  Endpoint: [
    'AWS::EC2::VPCEndpoint',
    { VpcId: ref('Vpc'), ServiceName: `com.amazonaws.eu-west-1.${service}` },
  ] as const,
});

describe('what a function in a VPC may call', () => {
  it.each([
    ['athena:StartQueryExecution', 'athena'],
    ['bedrock:InvokeModel', 'bedrock-runtime'],
    ['cognito-idp:GetUser', 'cognito-idp'],
    ['dynamodb:GetItem', 'dynamodb'],
    ['events:PutEvents', 'events'],
    ['execute-api:Invoke', 'execute-api'],
    ['firehose:PutRecord', 'kinesis-firehose'],
    ['kinesis:PutRecord', 'kinesis-streams'],
    ['lambda:InvokeFunction', 'lambda'],
    ['rds-data:ExecuteStatement', 'rds-data'],
    ['s3:GetObject', 's3'],
    ['scheduler:CreateSchedule', 'scheduler'],
    ['secretsmanager:GetSecretValue', 'secretsmanager'],
    ['ses:SendEmail', 'email'],
    ['sns:Publish', 'sns'],
    ['sqs:SendMessage', 'sqs'],
    ['ssm:GetParameter', 'ssm'],
    ['states:StartExecution', 'states'],
    ['sts:AssumeRole', 'sts'],
  ])('by %s is reached at %s', (action, service) => {
    expect(unreachable(may(action))).toEqual([service]);
    expect(unreachable({ ...may(action), ...endpoint(service) })).toEqual([]);
  });

  it.each([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueUrl',
    'sqs:GetQueueAttributes',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    'kinesis:DescribeStreamConsumer',
    'dynamodb:GetRecords',
    'dynamodb:ListStreams',
  ])('by %s is called by Lambda', (action) => {
    expect(unreachable(may(action))).toEqual([]);
    expect(unreachable(may(`${action}Batch:x`))).toHaveLength(1);
  });

  it('is each service once, and none that has no endpoint here', () => {
    expect(
      unreachable(may(['sqs:SendMessage', 'sqs:PurgeQueue', 'sns:Publish', 'xray:PutTraceSegments', 'a'])),
    ).toEqual(['sqs', 'sns']);
    expect(unreachable({ Role: role({ ...allow('sqs:SendMessage'), Effect: 'Deny' }) })).toEqual([]);
    expect(unreachable({ ...may(['sqs:SendMessage', 'sns:Publish']), ...endpoint('sns') })).toEqual(['sqs']);
  });

  it('is reached by a NAT gateway, from each subnet', () => {
    const sends = may('sqs:SendMessage');
    const subnets = (...ids: string[]) => ({ ...sends, 'Fn.VpcConfig.SubnetIds': ids.map(ref) });
    expect(unreachable(subnets('PrivateB'))).toEqual([]);
    expect(unreachable(subnets('PrivateB', 'PrivateA'))).toEqual(['sqs']);
    expect(unreachable(subnets())).toEqual([]);
    expect(() => unreachable({ ...sends, 'Fn.VpcConfig.SubnetIds': ['subnet-1'] })).toThrow(CannotTell);
    expect(unreachable({ 'Fn.VpcConfig.SubnetIds': ['subnet-1'] })).toEqual([]);
    expect(() => unreachable({ 'Fn.Role': 'theirs' })).toThrow(CannotTell);
  });
});

describe('where Lambda sends what failed', () => {
  const sends = may('sqs:SendMessage', att('Queue'));
  const destination = { OnFailure: { Destination: att('Queue') } };
  it.each<[string, Change]>([
    ['a dead-letter queue', { 'Fn.DeadLetterConfig': { TargetArn: att('Queue') } }],
    [
      'a destination',
      { Config: ['AWS::Lambda::EventInvokeConfig', { FunctionName: ref('Fn'), DestinationConfig: destination }] },
    ],
    [
      'that of a mapping',
      { Mapping: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Fn'), DestinationConfig: destination }] },
    ],
  ])('is no call of the function: %s', (_, change) => {
    expect(unreachable({ ...change, ...sends })).toEqual([]);
    expect(unreachable({ ...change, ...may('sqs:SendMessage', [att('Queue'), 'arn']) })).toEqual(['sqs']);
  });
  it('is a call when another fails', () => {
    expect(
      unreachable({
        ...sends,
        Config: ['AWS::Lambda::EventInvokeConfig', { FunctionName: 'theirs', DestinationConfig: destination }],
      }),
    ).toEqual(['sqs']);
    expect(unreachable(sends)).toEqual(['sqs']);
  });
});
