import { athenaColumnarCompressed } from '../../../../../lib/checks/rules/data-and-analytics/athena-columnar-compressed';
import { cases, type Literals, PARAMETER } from '../../literal-fixture';

const SERDE = 'Table.TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary';
const serde = (SerializationLibrary: string): Literals => ({
  Table: ['AWS::Glue::Table', { TableInput: { StorageDescriptor: { SerdeInfo: { SerializationLibrary } } } }],
});

cases(athenaColumnarCompressed, serde('org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'), [
  ['compliant', 'it is Parquet'],
  ['compliant', 'it is ORC', { [SERDE]: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' }],
  ['violation', 'it is JSON', { [SERDE]: 'org.openx.data.jsonserde.JsonSerDe' }, 'org.openx.data.jsonserde'],
  ['violation', 'it does not say', { [SERDE]: undefined }, 'SerializationLibrary is not set; allowed: Parquet or ORC'],
  ['cannot-tell', 'a parameter says it', { [SERDE]: PARAMETER }],
  ['not-applicable', 'it is a view', { [SERDE]: undefined, 'Table.TableInput.TableType': 'VIRTUAL_VIEW' }],
  ['violation', 'it is no view', { [SERDE]: undefined, 'Table.TableInput.TableType': 'EXTERNAL_TABLE' }, 'not set'],
]);
