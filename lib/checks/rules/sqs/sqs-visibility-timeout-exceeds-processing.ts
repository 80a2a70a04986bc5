import { mustHold, notApplicable, type Rule } from '../../rule';

/** AWS Lambda, using Lambda with Amazon SQS: six times the function's timeout. */
const FACTOR = 6;

export const sqsVisibilityTimeoutExceedsProcessing: Rule = {
  id: 'sqs-visibility-timeout-exceeds-processing',
  title: 'The visibility timeout of a queue is six times the timeout of its consumer, or longer',
  why: 'SQS delivers a message again while the function is still at work on it: the work is done twice at once, and good messages reach the dead-letter queue.',
  fix: 'Set VisibilityTimeout to at least six times the function timeout plus MaximumBatchingWindowInSeconds.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  example: {
    fixed: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          MaximumBatchingWindowInSeconds: 10,
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 370 } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 60 } },
    },
    broken: [
      { 'Queue.Properties.VisibilityTimeout': 369 },
      { 'Queue.Properties.VisibilityTimeout': null },
      { 'Mapping.Properties.MaximumBatchingWindowInSeconds': 11 },
      { 'Function.Properties.Timeout': 61 },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const queue = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (queue.type !== 'AWS::SQS::Queue') return notApplicable;
    const timeout = inventory.functionBehind(mapping, mapping.get('FunctionName')).number('Timeout') ?? 3;
    const floor = FACTOR * timeout + (mapping.number('MaximumBatchingWindowInSeconds') ?? 0);
    const visibility = queue.number('VisibilityTimeout') ?? 30;
    return mustHold(
      visibility >= floor,
      `VisibilityTimeout is ${visibility} s; allowed: at least ${floor} s, six function timeouts and the batching window`,
    );
  },
};
