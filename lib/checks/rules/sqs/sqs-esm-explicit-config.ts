import { notApplicable, type Rule, verdict } from '../../rule';

/** The knobs that matter are batch size, visibility timeout and DLQ, so none stays implicit. */
export const sqsEsmExplicitConfig: Rule = {
  id: 'sqs-esm-explicit-config',
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const queue = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (queue.type !== 'AWS::SQS::Queue') return notApplicable;
    const batch = mapping.number('BatchSize');
    const fifo = queue.flag('FifoQueue') === true;
    return verdict([
      batch === undefined && 'BatchSize is not set',
      // FIFO queues have no batching window (AWS Lambda: SQS event source mappings).
      !fifo && !mapping.has('MaximumBatchingWindowInSeconds') && 'MaximumBatchingWindowInSeconds is not set',
      !mapping.has('ScalingConfig.MaximumConcurrency') && 'ScalingConfig.MaximumConcurrency is not set',
      fifo && (batch ?? 10) > 10 && `BatchSize is ${batch}; allowed: at most 10 for FIFO`,
    ]);
  },
};
