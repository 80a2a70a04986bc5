import { notApplicable, type Rule, verdict } from '../../rule';

export const athenaPartitioned: Rule = {
  id: 'athena-partitioned',
  title: 'A table of the data lake has partition keys, and partition projection',
  why: 'Without partitions each query reads, and pays for, everything that was ever stored. Without projection a new day is not found until a crawler has run.',
  fix: 'Set PartitionKeys of TableInput, for example to the date, and the parameter projection.enabled to true with the range of each key.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html',
  example: {
    fixed: {
      Events: {
        Type: 'AWS::Glue::Table',
        Properties: {
          TableInput: {
            Name: 'events',
            TableType: 'EXTERNAL_TABLE',
            PartitionKeys: [{ Name: 'day', Type: 'string' }],
            Parameters: {
              'projection.enabled': 'true',
              'projection.day.type': 'date',
              'projection.day.format': 'yyyy-MM-dd',
              'projection.day.range': '2026-01-01,NOW',
            },
          },
        },
      },
    },
    broken: [
      { 'Events.Properties.TableInput.PartitionKeys': null },
      { 'Events.Properties.TableInput.PartitionKeys': [] },
      { 'Events.Properties.TableInput.Parameters': null },
      { 'Events.Properties.TableInput.Parameters': { 'projection.enabled': 'false' } },
    ],
  },
  types: ['AWS::Glue::Table'],
  check: (table) => {
    if (table.literal('TableInput.TableType') === 'VIRTUAL_VIEW') return notApplicable;
    const parameters = table.map('TableInput.Parameters');
    return verdict([
      table.list('TableInput.PartitionKeys').length === 0 && 'TableInput.PartitionKeys is empty',
      String(parameters['projection.enabled']) !== 'true' &&
        "the parameter projection.enabled is not 'true', so new partitions wait for a crawler",
    ]);
  },
};
