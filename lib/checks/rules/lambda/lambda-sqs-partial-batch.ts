import { mustHold, notApplicable, type Rule } from '../../rule';

export const lambdaSqsPartialBatch: Rule = {
  id: 'lambda-sqs-partial-batch',
  title: 'A function on a queue reports which messages of a batch failed',
  why: 'Otherwise one bad message returns its whole batch to the queue: up to 10,000 messages are worked off again, and after some tries all of them are dead letters.',
  fix: 'Set FunctionResponseTypes of the mapping to ReportBatchItemFailures, and return batchItemFailures from the function. In the CDK, set reportBatchItemFailures.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html',
  example: {
    fixed: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
    },
    broken: [{ 'Mapping.Properties.FunctionResponseTypes': null }, { 'Mapping.Properties.FunctionResponseTypes': [] }],
  },
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
