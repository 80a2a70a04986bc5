import { athenaPartitioned } from '../../../../../lib/checks/rules/data-and-analytics/athena-partitioned';
import { cases, PARAMETER } from '../../literal-fixture';

const TableInput = { PartitionKeys: [{ Name: 'day' }], Parameters: { 'projection.enabled': 'true' } };

cases(athenaPartitioned, { Table: ['AWS::Glue::Table', { TableInput }] }, [
  ['compliant', 'it has partitions that are projected'],
  ['compliant', 'it says so by a switch', { 'Table.TableInput.Parameters': { 'projection.enabled': true } }],
  ['violation', 'it has none', { 'Table.TableInput.PartitionKeys': [] }, 'PartitionKeys is empty'],
  [
    'violation',
    'a crawler finds them',
    { 'Table.TableInput.Parameters': { 'projection.enabled': 'false' } },
    'crawler',
  ],
  ['violation', 'it says nothing', { 'Table.TableInput': {} }, ['PartitionKeys', 'projection.enabled']],
  ['not-applicable', 'it is a view', { 'Table.TableInput': { TableType: 'VIRTUAL_VIEW' } }],
  ['violation', 'it is no view', { 'Table.TableInput': { TableType: 'EXTERNAL_TABLE' } }, ['Partition', 'projection']],
  ['cannot-tell', 'a parameter says it', { 'Table.TableInput.PartitionKeys': PARAMETER }],
]);
