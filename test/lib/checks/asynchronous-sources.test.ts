import { expect, it } from 'vitest';
import { asynchronousSources } from '../../../lib/checks/asynchronous-sources';
import { att, inventoryOf, placeholders, ref, resourceIn } from './literal-fixture';

const sources = (type: string, properties: object) => {
  const inventory = inventoryOf({
    Fn: ['AWS::Lambda::Function', {}],
    Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }],
    Queue: ['AWS::SQS::Queue', {}],
    Source: [type, properties],
  });
  return asynchronousSources(resourceIn(inventory, 'Fn'), inventory).map(({ logicalId }) => logicalId);
};
const notifies = (fn: unknown) => ({ NotificationConfiguration: { LambdaConfigurations: [{ Function: fn }] } });

it.each<[string, (target: unknown) => object]>([
  ['AWS::SNS::Subscription', (target) => ({ Endpoint: target })],
  ['AWS::Events::Rule', (target) => ({ Targets: [{ Arn: att('Queue') }, { Arn: target }] })],
  ['AWS::Scheduler::Schedule', (target) => ({ Target: { Arn: target } })],
  ['AWS::S3::Bucket', notifies],
  ['Custom::S3BucketNotifications', notifies],
])('%s invokes a function, itself or by an alias', (type, to) => {
  expect(sources(type, to(att('Fn')))).toEqual(['Source']);
  expect(sources(type, to(ref('Alias')))).toEqual(['Source']);
  expect(sources(type, to(att('Queue')))).toEqual([]);
  expect(sources(type, to('arn'))).toEqual([]);
  expect(sources(type, {})).toEqual([]);
});

it('the order of properties and of targets does not matter', () => {
  expect(sources('AWS::Scheduler::Schedule', { Target: { RoleArn: att('Queue'), Arn: att('Fn') } })).toEqual([
    'Source',
  ]);
  const LambdaConfigurations = [{ Function: 'arn' }, { Function: att('Fn') }];
  const QueueConfigurations = [{ Queue: att('Queue') }];
  expect(
    sources('AWS::S3::Bucket', { NotificationConfiguration: { QueueConfigurations, LambdaConfigurations } }),
  ).toEqual(['Source']);
});

it('what a target passes on is not invoked', () => {
  const Input = { 'Fn::Sub': placeholders('{"from": "#{Fn}"}') };
  expect(sources('AWS::Scheduler::Schedule', { Target: { Arn: att('Queue'), Input } })).toEqual([]);
  expect(sources('AWS::Events::Rule', { Targets: [{ Arn: att('Queue'), Input }] })).toEqual([]);
});

it('a mapping does not: it waits for the answer', () => {
  expect(sources('AWS::Lambda::EventSourceMapping', { FunctionName: ref('Fn') })).toEqual([]);
});
