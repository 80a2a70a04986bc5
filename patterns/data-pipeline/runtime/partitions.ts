import {
  BatchCreatePartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  type GlueClient,
  type StorageDescriptor,
} from '@aws-sdk/client-glue';

/** Days that are registered before they begin: a run that fails harms no one for so long. */
export const DAYS_AHEAD = 30;
/** Partitions of a request at most (AWS: Glue API, BatchCreatePartition). */
const MAX_PARTITIONS = 100;
const DAY_MS = 86_400_000;

/**
 * Registers the days of a table in the catalog. Athena needs none of them, since it projects them; Redshift knows no
 * projection and would find the table empty (AWS: Athena, partition projection considerations).
 */
export class Partitions {
  constructor(
    private readonly client: GlueClient,
    private readonly DatabaseName: string,
  ) {}

  /**
   * Registers each day from the first up to {@link DAYS_AHEAD} from now that is not registered yet.
   *
   * @param since first day, as `yyyy-MM-dd`
   * @param now milliseconds since 1970
   * @returns how many were missing
   * @throws Error when a day could not be registered
   */
  async register(TableName: string, since: string, now: number): Promise<number> {
    const { DatabaseName } = this;
    const { Table } = await this.client.send(new GetTableCommand({ DatabaseName, Name: TableName }));
    const storage = Table?.StorageDescriptor;
    if (storage?.Location === undefined) throw new Error(`The table ${TableName} has no location`);
    const known = await this.known(TableName);
    const missing = daysBetween(since, now + DAYS_AHEAD * DAY_MS).filter((day) => !known.has(day));
    for (let from = 0; from < missing.length; from += MAX_PARTITIONS) {
      const PartitionInputList = missing.slice(from, from + MAX_PARTITIONS).map((day) => ({
        Values: [day],
        StorageDescriptor: placed(storage, storage.Location ?? '', day),
      }));
      const { Errors = [] } = await this.client.send(
        new BatchCreatePartitionCommand({ DatabaseName, TableName, PartitionInputList }),
      );
      // Two runs at once want the same; what is there already is what was wanted.
      const failed = Errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
      if (failed !== undefined) {
        throw new Error(`${TableName} ${failed.PartitionValues?.join()}: ${failed.ErrorDetail?.ErrorMessage}`);
      }
    }
    return missing.length;
  }

  private async known(TableName: string): Promise<ReadonlySet<string | undefined>> {
    const days = new Set<string | undefined>();
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(
        new GetPartitionsCommand({ DatabaseName: this.DatabaseName, TableName, ExcludeColumnSchema: true, NextToken }),
      );
      for (const { Values } of page.Partitions ?? []) days.add(Values?.[0]);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return days;
  }
}

/** Days in UTC, as Firehose names its folders. */
function daysBetween(since: string, until: number): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${since}T00:00:00Z`); at <= until; at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

function placed({ Columns, InputFormat, OutputFormat, SerdeInfo }: StorageDescriptor, location: string, day: string) {
  return { Columns, InputFormat, OutputFormat, SerdeInfo, Location: `${location}dt=${day}/` };
}
