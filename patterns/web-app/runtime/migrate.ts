import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type Field,
  type RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import type { SchemaRequest } from '../../../lib/runtime/database-schema';
import { logger } from '../../../lib/runtime/observability';
import { MIGRATIONS, type Migration } from './migrations';

/** Where it runs, of what the deployment asked. */
export type SchemaTarget = Omit<SchemaRequest, 'version'>;

/** One for all that ever change this schema: who holds it is alone. Any number; it must never change. */
const LOCK = 7_361_920_415;
/** How long one call waits for it: below the 45 s that the Data API gives a statement. */
const LONGEST_TURN = '30s';
/** How long a change waits for a table that the application uses: while it waits, everyone behind it waits, too. */
const LONGEST_TABLE_LOCK = '5s';
/** PostgreSQL's code for a lock that did not come in time (PostgreSQL: error codes). */
const LOCK_NOT_AVAILABLE = '55P03';
/** Members of a role in RDS authenticate by IAM (AWS: IAM database authentication). */
const IAM_ROLE = 'rds_iam';
/** A name that needs no quotes in SQL. */
const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * What passes by itself: a cluster that pauses takes about 15 s to come back, 30 s and more after a day (AWS: scaling to zero); a
 * role's new permissions take some seconds to be known everywhere (AWS: IAM, eventual consistency).
 */
const PASSING: readonly string[] = [
  'AccessDeniedException',
  'DatabaseResumingException',
  'DatabaseUnavailableException',
  'ForbiddenException',
  'InternalServerErrorException',
  'InvalidResourceStateException',
  'ServiceUnavailableError',
  'ThrottlingException',
  'TimeoutError',
  'TransactionNotFoundException',
];
const TRIES = 15;
/** Seconds between tries double from 1 to this: about two minutes in all. */
const LONGEST_WAIT_SECONDS = 10;

const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations (
  id text PRIMARY KEY,
  statements_sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

/** Runs one statement in the transaction at hand, and returns its rows. */
type Run = (sql: string, parameters?: Readonly<Record<string, string>>) => Promise<Field[][]>;

/**
 * Brings a schema up to date by the RDS Data API, which needs no connection into the VPC. Each step is one transaction behind one
 * lock, and is written down in it: it runs once, however often and by however many this is called, and nothing of it stays if it
 * fails.
 */
export class Migrator {
  /** @param wait pauses between tries. @default - for real */
  constructor(
    private readonly client: RDSDataClient,
    private readonly migrations: readonly Migration[] = MIGRATIONS,
    private readonly wait: (seconds: number) => Promise<unknown> = (seconds) => sleep(seconds * 1000),
  ) {}

  /** @throws Error with the step and PostgreSQL's words for what failed, or for a step that changed after it had run */
  async apply(target: SchemaTarget): Promise<void> {
    const { user } = target;
    if (!IDENTIFIER.test(user)) throw new Error(`"${user}" is no name of a role`);
    await this.transaction(target, 'the role of the application', (run) => ensureRole(run, user));
    for (const migration of this.migrations) {
      const applied = await this.transaction(target, migration.id, (run) => applyOnce(run, migration));
      logger.info(applied ? 'Applied a migration' : 'A migration has run before', { migration: migration.id });
    }
  }

  /** Runs `work` alone, in a transaction, and all of it again if what failed passes by itself. */
  private async transaction<Result>(
    target: SchemaTarget,
    step: string,
    work: (run: Run) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(target, work);
      } catch (error) {
        if (attempt === TRIES || !passes(error)) throw new Error(`${step}: ${told(error)}`, { cause: error });
        logger.warn('The database did not answer; retrying', { step, attempt, error: error as Error });
        await this.wait(Math.min(2 ** (attempt - 1), LONGEST_WAIT_SECONDS));
      }
    }
  }

  private async attempt<Result>(
    { clusterArn: resourceArn, secretArn, database }: SchemaTarget,
    work: (run: Run) => Promise<Result>,
  ): Promise<Result> {
    const { transactionId } = await this.client.send(new BeginTransactionCommand({ resourceArn, secretArn, database }));
    const run: Run = async (sql, parameters = {}) => {
      const { records } = await this.client.send(
        new ExecuteStatementCommand({
          resourceArn,
          secretArn,
          database,
          transactionId,
          sql,
          parameters: Object.entries(parameters).map(
            ([name, value]): SqlParameter => ({ name, value: { stringValue: value } }),
          ),
        }),
      );
      return records ?? [];
    };
    try {
      await run(`SET LOCAL lock_timeout = '${LONGEST_TURN}'`);
      // Out of a function's rows: the Data API has no type for a result that is void.
      await run(`SELECT 1 FROM pg_advisory_xact_lock(${LOCK})`);
      await run(`SET LOCAL lock_timeout = '${LONGEST_TABLE_LOCK}'`);
      const result = await work(run);
      await this.client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }));
      return result;
    } catch (error) {
      await this.rollback({ resourceArn, secretArn, transactionId });
      throw error;
    }
  }

  private async rollback(transaction: {
    resourceArn: string;
    secretArn: string;
    transactionId: string | undefined;
  }): Promise<void> {
    try {
      await this.client.send(new RollbackTransactionCommand(transaction));
    } catch (error) {
      // It ends by itself when no one asks for 3 minutes (AWS: RDS Data API); what failed before is what to report.
      logger.warn('The transaction could not be rolled back', { error: error as Error });
    }
  }
}

/** PostgreSQL has no CREATE ROLE IF NOT EXISTS; behind the lock it needs none. Outside of RDS there is no `rds_iam`. */
async function ensureRole(run: Run, user: string): Promise<void> {
  const rows = await run('SELECT rolname::text FROM pg_roles WHERE rolname IN (:user, :iam)', { user, iam: IAM_ROLE });
  const roles = rows.map(([name]) => name?.stringValue);
  if (!roles.includes(user)) await run(`CREATE ROLE ${user} LOGIN`);
  if (roles.includes(IAM_ROLE)) await run(`GRANT ${IAM_ROLE} TO ${user}`);
  await run(CREATE_HISTORY);
}

/** @returns whether it had to run */
async function applyOnce(run: Run, { id, statements }: Migration): Promise<boolean> {
  const digest = createHash('sha256').update(JSON.stringify(statements)).digest('hex');
  const [before] = await run('SELECT statements_sha256 FROM schema_migrations WHERE id = :id', { id });
  if (before !== undefined) {
    if (before[0]?.stringValue === digest) return false;
    throw new Error('it has run, and has changed since; leave it as it was and add a step');
  }
  for (const statement of statements) await run(statement);
  await run('INSERT INTO schema_migrations (id, statements_sha256) VALUES (:id, :digest)', { id, digest });
  return true;
}

function passes(error: unknown): boolean {
  const { name, message } = error as Error;
  return PASSING.includes(name) || message.includes(LOCK_NOT_AVAILABLE);
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
