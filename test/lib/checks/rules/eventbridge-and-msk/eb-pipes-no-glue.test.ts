import { ebPipesNoGlue } from '../../../../../lib/checks/rules/eventbridge-and-msk/eb-pipes-no-glue';
import { allow, att, type Case, cases, type Literals, PARAMETER, ref, role } from '../../literal-fixture';

const PIPE = 'Pipe.SourceParameters';
cases(
  ebPipesNoGlue,
  {
    Pipe: [
      'AWS::Pipes::Pipe',
      { SourceParameters: { FilterCriteria: {}, KinesisStreamParameters: { DeadLetterConfig: {} } } },
    ],
  },
  [
    ['compliant', 'it filters, and keeps what failed'],
    ['violation', 'it does not filter', { [`${PIPE}.FilterCriteria`]: undefined }, 'the pipe has no FilterCriteria'],
    ['violation', 'it keeps nothing', { [`${PIPE}.KinesisStreamParameters`]: {} }, 'the pipe has no DeadLetterConfig'],
    ['cannot-tell', 'a parameter says it', { [PIPE]: PARAMETER }],
  ],
);

const queue = (Source: unknown, more: object = {}): Literals => ({
  Pipe: ['AWS::Pipes::Pipe', { Source, SourceParameters: { FilterCriteria: {}, ...more } }],
  Queue: ['AWS::SQS::Queue', {}],
  Items: ['AWS::DynamoDB::Table', {}],
});
cases(ebPipesNoGlue, queue(att('Queue')), [
  ['compliant', 'it reads a queue, which has dead letters of its own'],
  ...['sqs:eu-west-1:111122223333:jobs', 'kafka:eu-west-1:111122223333:cluster/a', 'mq:eu-west-1:1:broker:a'].map(
    (name): Case => ['compliant', `it reads ${name}`, queue(`arn:aws:${name}`)],
  ),
  ['compliant', 'it reads a Kafka of yours', queue('smk://broker:9092')],
  ['compliant', 'a parameter is what it reads, as a queue', queue(PARAMETER, { SqsQueueParameters: {} })],
  [
    'violation',
    'a parameter is what it reads, as a stream',
    queue(PARAMETER, { KinesisStreamParameters: {} }),
    'the pipe has no DeadLetterConfig',
  ],
  ['violation', 'it reads a stream', queue(att('Items', 'StreamArn')), 'the pipe has no DeadLetterConfig'],
  [
    'violation',
    'it reads a stream of elsewhere',
    queue('arn:aws:kinesis:eu-west-1:111122223333:stream/sqs'),
    'the pipe has no DeadLetterConfig',
  ],
  ['violation', 'nothing is said of the queue', { [PIPE]: undefined }, 'the pipe has no FilterCriteria'],
  [
    'violation',
    'nothing is said of a stream',
    { [PIPE]: undefined, 'Pipe.Source': att('Items', 'StreamArn') },
    ['the pipe has no FilterCriteria', 'the pipe has no DeadLetterConfig'],
  ],
]);

const glue: Literals = {
  Reader: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: att('Items', 'StreamArn'), FunctionName: ref('Fn') }],
  Items: ['AWS::DynamoDB::Table', {}],
  Fn: ['AWS::Lambda::Function', { Role: att('Role') }],
  Role: role(allow('sns:Publish', ref('Topic'))),
  Topic: ['AWS::SNS::Topic', {}],
};
const says = 'a function carries a stream to a topic or bus; allowed: a pipe';
cases(ebPipesNoGlue, glue, [
  ['violation', 'it carries changes to a topic', {}, says],
  ...['sns:Publish', 'sns:*', 'events:PutEvents', 'events:Put*', '*'].map(
    (action): Case => [
      'violation',
      `it may ${action}`,
      { Role: role(allow(['s3:GetObject', action], ['arn', ref('Topic')])) },
      says,
    ],
  ),
  ['compliant', 'it may do something else with it', { Role: role(allow('sns:GetTopicAttributes', ref('Topic'))) }],
  ['compliant', 'it may not', { Role: role({ ...allow('sns:Publish', ref('Topic')), Effect: 'Deny' }) }],
  ['compliant', 'the topic is elsewhere', { Role: role(allow('sns:Publish', 'arn')) }],
  ['compliant', 'a pipe cannot: the topic is FIFO', { 'Topic.FifoTopic': true }],
  ['compliant', 'the topic is FIFO as text', { 'Topic.FifoTopic': 'true' }],
  ['violation', 'it is not', { 'Topic.FifoTopic': false }, says],
  ['not-applicable', 'it reads another stream', { Items: ['AWS::Kinesis::Stream', {}] }],
  ['cannot-tell', 'what it reads is elsewhere', { 'Reader.EventSourceArn': 'arn' }],
]);
