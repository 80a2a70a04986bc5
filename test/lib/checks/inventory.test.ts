import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../../lib/checks/alarms';
import { Inventory } from '../../../lib/checks/inventory';
import { CannotTell } from '../../../lib/template/template-resource';
import {
  alarm,
  allow,
  att,
  inventoryOf,
  join,
  type Literals,
  PARAMETER,
  ref,
  resourceIn,
  role,
} from './literal-fixture';

const ids = (found: Iterable<{ readonly logicalId: string }>) => [...found].map(({ logicalId }) => logicalId);

it('knows what it was told, or what AWS begins with', () => {
  expect([new Inventory({}).strict, new Inventory({}).accountConcurrency]).toEqual([true, 1000]);
  const told = new Inventory({}, { strict: false, accountConcurrency: 10 });
  expect([told.strict, told.accountConcurrency]).toEqual([false, 10]);
});

describe('a function', () => {
  const literals: Literals = {
    Fn: ['AWS::Lambda::Function', { Role: att('Role') }],
    Version: ['AWS::Lambda::Version', { FunctionName: ref('Fn') }],
    Alias: ['AWS::Lambda::Alias', { FunctionName: att('Version', 'FunctionName') }],
    Other: ['AWS::Lambda::Function', { RoleArn: 'theirs' }],
    Role: role(allow('a:B')),
    Machine: ['AWS::StepFunctions::StateMachine', { RoleArn: att('Role') }],
    M1: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Fn') }],
    M2: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Version') }],
    M3: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Other') }],
    M4: ['AWS::Lambda::EventSourceMapping', { FunctionName: 'theirs' }],
    I1: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') }],
    I2: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Other') }],
    I3: ['AWS::ApiGateway::Method', { Integration: { Uri: join('arn', ref('Version'), '/invocations') } }],
    I4: ['AWS::ApiGateway::Method', {}],
    Thing: ['Custom::Thing', { ServiceToken: att('Fn') }],
  };
  const inventory = inventoryOf(literals);
  const fn = resourceIn(inventory, 'Fn');

  it('is behind its versions and aliases', () => {
    for (const id of ['Fn', 'Version', 'Alias']) expect(inventory.functionBehind(fn, ref(id))).toBe(fn);
    expect(() => inventory.functionBehind(fn, 'theirs')).toThrow(
      new CannotTell('the function is not in these templates'),
    );
  });
  it('has mappings, integrations and a role', () => {
    expect(ids(inventory.mappingsOf(fn))).toEqual(['M1', 'M2']);
    expect(
      inventory.integrationsOf(fn).map(({ integration, target }) => [integration.logicalId, target.logicalId]),
    ).toEqual([
      ['I1', 'Fn'],
      ['I3', 'Version'],
    ]);
    expect([inventory.roleOf(fn).logicalId, inventory.roleOf(resourceIn(inventory, 'Machine')).logicalId]).toEqual([
      'Role',
      'Role',
    ]);
    expect(() => inventory.roleOf(resourceIn(inventory, 'Other'))).toThrow(
      new CannotTell('the role is not in these templates'),
    );
  });
  it('makes a custom resource, or does not', () => {
    expect([inventory.makesCustomResource(fn), inventory.makesCustomResource(resourceIn(inventory, 'Other'))]).toEqual([
      true,
      false,
    ]);
  });
});

describe('an alarm', () => {
  const metric = (Value: unknown) => ({
    Namespace: 'N',
    MetricName: 'M',
    Dimensions: [
      { Name: 'a', Value: 'b' },
      { Name: 'c', Value },
    ],
  });
  const literals: Literals = {
    Queue: ['AWS::SQS::Queue', { Name: 'jobs' }],
    Api: ['AWS::ApiGateway::RestApi', { Name: 'shop' }],
    Plain: alarm('N', 'M', att('Queue', 'QueueName')),
    Math: [
      'AWS::CloudWatch::Alarm',
      { Metrics: [{ Expression: 'a' }, { MetricStat: { Metric: metric(ref('Queue')) } }] },
    ],
    Account: alarm('N', 'M'),
    Bare: ['AWS::CloudWatch::Alarm', { Namespace: 'N', MetricName: 'M' }],
    OtherSpace: alarm('O', 'M', ref('Queue')),
    OtherMetric: alarm('N', 'O', ref('Queue')),
    ByName: alarm('N', 'M', 'shop'),
    ByOther: alarm('N', 'M', 'jobs'),
  };
  const inventory = inventoryOf(literals);
  it('is on a metric of a resource, in an expression too', () => {
    expect(ids(inventory.alarmsOn('N', 'M', resourceIn(inventory, 'Queue')))).toEqual(['Plain', 'Math']);
  });
  it('is on a REST API by its name', () => {
    expect(ids(inventory.alarmsOn('N', 'M', resourceIn(inventory, 'Api')))).toEqual(['ByName']);
  });
  it('is on what has no dimensions', () => {
    expect(ids(inventory.alarmsOn('N', 'M'))).toEqual(['Account', 'Bare']);
  });
  it.each([
    ['GreaterThanThreshold', true],
    ['GreaterThanOrEqualToThreshold', true],
    ['GreaterThanUpperThreshold', true],
    ['LessThanLowerOrGreaterThanUpperThreshold', true],
    ['LessThanThreshold', false],
    ['LessThanOrEqualToThreshold', false],
    ['LessThanLowerThreshold', false],
  ])('that compares by %s hears of what rises: %s', (ComparisonOperator, hears) => {
    const stat = { MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' } } };
    const alarms = inventoryOf({
      Plain: ['AWS::CloudWatch::Alarm', { Namespace: 'N', MetricName: 'M', ComparisonOperator }],
      Stat: ['AWS::CloudWatch::Alarm', { Metrics: [stat], ComparisonOperator }],
      Band: [
        'AWS::CloudWatch::Alarm',
        { Metrics: [{ Expression: 'ANOMALY_DETECTION_BAND(m)' }, stat], ComparisonOperator },
      ],
    }).alarmsOn('N', 'M');
    expect(ids(alarms)).toEqual(hears ? ['Plain', 'Stat', 'Band'] : []);
  });
  it('may be turned around by an expression', () => {
    const Metrics = [{ Expression: '100 - m' }, { MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' } } }];
    const literals: Literals = {
      Turned: ['AWS::CloudWatch::Alarm', { Metrics, ComparisonOperator: 'LessThanThreshold' }],
    };
    expect(ids(inventoryOf(literals).alarmsOn('N', 'M'))).toEqual(['Turned']);
  });
  it('is unknown when a parameter compares', () => {
    const literals: Literals = {
      Asked: ['AWS::CloudWatch::Alarm', { Namespace: 'N', MetricName: 'M', ComparisonOperator: PARAMETER }],
    };
    expect(() => inventoryOf(literals).alarmsOn('N', 'M')).toThrow(CannotTell);
  });
  it('tells what it watches', () => {
    expect(metricsOf(resourceIn(inventory, 'Math')).map(({ MetricName }) => MetricName)).toEqual([undefined, 'M']);
  });
});

it('knows what a role may do, inline and by policies', () => {
  const policy = (Roles: unknown[]) => ({ Roles, PolicyDocument: { Statement: allow('b:C') } });
  const inventory = inventoryOf({
    Role: role(allow('a:B')),
    One: ['AWS::IAM::Policy', policy(['theirs', ref('Role')])],
    Two: ['AWS::IAM::ManagedPolicy', policy([ref('Role')])],
    Three: ['AWS::IAM::Policy', policy(['theirs'])],
  });
  const actions = inventory.statementsOf(resourceIn(inventory, 'Role')).flatMap((statement) => statement.actions);
  expect(actions).toEqual(['a:B', 'b:C', 'b:C']);
});

it('knows the statements of policies of queues, topics and buckets', () => {
  const document = (name: string) => ({ PolicyDocument: { Statement: { Sid: name } } });
  const inventory = inventoryOf({
    Queue: ['AWS::SQS::Queue', {}],
    Topic: ['AWS::SNS::Topic', {}],
    Bucket: ['AWS::S3::Bucket', {}],
    P1: ['AWS::SQS::QueuePolicy', { Queues: ['theirs', ref('Queue')], ...document('queue') }],
    P2: ['AWS::SNS::TopicPolicy', { Topics: [ref('Topic')], ...document('topic') }],
    P3: ['AWS::S3::BucketPolicy', { Bucket: ref('Bucket'), ...document('bucket') }],
    P4: ['AWS::S3::BucketPolicy', { Bucket: 'theirs', ...document('other') }],
  });
  const sids = (id: string) => inventory.resourceStatements(resourceIn(inventory, id)).map(({ Sid }) => Sid);
  expect([sids('Queue'), sids('Topic'), sids('Bucket')]).toEqual([['queue'], ['topic'], ['bucket']]);
});

it('knows what keeps dead letters', () => {
  const queue = ['AWS::SQS::Queue', {}] as const;
  const inventory = inventoryOf({
    Redriven: queue,
    Configured: queue,
    Failed: queue,
    Succeeded: queue,
    Topic: ['AWS::SNS::Topic', {}],
    Jobs: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Redriven') } }],
    Rule: [
      'AWS::Events::Rule',
      { Targets: [{ DeadLetterConfig: { Arn: att('Configured') } }, { DeadLetterConfig: { Arn: ref('Topic') } }] },
    ],
    Nothing: ['X', { A: null }],
    Config: [
      'X',
      {
        DestinationConfig: { OnFailure: { Destination: att('Failed') }, OnSuccess: { Destination: att('Succeeded') } },
      },
    ],
  });
  expect(ids(inventory.deadLetterQueues())).toEqual(['Redriven', 'Configured', 'Failed']);
});
