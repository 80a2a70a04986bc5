import { notApplicable, type Rule, verdict } from '../../rule';
import { unboundedRetries } from '../../stream-retries';

export const ddbStreamsForCdc: Rule = {
  id: 'ddb-streams-for-cdc',
  title: 'A reader of a table stream gives up a failing record after 10 tries, splits its batch and keeps it',
  why: 'By default a record that fails is tried until it expires, after up to a day, and all changes behind it in the shard wait. When it expires, it is lost without a trace.',
  fix: 'Set MaximumRetryAttempts to 0 to 10, BisectBatchOnFunctionError to true and an OnFailure destination on the mapping; on a pipe, OnPartialBatchItemFailure AUTOMATIC_BISECT and DeadLetterConfig.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html',
  example: {
    fixed: {
      Reader: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Orders', 'StreamArn'] },
          FunctionName: 'project-orders',
          StartingPosition: 'TRIM_HORIZON',
          MaximumRetryAttempts: 10,
          BisectBatchOnFunctionError: true,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failed', 'Arn'] } } },
        },
      },
      Pipe: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          Source: { 'Fn::GetAtt': ['Orders', 'StreamArn'] },
          SourceParameters: {
            DynamoDBStreamParameters: {
              StartingPosition: 'TRIM_HORIZON',
              MaximumRetryAttempts: 0,
              OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
              DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
            },
          },
        },
      },
      Orders: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
      },
      Failed: { Type: 'AWS::SQS::Queue' },
    },
    broken: [
      { 'Reader.Properties.MaximumRetryAttempts': 11 },
      { 'Reader.Properties.MaximumRetryAttempts': -1 },
      { 'Reader.Properties.MaximumRetryAttempts': null },
      { 'Reader.Properties.BisectBatchOnFunctionError': null },
      { 'Reader.Properties.DestinationConfig': null },
      { 'Pipe.Properties.SourceParameters.DynamoDBStreamParameters.MaximumRetryAttempts': -1 },
      { 'Pipe.Properties.SourceParameters.DynamoDBStreamParameters.MaximumRetryAttempts': null },
      { 'Pipe.Properties.SourceParameters.DynamoDBStreamParameters.OnPartialBatchItemFailure': null },
      { 'Pipe.Properties.SourceParameters.DynamoDBStreamParameters.DeadLetterConfig': null },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping', 'AWS::Pipes::Pipe'],
  check: (reader, inventory) => {
    const pipe = reader.type === 'AWS::Pipes::Pipe';
    const source = inventory.mustFind(reader, reader.get(pipe ? 'Source' : 'EventSourceArn'), 'the stream');
    if (!source.type.startsWith('AWS::DynamoDB::')) return notApplicable;
    const parameters = pipe ? 'SourceParameters.DynamoDBStreamParameters.' : '';
    const bisect = pipe
      ? reader.literal(`${parameters}OnPartialBatchItemFailure`) === 'AUTOMATIC_BISECT'
      : reader.flag('BisectBatchOnFunctionError') === true;
    return verdict([
      !reader.has(pipe ? `${parameters}DeadLetterConfig.Arn` : 'DestinationConfig.OnFailure.Destination') &&
        'records that fail are lost: no failure destination',
      unboundedRetries(reader.number(`${parameters}MaximumRetryAttempts`)),
      !bisect && 'a failing batch is not bisected, so good records fail with the bad one',
    ]);
  },
};
