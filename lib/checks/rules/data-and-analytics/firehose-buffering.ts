import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

export const firehoseBuffering: Rule = {
  id: 'firehose-buffering',
  title: 'Firehose collects for 60 to 900 seconds, and 64 to 128 MiB where it converts',
  why: 'A buffer of 10 seconds makes 8,640 small files a day, and every query has to open each of them. A long buffer makes the data lake late by as much.',
  fix: 'Set IntervalInSeconds of BufferingHints to 60 to 900, and SizeInMBs to 64 to 128 with a format conversion.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html',
  example: {
    fixed: {
      Short: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          ExtendedS3DestinationConfiguration: {
            BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
            DataFormatConversionConfiguration: { Enabled: true },
          },
        },
      },
      Long: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          ExtendedS3DestinationConfiguration: {
            BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
            DataFormatConversionConfiguration: { Enabled: true },
          },
        },
      },
    },
    broken: [
      { 'Short.Properties.ExtendedS3DestinationConfiguration.BufferingHints': null },
      { 'Short.Properties.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds': 59 },
      { 'Short.Properties.ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs': 63 },
      { 'Short.Properties.ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs': null },
      { 'Long.Properties.ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds': 901 },
      { 'Long.Properties.ExtendedS3DestinationConfiguration.BufferingHints.SizeInMBs': 129 },
    ],
  },
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  check: (delivery) => {
    if (!delivery.has(S3)) return notApplicable;
    const seconds = delivery.number(`${S3}.BufferingHints.IntervalInSeconds`);
    const size = delivery.number(`${S3}.BufferingHints.SizeInMBs`);
    const converts = delivery.has(`${S3}.DataFormatConversionConfiguration`);
    return verdict([
      (seconds === undefined || seconds < 60 || seconds > 900) &&
        `IntervalInSeconds is ${seconds ?? 'not set'}; allowed: 60 to 900`,
      converts &&
        (size === undefined || size < 64 || size > 128) &&
        `SizeInMBs is ${size ?? 'not set'}; allowed with a conversion: 64 to 128`,
    ]);
  },
};
