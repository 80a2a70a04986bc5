import { sqsVisibilityTimeoutExceedsProcessing } from '../../../../../lib/checks/rules/sqs/sqs-visibility-timeout-exceeds-processing';
import { att, bounds, cases, changed, type Literals, ref } from '../../literal-fixture';

const mapping: Literals = {
  Mapping: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Queue'), FunctionName: ref('Fn') }],
  Queue: ['AWS::SQS::Queue', { VisibilityTimeout: 360 }],
  Fn: ['AWS::Lambda::Function', { Timeout: 60 }],
};
const says = 's; allowed: at least';

bounds(sqsVisibilityTimeoutExceedsProcessing, mapping, 'Queue.VisibilityTimeout', {
  min: 360,
  unset: 'violation',
  says,
});
bounds(sqsVisibilityTimeoutExceedsProcessing, mapping, 'Fn.Timeout', {
  max: 60,
  unset: 'compliant',
  says: 'VisibilityTimeout is 360 s',
  named: false,
});
const windowed = changed(mapping, { 'Queue.VisibilityTimeout': 370, 'Mapping.MaximumBatchingWindowInSeconds': 10 });
bounds(sqsVisibilityTimeoutExceedsProcessing, windowed, 'Queue.VisibilityTimeout', {
  min: 370,
  unset: 'violation',
  says,
});
bounds(sqsVisibilityTimeoutExceedsProcessing, windowed, 'Mapping.MaximumBatchingWindowInSeconds', {
  max: 10,
  unset: 'compliant',
  says,
  named: false,
});
cases(sqsVisibilityTimeoutExceedsProcessing, mapping, [
  [
    'violation',
    'it says what it takes',
    { 'Queue.VisibilityTimeout': 359 },
    'VisibilityTimeout is 359 s; allowed: at least 360 s, six function timeouts',
  ],
  [
    'compliant',
    'neither says anything, and 30 s are six of 5',
    { 'Queue.VisibilityTimeout': undefined, 'Fn.Timeout': 5 },
  ],
  [
    'violation',
    'six of 6 are more',
    { 'Queue.VisibilityTimeout': undefined, 'Fn.Timeout': 6 },
    'is 30 s; allowed: at least 36 s',
  ],
  ['compliant', 'six of the default of 3', { 'Queue.VisibilityTimeout': 18, 'Fn.Timeout': undefined }],
  [
    'violation',
    'are more',
    { 'Queue.VisibilityTimeout': 17, 'Fn.Timeout': undefined },
    'is 17 s; allowed: at least 18 s',
  ],
  [
    'compliant',
    'an alias reads it',
    { 'Mapping.FunctionName': ref('Alias'), Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }] },
  ],
  ['not-applicable', 'it reads a stream', { Queue: ['AWS::Kinesis::Stream', {}] }],
  ['cannot-tell', 'the queue is elsewhere', { 'Mapping.EventSourceArn': 'theirs' }],
  ['cannot-tell', 'the function is', { 'Mapping.FunctionName': 'theirs' }],
]);
