import { DuckDBInstance } from '@duckdb/node-api';

/** A row of an answer; numbers beyond what JSON holds are text. */
export type AnswerRow = Readonly<Record<string, unknown>>;

/** Answers SQL from a folder of Parquet files. */
export interface QueryEngine {
  /** Runs SQL as Athena would. @param on the day that `current_date` stands for, as `yyyy-MM-dd`. @default - today */
  query(sql: string, on?: string): Promise<readonly AnswerRow[]>;
  close(): void;
}

/**
 * DuckDB over a folder with one folder of files for each day (`dt=<day>/`), as a table of the given name. It replaces
 * Athena: SQL of both dialects, and files that an engine reads that did not write them.
 */
export async function openLake(folder: string, table = 'events'): Promise<QueryEngine> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  // Athena's dialect, where DuckDB says it otherwise.
  await connection.run('CREATE MACRO date_format(day, format) AS strftime(day, format)');
  const files = `${folder.replaceAll("'", "''")}/*/*.parquet`;
  await connection.run(
    `CREATE VIEW ${table} AS SELECT * FROM read_parquet('${files}', hive_partitioning = true, hive_types = {'dt': VARCHAR})`,
  );
  return {
    query: async (sql, on) => {
      const dated = on === undefined ? sql : sql.replaceAll('current_date', `DATE '${on}'`);
      return (await (await connection.runAndReadAll(dated)).getRowObjectsJson()) as readonly AnswerRow[];
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
