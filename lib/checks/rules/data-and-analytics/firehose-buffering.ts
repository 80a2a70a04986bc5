import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

/** Short buffers make small files, which are slow and dear to query; long ones make the lake late. */
export const firehoseBuffering: Rule = {
  id: 'firehose-buffering',
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
