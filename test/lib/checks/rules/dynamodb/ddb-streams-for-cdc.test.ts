import { ddbStreamsForCdc } from '../../../../../lib/checks/rules/dynamodb/ddb-streams-for-cdc';
import { att, bounds, cases, type Literal, type Literals, mustBe } from '../../literal-fixture';

const table: Literal = ['AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }];
const mapping: Literals = {
  Reader: [
    'AWS::Lambda::EventSourceMapping',
    {
      EventSourceArn: att('Items', 'StreamArn'),
      MaximumRetryAttempts: 5,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: 'arn' } },
    },
  ],
  Items: table,
};
const retries = 'so one bad record holds its shard; allowed: 0 to 10';
const lost = 'records that fail are lost: no failure destination';
const whole = 'a failing batch is not bisected, so good records fail with the bad one';

bounds(ddbStreamsForCdc, mapping, 'Reader.MaximumRetryAttempts', {
  min: 0,
  max: 10,
  unset: 'violation',
  says: retries,
});
mustBe(ddbStreamsForCdc, mapping, 'Reader.BisectBatchOnFunctionError', true, whole, 'violation');
cases(ddbStreamsForCdc, mapping, [
  ['violation', 'nothing keeps what failed', { 'Reader.DestinationConfig': undefined }, lost],
  ['not-applicable', 'it reads a queue', { Items: ['AWS::SQS::Queue', {}] }],
  [
    'violation',
    'it reads a global table',
    { Items: ['AWS::DynamoDB::GlobalTable', {}], 'Reader.DestinationConfig': undefined },
    lost,
  ],
  ['cannot-tell', 'what it reads is elsewhere', { 'Reader.EventSourceArn': 'arn' }],
]);

const PARAMETERS = 'Reader.SourceParameters.DynamoDBStreamParameters';
const pipe: Literals = {
  Reader: [
    'AWS::Pipes::Pipe',
    {
      Source: att('Items', 'StreamArn'),
      SourceParameters: {
        DynamoDBStreamParameters: {
          MaximumRetryAttempts: 5,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: 'arn' },
        },
      },
    },
  ],
  Items: table,
};
bounds(ddbStreamsForCdc, pipe, `${PARAMETERS}.MaximumRetryAttempts`, {
  min: 0,
  max: 10,
  unset: 'violation',
  says: retries,
});
cases(ddbStreamsForCdc, pipe, [
  ['violation', 'nothing keeps what failed', { [`${PARAMETERS}.DeadLetterConfig`]: undefined }, lost],
  ['violation', 'it does not bisect', { [`${PARAMETERS}.OnPartialBatchItemFailure`]: undefined }, whole],
  ['not-applicable', 'it reads a queue', { Items: ['AWS::SQS::Queue', {}] }],
]);
