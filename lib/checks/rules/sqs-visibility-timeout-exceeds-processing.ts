import { mustHold, notApplicable, type Rule } from '../rule';

/** AWS Lambda, using Lambda with Amazon SQS: six times the function's timeout. */
const FACTOR = 6;

/** Visibility timeout must exceed processing time or messages run twice at once. */
export const sqsVisibilityTimeoutExceedsProcessing: Rule = {
  id: 'sqs-visibility-timeout-exceeds-processing',
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
