import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { JsonDeserializer } from './json-deserializer';

/** A column of a Glue table. */
export interface GlueColumn {
  readonly Name: string;
  /** Hive type. */
  readonly Type: string;
}

/** A row of the lake, its cells in the order of the columns. */
export type Row = readonly unknown[];

/** How Firehose writes Hive's types (docs.aws.amazon.com/firehose: record-format-conversion). */
const PARQUET_TYPES: Readonly<Record<string, ColumnSource['type']>> = {
  string: 'STRING',
  bigint: 'INT64',
  timestamp: 'TIMESTAMP',
};

/**
 * A JSON document as a row. What the columns do not name is left out; what the document does not have is null.
 *
 * @throws Error for a value that its column does not take, or a type of column that is not known here
 */
export function rowOf(
  columns: readonly GlueColumn[],
  document: Readonly<Record<string, unknown>>,
  { members, timestamp }: JsonDeserializer,
): Row {
  const named = members(document);
  return columns.map(({ Name, Type }) => {
    const value = named.get(Name);
    if (value === undefined || value === null) return null;
    switch (Type) {
      case 'string':
        return typeof value === 'string' ? value : JSON.stringify(value);
      case 'bigint':
        if (Number.isSafeInteger(value)) return BigInt(value as number);
        break;
      case 'timestamp': {
        const time = timestamp(value);
        if (time !== undefined) return time;
        break;
      }
      default:
        throw new Error(`The column type ${Type} is not known here`);
    }
    throw new Error(`${Name} is no ${Type}: ${JSON.stringify(value)}`);
  });
}

/** A Parquet file of rows. */
export function parquetOf(columns: readonly GlueColumn[], rows: readonly Row[]): Buffer {
  const columnData = columns.map(
    ({ Name, Type }, index): ColumnSource => ({
      name: Name,
      type: PARQUET_TYPES[Type],
      data: rows.map((row) => row[index]),
      nullable: true,
    }),
  );
  return Buffer.from(parquetWriteBuffer({ columnData }));
}
