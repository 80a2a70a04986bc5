import { notApplicable, type Rule, verdict } from '../../rule';

/** Without partitions each query reads, and pays for, everything there ever was. */
export const athenaPartitioned: Rule = {
  id: 'athena-partitioned',
  types: ['AWS::Glue::Table'],
  check: (table) => {
    if (table.literal('TableInput.TableType') === 'VIRTUAL_VIEW') return notApplicable;
    const parameters = (table.literal('TableInput.Parameters') ?? {}) as Readonly<Record<string, unknown>>;
    return verdict([
      table.list('TableInput.PartitionKeys').length === 0 && 'TableInput.PartitionKeys is empty',
      String(parameters['projection.enabled']) !== 'true' &&
        "the parameter projection.enabled is not 'true', so new partitions wait for a crawler",
    ]);
  },
};
