import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

/** Records that cannot be converted must land somewhere and be seen. */
export const firehoseFailedRecordsKept: Rule = {
  id: 'firehose-failed-records-kept',
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  check: (delivery, inventory) => {
    if (!delivery.has(S3)) return notApplicable;
    const alarmed = (metric: string) => inventory.alarmsOn('AWS/Firehose', metric, delivery).length > 0;
    return verdict([
      !delivery.has(`${S3}.ErrorOutputPrefix`) && 'ErrorOutputPrefix is not set, so failures lie among the data',
      delivery.flag(`${S3}.CloudWatchLoggingOptions.Enabled`) !== true && 'CloudWatchLoggingOptions is not enabled',
      !alarmed('DeliveryToS3.DataFreshness') && 'no alarm on DeliveryToS3.DataFreshness',
      delivery.has(`${S3}.DataFormatConversionConfiguration`) &&
        !alarmed('FailedConversion.Records') &&
        'no alarm on FailedConversion.Records',
    ]);
  },
};
