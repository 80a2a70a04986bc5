import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

/** JSON in the lake is scanned whole by every query from then on. */
export const firehoseParquetConversion: Rule = {
  id: 'firehose-parquet-conversion',
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  check: (delivery) => {
    if (!delivery.has(S3)) return notApplicable;
    const conversion = `${S3}.DataFormatConversionConfiguration`;
    const compression = delivery.literal(`${S3}.CompressionFormat`) ?? 'UNCOMPRESSED';
    return verdict([
      (!delivery.has(conversion) || delivery.flag(`${conversion}.Enabled`) === false) &&
        'DataFormatConversionConfiguration is not enabled',
      !delivery.has(`${conversion}.SchemaConfiguration`) && 'the conversion has no SchemaConfiguration',
      compression !== 'UNCOMPRESSED' &&
        `CompressionFormat is ${String(compression)}; allowed with a conversion: UNCOMPRESSED, the format compresses`,
    ]);
  },
};
