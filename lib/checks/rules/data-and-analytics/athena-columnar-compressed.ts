import { mustHold, notApplicable, type Rule } from '../../rule';

export const athenaColumnarCompressed: Rule = {
  id: 'athena-columnar-compressed',
  title: 'A table of the data lake is stored as Parquet or ORC',
  why: 'Athena bills each terabyte that it scans at $5. JSON and CSV are read whole, while of Parquet or ORC it reads the compressed columns of the query alone, often a tenth.',
  fix: 'Set SerializationLibrary to org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe, and let Firehose or a job write Parquet.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/athena/latest/ug/columnar-storage.html',
  example: {
    fixed: {
      Events: {
        Type: 'AWS::Glue::Table',
        Properties: {
          TableInput: {
            Name: 'events',
            TableType: 'EXTERNAL_TABLE',
            StorageDescriptor: {
              SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
            },
          },
        },
      },
    },
    broken: [
      {
        'Events.Properties.TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary':
          'org.openx.data.jsonserde.JsonSerDe',
      },
      { 'Events.Properties.TableInput.StorageDescriptor.SerdeInfo': null },
    ],
  },
  types: ['AWS::Glue::Table'],
  check: (table) => {
    if (table.literal('TableInput.TableType') === 'VIRTUAL_VIEW') return notApplicable;
    const serde = table.text('TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary') ?? 'not set';
    return mustHold(/parquet|orc/i.test(serde), `SerializationLibrary is ${serde}; allowed: Parquet or ORC`);
  },
};
