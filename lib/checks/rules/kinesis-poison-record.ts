import { streamRead } from '../kinesis-mapping';
import { notApplicable, type Rule, verdict } from '../rule';
import { SHORTEST_AGE_SECONDS, unboundedAge, unboundedRetries } from '../stream-retries';

/** A record that always fails blocks its shard until it expires, unless retries are limited and it is moved to a failure store. */
export const kinesisPoisonRecord: Rule = {
  id: 'kinesis-poison-record',
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
