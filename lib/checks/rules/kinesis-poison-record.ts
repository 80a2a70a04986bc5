import { streamRead } from '../kinesis-mapping';
import { notApplicable, type Rule, verdict } from '../rule';

const MOST_RETRIES = 10;

/** A record that always fails blocks its shard until it expires, unless retries are bounded and it is put aside. */
export const kinesisPoisonRecord: Rule = {
  id: 'kinesis-poison-record',
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    if (streamRead(mapping, inventory) === undefined) return notApplicable;
    const retries = mapping.number('MaximumRetryAttempts') ?? -1;
    return verdict([
      (retries < 0 || retries > MOST_RETRIES) && `MaximumRetryAttempts is ${retries}; allowed: 0 to ${MOST_RETRIES}`,
      (mapping.number('MaximumRecordAgeInSeconds') ?? -1) < 0 && 'MaximumRecordAgeInSeconds is not set',
      mapping.literal('BisectBatchOnFunctionError') !== true && 'BisectBatchOnFunctionError is not true',
      !mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures') &&
        'FunctionResponseTypes has no ReportBatchItemFailures',
      !mapping.has('DestinationConfig.OnFailure.Destination') && 'DestinationConfig.OnFailure has no Destination',
    ]);
  },
};
