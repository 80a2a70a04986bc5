import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { stackOwnName } from '../naming/stack-own-name';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** A column of a table in the lake. */
export interface LakeColumn {
  /** Lower-case letters, digits and underscores: Athena folds the rest together. */
  readonly name: string;
  /** A Hive type, such as `string`, `bigint`, `timestamp`. */
  readonly type: string;
  readonly comment?: string;
}

/** Props of {@link EventCatalog}. */
export interface EventCatalogProps {
  /** Your own database. @default - a new one */
  readonly existingDatabase?: string;
  /** What happens to the database and its tables when the stack goes: as to the files that they describe. @default - deleted */
  readonly removalPolicy?: RemovalPolicy;
}

/** Props of {@link EventCatalog.addTable}. */
export interface LakeTableProps {
  readonly bucket: IBucket;
  /** Where its files are, such as `events/`; below it one folder for each day. */
  readonly prefix: string;
  readonly columns: readonly LakeColumn[];
  /** The first day that a query without a bound looks at, as `yyyy-MM-dd`. */
  readonly since: string;
}

/** The partition of every table: the day of arrival in UTC, as Firehose writes it. */
export const PARTITION = 'dt';

const DAY = /^\d{4}-\d\d-\d\d$/;
/** Types that Hive's JSON and Parquet SerDes and Athena have in common (AWS: Athena, data types). */
const HIVE_TYPE =
  /^(boolean|tinyint|smallint|int|bigint|float|double|string|date|timestamp|binary|decimal\(\d+,\s*\d+\)|(char|varchar)\(\d+\)|(array|map|struct)<.+>)$/;

/** A folder of one day below a table's prefix, in Firehose's own expressions. */
export const DAY_FOLDER = `${PARTITION}=!{timestamp:yyyy-MM-dd}/`;

/**
 * One Glue database that Firehose writes by, and Athena and Redshift read by. Partitions are projected: a new day is there
 * without a crawler.
 */
export class EventCatalog extends Construct {
  readonly databaseName: string;
  private readonly database?: CfnDatabase;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: EventCatalogProps = {}) {
    super(scope, id);
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;
    if (props.existingDatabase !== undefined) {
      this.databaseName = props.existingDatabase;
      return;
    }
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        // CloudFormation takes no database without a name, so this one is the construct's path and the stack's own.
        name: stackOwnName(this, { separator: '_', maxLength: 200 }),
        description: 'Events of the data pipeline',
      },
    });
    this.database.applyRemovalPolicy(this.removalPolicy);
    this.databaseName = this.database.ref;
    handles(this.database, 'glue-catalog-shared');
  }

  /**
   * Adds a table of Parquet files.
   *
   * @throws RefusedValueError for a name or a column that Athena cannot tell apart, a type that it does not know, or a first
   * day that is none
   */
  addTable(name: string, { bucket, prefix, columns, since }: LakeTableProps): CfnTable {
    this.refuseBadColumns(name, columns);
    if (!DAY.test(since) || Number.isNaN(Date.parse(since))) {
      refuse(this, {
        prop: 'since',
        value: since,
        allowed: 'a day as yyyy-MM-dd',
        fix: 'pass the first day that has rows',
        catalogueId: 'athena-partitioned',
      });
    }
    const location = `s3://${bucket.bucketName}/${prefix}`;
    const table = new CfnTable(this, `Table-${name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.databaseName,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: PARTITION, type: 'string', comment: 'day of arrival, UTC' }],
        parameters: {
          classification: 'parquet',
          'projection.enabled': 'true',
          [`projection.${PARTITION}.type`]: 'date',
          [`projection.${PARTITION}.format`]: 'yyyy-MM-dd',
          [`projection.${PARTITION}.range`]: `${since},NOW`,
          [`projection.${PARTITION}.interval`]: '1',
          [`projection.${PARTITION}.interval.unit`]: 'DAYS',
          // The template's own placeholder, not CloudFormation's.
          'storage.location.template': Fn.join('', [location, `${PARTITION}=$`, `{${PARTITION}}/`]),
        },
        storageDescriptor: {
          location,
          columns: columns.map((column) => ({ ...column })),
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
    table.applyRemovalPolicy(this.removalPolicy);
    if (this.database !== undefined) table.node.addDependency(this.database);
    handles(table, 'athena-partitioned', 'athena-columnar-compressed', 'glue-catalog-shared');
    return table;
  }

  private refuseBadColumns(table: string, columns: readonly LakeColumn[]): void {
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    for (const each of [table, ...names]) {
      if (/^[a-z][a-z0-9_]{0,254}$/.test(each) && each !== PARTITION) continue;
      refuse(this, {
        prop: each === table ? 'table name' : 'column name',
        value: each,
        allowed: `lower-case letters, digits and underscores, and not ${PARTITION}, which is the partition`,
        fix: 'rename it: Athena converts names to lower case',
        catalogueId: 'athena-partitioned',
      });
    }
    const strange = columns.find(({ type }) => !HIVE_TYPE.test(type));
    if (columns.length > 0 && twice === undefined && strange === undefined) return;
    refuse(this, {
      prop: `columns of ${table}`,
      value: twice ?? (strange === undefined ? 'empty' : `${strange.name} ${strange.type}`),
      allowed: 'at least one column, with unique names and Hive types such as string, bigint, timestamp, array<string>',
      fix: 'correct the columns: Firehose converts records by them',
      catalogueId: 'firehose-parquet-conversion',
    });
  }
}
