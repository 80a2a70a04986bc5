import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type RedshiftDataClient,
  type StatusString,
} from '@aws-sdk/client-redshift-data';
import type { ExternalSchema } from '../contract';

/** Seconds that the service waits for a statement before it answers (AWS: Redshift Data API, WaitTimeSeconds). */
const WAIT_SECONDS = 30;
const UNDER_WAY: readonly (StatusString | undefined)[] = ['SUBMITTED', 'PICKED', 'STARTED'];
/** A schema of a database: what needs no quotes in SQL. */
const IDENTIFIER = /^[a-z_][a-z0-9_]{0,126}$/;

/** Makes and drops an external schema by the Data API, which needs no connection into the VPC. */
export class ExternalSchemas {
  constructor(private readonly client: RedshiftDataClient) {}

  /** Makes it, in the place of one of that name. @throws Error with what Redshift says */
  async create(given: ExternalSchema): Promise<void> {
    const { schema, catalogDatabase, roleArn } = given;
    await this.drop(given);
    const [database, role] = [quoted(catalogDatabase), quoted(roleArn)];
    await this.run(
      given,
      `CREATE EXTERNAL SCHEMA ${name(schema)} FROM DATA CATALOG DATABASE ${database} IAM_ROLE ${role}`,
    );
  }

  /** Drops it; its tables stay, in the catalog and in the lake. */
  async drop(given: ExternalSchema): Promise<void> {
    await this.run(given, `DROP SCHEMA IF EXISTS ${name(given.schema)}`);
  }

  private async run({ workgroup, database, secret }: ExternalSchema, Sql: string): Promise<void> {
    const { Id } = await this.client.send(
      new ExecuteStatementCommand({ WorkgroupName: workgroup, Database: database, SecretArn: secret, Sql }),
    );
    for (;;) {
      const { Status, Error: why } = await this.client.send(
        new DescribeStatementCommand({ Id, WaitTimeSeconds: WAIT_SECONDS }),
      );
      if (Status === 'FINISHED') return;
      if (!UNDER_WAY.includes(Status))
        throw new Error(`${Sql}: ${Status?.toLowerCase()}: ${why ?? 'Redshift does not say why'}`);
    }
  }
}

function name(identifier: string): string {
  if (!IDENTIFIER.test(identifier)) throw new Error(`"${identifier}" is no name of a schema`);
  return identifier;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
