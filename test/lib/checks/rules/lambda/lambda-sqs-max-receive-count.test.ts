import { lambdaSqsMaxReceiveCount } from '../../../../../lib/checks/rules/lambda/lambda-sqs-max-receive-count';
import { att, bounds, cases, type Literals } from '../../literal-fixture';

const mapping: Literals = {
  Mapping: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Queue') }],
  Queue: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Dead'), maxReceiveCount: 5 } }],
  Dead: ['AWS::SQS::Queue', {}],
};

bounds(lambdaSqsMaxReceiveCount, mapping, 'Queue.RedrivePolicy.maxReceiveCount', {
  min: 3,
  max: 10,
  unset: 'violation',
  says: '; allowed: 3 to 10',
});
cases(lambdaSqsMaxReceiveCount, mapping, [
  ['violation', 'it has none', { 'Queue.RedrivePolicy': undefined }, 'maxReceiveCount is not set; allowed: 3 to 10'],
  [
    'violation',
    'a function takes the dead letters',
    { More: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Dead') }] },
    'a function consumes the dead-letter queue',
  ],
  ['compliant', 'they are elsewhere', { 'Queue.RedrivePolicy.deadLetterTargetArn': 'theirs' }],
  ['not-applicable', 'it reads a stream', { Queue: ['AWS::Kinesis::Stream', {}] }],
  ['cannot-tell', 'the queue is elsewhere', { 'Mapping.EventSourceArn': 'theirs' }],
]);
