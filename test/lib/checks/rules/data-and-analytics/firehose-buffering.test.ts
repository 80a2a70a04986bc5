import { firehoseBuffering } from '../../../../../lib/checks/rules/data-and-analytics/firehose-buffering';
import { bounds, cases, type Literals } from '../../literal-fixture';

const HINTS = 'Delivery.ExtendedS3DestinationConfiguration.BufferingHints';
const delivery: Literals = {
  Delivery: [
    'AWS::KinesisFirehose::DeliveryStream',
    {
      ExtendedS3DestinationConfiguration: {
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 128 },
        DataFormatConversionConfiguration: {},
      },
    },
  ],
};

bounds(firehoseBuffering, delivery, `${HINTS}.IntervalInSeconds`, {
  min: 60,
  max: 900,
  unset: 'violation',
  says: 'IntervalInSeconds is ',
});
bounds(firehoseBuffering, delivery, `${HINTS}.SizeInMBs`, {
  min: 64,
  max: 128,
  unset: 'violation',
  says: 'allowed with a conversion: 64 to 128',
});
cases(firehoseBuffering, delivery, [
  [
    'violation',
    'it says nothing',
    { [HINTS]: undefined },
    ['IntervalInSeconds is not set; allowed: 60 to 900', 'SizeInMBs is not set'],
  ],
  [
    'compliant',
    'it converts nothing',
    {
      [`${HINTS}.SizeInMBs`]: 5,
      'Delivery.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration': undefined,
    },
  ],
  ['not-applicable', 'it delivers elsewhere', { 'Delivery.ExtendedS3DestinationConfiguration': undefined }],
]);
