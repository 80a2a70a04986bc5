import { streamRead } from '../../kinesis-mapping';
import { notApplicable, type Rule, verdict } from '../../rule';
import { SHORTEST_AGE_SECONDS, unboundedAge, unboundedRetries } from '../../stream-retries';

export const kinesisPoisonRecord: Rule = {
  id: 'kinesis-poison-record',
  title: 'A function or a pipe on a stream gives up a bad record, and keeps it elsewhere',
  why: 'By default a record that fails is tried again until it expires, after 24 hours at the earliest. All records behind it in the shard wait, and expire with it.',
  fix: 'Set MaximumRetryAttempts to at most 10, MaximumRecordAgeInSeconds, BisectBatchOnFunctionError, ReportBatchItemFailures and DestinationConfig.OnFailure. In a pipe, set OnPartialBatchItemFailure and DeadLetterConfig besides the two bounds.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html',
  example: {
    fixed: {
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 72 } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          StartingPosition: 'TRIM_HORIZON',
          MaximumRetryAttempts: 10,
          MaximumRecordAgeInSeconds: 604800,
          BisectBatchOnFunctionError: true,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        },
      },
      Pipe: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          Source: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          Target: { 'Fn::GetAtt': ['Bus', 'Arn'] },
          SourceParameters: {
            KinesisStreamParameters: {
              StartingPosition: 'TRIM_HORIZON',
              MaximumRetryAttempts: 10,
              MaximumRecordAgeInSeconds: 604800,
              OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
              DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
            },
          },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    },
    broken: [
      { 'Mapping.Properties.MaximumRetryAttempts': 11 },
      { 'Mapping.Properties.MaximumRetryAttempts': -1 },
      { 'Mapping.Properties.MaximumRetryAttempts': null },
      { 'Mapping.Properties.MaximumRecordAgeInSeconds': 604801 },
      { 'Mapping.Properties.MaximumRecordAgeInSeconds': 59 },
      { 'Mapping.Properties.MaximumRecordAgeInSeconds': null },
      { 'Mapping.Properties.BisectBatchOnFunctionError': null },
      { 'Mapping.Properties.FunctionResponseTypes': null },
      { 'Mapping.Properties.DestinationConfig': null },
      { 'Pipe.Properties.SourceParameters.KinesisStreamParameters.MaximumRetryAttempts': 11 },
      { 'Pipe.Properties.SourceParameters.KinesisStreamParameters.MaximumRecordAgeInSeconds': null },
      { 'Pipe.Properties.SourceParameters.KinesisStreamParameters.OnPartialBatchItemFailure': null },
      { 'Pipe.Properties.SourceParameters.KinesisStreamParameters.DeadLetterConfig': null },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping', 'AWS::Pipes::Pipe'],
  check: (reader, inventory) => {
    if (reader.type === 'AWS::Pipes::Pipe') {
      const settings = 'SourceParameters.KinesisStreamParameters';
      if (!reader.has(settings)) return notApplicable;
      return verdict([
        unboundedRetries(reader.number(`${settings}.MaximumRetryAttempts`)),
        unboundedAge(reader.number(`${settings}.MaximumRecordAgeInSeconds`)),
        reader.literal(`${settings}.OnPartialBatchItemFailure`) !== 'AUTOMATIC_BISECT' &&
          'OnPartialBatchItemFailure is not AUTOMATIC_BISECT',
        !reader.has(`${settings}.DeadLetterConfig.Arn`) && 'DeadLetterConfig has no Arn',
      ]);
    }
    if (streamRead(reader, inventory) === undefined) return notApplicable;
    return verdict([
      unboundedRetries(reader.number('MaximumRetryAttempts')),
      unboundedAge(reader.number('MaximumRecordAgeInSeconds'), SHORTEST_AGE_SECONDS),
      reader.flag('BisectBatchOnFunctionError') !== true && 'BisectBatchOnFunctionError is not true',
      !reader.list('FunctionResponseTypes').includes('ReportBatchItemFailures') &&
        'FunctionResponseTypes has no ReportBatchItemFailures',
      !reader.has('DestinationConfig.OnFailure.Destination') && 'DestinationConfig.OnFailure has no Destination',
    ]);
  },
};
