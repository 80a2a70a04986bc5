import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, resources, table } from './rule-table-fixture';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const PIPE = 'AWS::Pipes::Pipe';
const stream = { Items: ['AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }] } as const;
const items = { 'Fn::GetAtt': ['Items', 'StreamArn'] };
const events = { 'Fn::GetAtt': ['Events', 'Arn'] };

const settings = {
  MaximumRetryAttempts: 5,
  MaximumRecordAgeInSeconds: 43_200,
  OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
  DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:111111111111:dead' },
};
const mapping = {
  FunctionName: 'counts',
  MaximumRetryAttempts: 5,
  MaximumRecordAgeInSeconds: 43_200,
  BisectBatchOnFunctionError: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
};
const kinesis = resources({
  Events: ['AWS::Kinesis::Stream', { ShardCount: 1 }],
  Reader: [MAPPING, { ...mapping, EventSourceArn: events, StartingPosition: 'TRIM_HORIZON' }],
  Pipe: [PIPE, { Source: events, SourceParameters: { KinesisStreamParameters: settings } }],
});
const dynamodb = resources({
  ...stream,
  Reader: [MAPPING, { ...mapping, EventSourceArn: items, StartingPosition: 'TRIM_HORIZON' }],
  Pipe: [PIPE, { Source: items, SourceParameters: { DynamoDBStreamParameters: settings } }],
});

/** A record is tried so often, and everything of its shard waits meanwhile. */
const attempts = (type: string, path: string) => {
  const set = (value: unknown) => (t: MutableTemplate) => t.set(type, `${path}MaximumRetryAttempts`, value);
  return [
    { verdict: 'compliant', when: 'it is bounded' },
    { verdict: 'compliant', when: 'it is not tried again', change: set(0) },
    { verdict: 'compliant', when: 'it is tried ten times more', change: set(10) },
    { verdict: 'violation', when: 'it is tried eleven times more', change: set(11), says: /is 11.*allowed: 0 to 10/ },
    { verdict: 'violation', when: 'it is tried a thousand times', change: set(1000), says: /holds its shard/ },
    { verdict: 'violation', when: 'it is tried until it expires', change: set(-1), says: /is -1/ },
    {
      verdict: 'violation',
      when: 'nothing is said, which is until it expires',
      change: (t: MutableTemplate) => t.drop(type, `${path}MaximumRetryAttempts`),
      says: /is -1/,
    },
    { verdict: 'cannot-tell', when: 'a parameter says it', change: set(PARAMETER) },
  ] as const;
};

table('kinesis-poison-record', MAPPING, kinesis, [
  ...attempts(MAPPING, ''),
  {
    verdict: 'violation',
    when: 'a record has no age',
    change: (t) => t.drop(MAPPING, 'MaximumRecordAgeInSeconds'),
    says: /MaximumRecordAgeInSeconds/,
  },
  {
    verdict: 'violation',
    when: 'good records fail with the bad one',
    change: (t) => t.set(MAPPING, 'BisectBatchOnFunctionError', false),
    says: /Bisect/,
  },
  {
    verdict: 'violation',
    when: 'it is kept nowhere',
    change: (t) => t.drop(MAPPING, 'DestinationConfig'),
    says: /OnFailure/,
  },
]);
table('kinesis-poison-record', PIPE, kinesis, [
  ...attempts(PIPE, 'SourceParameters.KinesisStreamParameters.'),
  {
    verdict: 'violation',
    when: 'it is kept nowhere',
    change: (t) => t.drop(PIPE, 'SourceParameters.KinesisStreamParameters.DeadLetterConfig'),
    says: /DeadLetterConfig/,
  },
  {
    verdict: 'violation',
    when: 'good records fail with the bad one',
    change: (t) => t.drop(PIPE, 'SourceParameters.KinesisStreamParameters.OnPartialBatchItemFailure'),
    says: /AUTOMATIC_BISECT/,
  },
]);
table('ddb-streams-for-cdc', MAPPING, dynamodb, attempts(MAPPING, ''));
table('ddb-streams-for-cdc', PIPE, dynamodb, attempts(PIPE, 'SourceParameters.DynamoDBStreamParameters.'));
