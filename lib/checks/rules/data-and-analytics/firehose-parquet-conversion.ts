import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

export const firehoseParquetConversion: Rule = {
  id: 'firehose-parquet-conversion',
  title: 'Firehose converts what it delivers to S3 to Parquet or ORC, by a schema',
  why: 'What arrives as JSON is scanned whole by every query from then on, at $5 a terabyte. Converting it at delivery costs $0.018 a gigabyte, once.',
  fix: 'Enable DataFormatConversionConfiguration with a SchemaConfiguration, and leave CompressionFormat UNCOMPRESSED, since the format compresses by itself.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html',
  example: {
    fixed: {
      Delivery: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          ExtendedS3DestinationConfiguration: {
            CompressionFormat: 'UNCOMPRESSED',
            DataFormatConversionConfiguration: {
              Enabled: true,
              SchemaConfiguration: { DatabaseName: 'lake', TableName: 'events' },
              InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
              OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
            },
          },
        },
      },
    },
    broken: [
      { 'Delivery.Properties.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration': null },
      {
        'Delivery.Properties.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.Enabled': false,
      },
      {
        'Delivery.Properties.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration':
          null,
      },
      { 'Delivery.Properties.ExtendedS3DestinationConfiguration.CompressionFormat': 'GZIP' },
    ],
  },
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
