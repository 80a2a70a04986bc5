import { lambdaReservedConcurrencyIsolation } from '../../../../../lib/checks/rules/lambda/lambda-reserved-concurrency-isolation';
import { att, cases, type Literal, type Literals, ref } from '../../literal-fixture';

const fn: Literals = { Fn: ['AWS::Lambda::Function', {}], Queue: ['AWS::SQS::Queue', {}] };
const route: Literal = ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') }];
const mapping = (more: object = {}): Literal => [
  'AWS::Lambda::EventSourceMapping',
  { FunctionName: ref('Fn'), EventSourceArn: att('Queue'), ...more },
];
const api = 'ReservedConcurrentExecutions is not set behind an API';
const queue = 'neither ReservedConcurrentExecutions nor MaximumConcurrency bounds a queue consumer';
const bounded = mapping({ ScalingConfig: { MaximumConcurrency: 5 } });

cases(lambdaReservedConcurrencyIsolation, fn, [
  ['not-applicable', 'nothing invokes it'],
  ['violation', 'an API does', { Route: route }, api],
  ['compliant', 'an API does, and some are reserved', { Route: route, 'Fn.ReservedConcurrentExecutions': 0 }],
  ['violation', 'a queue does', { Mapping: mapping() }, queue],
  ['compliant', 'a queue does, and some are reserved', { Mapping: mapping(), 'Fn.ReservedConcurrentExecutions': 5 }],
  ['compliant', 'the queue bounds it', { Mapping: bounded }],
  ['violation', 'one queue of two does', { Mapping: bounded, More: mapping() }, queue],
  ['compliant', 'a stream invokes it', { Mapping: mapping(), Queue: ['AWS::Kinesis::Stream', {}] }],
  ['violation', 'both do', { Route: route, Mapping: mapping() }, [api, queue]],
  ['violation', 'both do, and the queue bounds it', { Route: route, Mapping: bounded }, api],
  ['not-applicable', 'CDK runs it', { Route: route, 'Fn.Handler': 'framework.onEvent' }],
]);
