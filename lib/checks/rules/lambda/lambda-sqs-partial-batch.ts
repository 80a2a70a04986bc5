import { mustHold, notApplicable, type Rule } from '../../rule';

/** One bad message must not return its whole batch to the queue (needed to make the retry rule safe). */
export const lambdaSqsPartialBatch: Rule = {
  id: 'lambda-sqs-partial-batch',
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const source = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (source.type !== 'AWS::SQS::Queue') return notApplicable;
    return mustHold(
      mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures'),
      'one bad message returns its whole batch; allowed: FunctionResponseTypes ReportBatchItemFailures',
    );
  },
};
