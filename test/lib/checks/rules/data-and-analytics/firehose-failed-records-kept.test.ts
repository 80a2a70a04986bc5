import { firehoseFailedRecordsKept } from '../../../../../lib/checks/rules/data-and-analytics/firehose-failed-records-kept';
import { alarm, cases, type Literals, mustBe, ref } from '../../literal-fixture';

const S3 = 'Delivery.ExtendedS3DestinationConfiguration';
const delivery: Literals = {
  Delivery: [
    'AWS::KinesisFirehose::DeliveryStream',
    {
      ExtendedS3DestinationConfiguration: {
        ErrorOutputPrefix: 'errors/',
        CloudWatchLoggingOptions: { Enabled: true },
        DataFormatConversionConfiguration: {},
      },
    },
  ],
  Fresh: alarm('AWS/Firehose', 'DeliveryToS3.DataFreshness', ref('Delivery')),
  Failed: alarm('AWS/Firehose', 'FailedConversion.Records', ref('Delivery')),
};

mustBe(
  firehoseFailedRecordsKept,
  delivery,
  `${S3}.CloudWatchLoggingOptions.Enabled`,
  true,
  'CloudWatchLoggingOptions is not enabled',
  'violation',
);
cases(firehoseFailedRecordsKept, delivery, [
  [
    'violation',
    'failures lie among the data',
    { [`${S3}.ErrorOutputPrefix`]: undefined },
    'ErrorOutputPrefix is not set',
  ],
  ['violation', 'delay is not seen', { Fresh: undefined }, 'no alarm on DeliveryToS3.DataFreshness'],
  ['violation', 'failures are not', { Failed: undefined }, 'no alarm on FailedConversion.Records'],
  ['compliant', 'it converts nothing', { Failed: undefined, [`${S3}.DataFormatConversionConfiguration`]: undefined }],
  ['not-applicable', 'it delivers elsewhere', { [S3]: undefined }],
]);
