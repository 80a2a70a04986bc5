import { kinesisPoisonRecord } from '../../../../../lib/checks/rules/kinesis-data-streams/kinesis-poison-record';
import { att, bounds, cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const retries = 'so one bad record holds its shard; allowed: 0 to 10';
const mapping: Literals = {
  Reader: [
    'AWS::Lambda::EventSourceMapping',
    {
      EventSourceArn: att('Stream'),
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: 'arn' } },
    },
  ],
  Stream: ['AWS::Kinesis::Stream', {}],
};
bounds(kinesisPoisonRecord, mapping, 'Reader.MaximumRetryAttempts', {
  min: 0,
  max: 10,
  unset: 'violation',
  says: retries,
});
bounds(kinesisPoisonRecord, mapping, 'Reader.MaximumRecordAgeInSeconds', {
  min: 60,
  max: 604_800,
  unset: 'violation',
  says: 'allowed: 60 to 604800',
});
mustBe(
  kinesisPoisonRecord,
  mapping,
  'Reader.BisectBatchOnFunctionError',
  true,
  'BisectBatchOnFunctionError is not true',
  'violation',
);
cases(kinesisPoisonRecord, mapping, [
  ['violation', 'good records fail, too', { 'Reader.FunctionResponseTypes': [] }, 'no ReportBatchItemFailures'],
  ['violation', 'nothing keeps what failed', { 'Reader.DestinationConfig': undefined }, 'has no Destination'],
  [
    'violation',
    'it is tried for ever',
    { 'Reader.MaximumRetryAttempts': -1 },
    `MaximumRetryAttempts is -1, ${retries}`,
  ],
  ['not-applicable', 'it reads a queue', { Stream: ['AWS::SQS::Queue', {}] }],
]);

const PARAMETERS = 'Pipe.SourceParameters.KinesisStreamParameters';
const pipe: Literals = {
  Pipe: [
    'AWS::Pipes::Pipe',
    {
      SourceParameters: {
        KinesisStreamParameters: {
          MaximumRetryAttempts: 5,
          MaximumRecordAgeInSeconds: 3600,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: 'arn' },
        },
      },
    },
  ],
};
bounds(kinesisPoisonRecord, pipe, `${PARAMETERS}.MaximumRetryAttempts`, {
  min: 0,
  max: 10,
  unset: 'violation',
  says: retries,
});
bounds(kinesisPoisonRecord, pipe, `${PARAMETERS}.MaximumRecordAgeInSeconds`, {
  min: 0,
  max: 604_800,
  unset: 'violation',
  says: 'allowed: 0 to 604800',
});
cases(kinesisPoisonRecord, pipe, [
  [
    'violation',
    'good records fail, too',
    { [`${PARAMETERS}.OnPartialBatchItemFailure`]: undefined },
    'is not AUTOMATIC_BISECT',
  ],
  [
    'violation',
    'nothing keeps what failed',
    { [`${PARAMETERS}.DeadLetterConfig`]: undefined },
    'DeadLetterConfig has no Arn',
  ],
  ['not-applicable', 'it reads no stream of Kinesis', { [PARAMETERS]: undefined }],
  ['cannot-tell', 'a parameter says it', { [PARAMETERS]: PARAMETER }],
]);
