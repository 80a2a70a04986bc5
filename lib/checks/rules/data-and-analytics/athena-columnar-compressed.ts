import { mustHold, notApplicable, type Rule } from '../../rule';

/** Text is scanned whole; columns are a tenth of it. */
export const athenaColumnarCompressed: Rule = {
  id: 'athena-columnar-compressed',
  types: ['AWS::Glue::Table'],
  check: (table) => {
    if (table.literal('TableInput.TableType') === 'VIRTUAL_VIEW') return notApplicable;
    const serde = String(table.literal('TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary') ?? 'not set');
    return mustHold(/parquet|orc/i.test(serde), `SerializationLibrary is ${serde}; allowed: Parquet or ORC`);
  },
};
