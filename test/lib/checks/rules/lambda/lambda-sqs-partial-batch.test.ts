import { lambdaSqsPartialBatch } from '../../../../../lib/checks/rules/lambda/lambda-sqs-partial-batch';
import { att, cases, type Literals, PARAMETER } from '../../literal-fixture';

const mapping: Literals = {
  Mapping: [
    'AWS::Lambda::EventSourceMapping',
    { EventSourceArn: att('Queue'), FunctionResponseTypes: ['ReportBatchItemFailures'] },
  ],
  Queue: ['AWS::SQS::Queue', {}],
};
const says = 'one bad message returns its whole batch; allowed: FunctionResponseTypes ReportBatchItemFailures';

cases(lambdaSqsPartialBatch, mapping, [
  ['compliant', 'good messages stay done'],
  ['violation', 'they do not', { 'Mapping.FunctionResponseTypes': [] }, says],
  ['violation', 'it says nothing', { 'Mapping.FunctionResponseTypes': undefined }, says],
  ['not-applicable', 'it reads a stream', { Queue: ['AWS::Kinesis::Stream', {}], 'Mapping.FunctionResponseTypes': [] }],
  ['cannot-tell', 'the queue is elsewhere', { 'Mapping.EventSourceArn': 'theirs' }],
  ['cannot-tell', 'a parameter says it', { 'Mapping.FunctionResponseTypes': PARAMETER }],
]);
