import { firehoseParquetConversion } from '../../../../../lib/checks/rules/data-and-analytics/firehose-parquet-conversion';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const S3 = 'Delivery.ExtendedS3DestinationConfiguration';
const CONVERSION = `${S3}.DataFormatConversionConfiguration`;
const delivery: Literals = {
  Delivery: [
    'AWS::KinesisFirehose::DeliveryStream',
    { ExtendedS3DestinationConfiguration: { DataFormatConversionConfiguration: { SchemaConfiguration: {} } } },
  ],
};

mustBe(
  firehoseParquetConversion,
  delivery,
  `${CONVERSION}.Enabled`,
  true,
  'DataFormatConversionConfiguration is not enabled',
  'compliant',
);
cases(firehoseParquetConversion, delivery, [
  ['violation', 'nothing is converted', { [CONVERSION]: undefined }, ['is not enabled', 'no SchemaConfiguration']],
  ['violation', 'it has no schema', { [CONVERSION]: {} }, 'the conversion has no SchemaConfiguration'],
  ['compliant', 'it says that the format compresses', { [`${S3}.CompressionFormat`]: 'UNCOMPRESSED' }],
  [
    'violation',
    'it compresses twice',
    { [`${S3}.CompressionFormat`]: 'GZIP' },
    'CompressionFormat is GZIP; allowed with a conversion',
  ],
  ['not-applicable', 'it delivers elsewhere', { [S3]: undefined }],
  ['cannot-tell', 'a parameter says it', { [`${S3}.CompressionFormat`]: PARAMETER }],
]);
