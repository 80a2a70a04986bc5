import { sqsEsmExplicitConfig } from '../../../../../lib/checks/rules/sqs/sqs-esm-explicit-config';
import { att, bounds, cases, changed, type Literals } from '../../literal-fixture';

const mapping: Literals = {
  Mapping: [
    'AWS::Lambda::EventSourceMapping',
    {
      EventSourceArn: att('Queue'),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  ],
  Queue: ['AWS::SQS::Queue', {}],
};
const fifo = changed(mapping, { 'Queue.FifoQueue': 'true', 'Mapping.MaximumBatchingWindowInSeconds': undefined });

bounds(sqsEsmExplicitConfig, fifo, 'Mapping.BatchSize', {
  max: 10,
  unset: 'violation',
  says: 'allowed: at most 10 for FIFO',
});
cases(sqsEsmExplicitConfig, mapping, [
  ['compliant', 'all is said'],
  ['compliant', 'a batch is large', { 'Mapping.BatchSize': 10_000 }],
  ['violation', 'no size is', { 'Mapping.BatchSize': undefined }, 'BatchSize is not set'],
  [
    'violation',
    'no window is',
    { 'Mapping.MaximumBatchingWindowInSeconds': undefined },
    'MaximumBatchingWindowInSeconds is not set',
  ],
  ['violation', 'no bound is', { 'Mapping.ScalingConfig': undefined }, 'ScalingConfig.MaximumConcurrency is not set'],
  ['not-applicable', 'it reads a stream', { Queue: ['AWS::Kinesis::Stream', {}] }],
  ['cannot-tell', 'the queue is elsewhere', { 'Mapping.EventSourceArn': 'theirs' }],
]);
cases(sqsEsmExplicitConfig, fifo, [
  ['violation', 'no size is said', { 'Mapping.BatchSize': undefined }, 'BatchSize is not set'],
]);
