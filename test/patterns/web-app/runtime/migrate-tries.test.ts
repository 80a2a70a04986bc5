import { createHash } from 'node:crypto';
import type { RDSDataClient } from '@aws-sdk/client-rds-data';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { Migrator } from '../../../../patterns/web-app/runtime/migrate';
import type { Migration } from '../../../../patterns/web-app/runtime/migrations';

const TARGET = { clusterArn: 'cluster', secretArn: 'secret', database: 'app', user: 'app' };
const STEP: Migration = { id: 'step', statements: ['CREATE TABLE a (n int)', 'CREATE TABLE b (n int)'] };
const DIGEST = createHash('sha256').update(JSON.stringify(STEP.statements)).digest('hex');

interface Input {
  readonly sql?: string;
  readonly parameters?: readonly { readonly name: string; readonly value: { readonly stringValue: string } }[];
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database?: string;
  readonly transactionId?: string;
}
type Call = (name: string, input: Input) => object | undefined;

const named = (name: string, message = name) => Object.assign(new Error(message), { name });

beforeAll(() => {
  logger.setLogLevel('SILENT');
});

/** A migrator whose Data API answers as told: what was asked of it, and the pauses between tries. */
function migratorWith(answer: Call = () => undefined, migrations: readonly Migration[] = [STEP]) {
  const calls: (readonly [string, Input])[] = [];
  const waited: number[] = [];
  let transactions = 0;
  const send = async (command: { constructor: { name: string }; input: Input }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push([name, command.input]);
    const given = answer(name, command.input);
    if (given !== undefined) return given;
    transactions += name === 'BeginTransaction' ? 1 : 0;
    return name === 'BeginTransaction' ? { transactionId: `t-${transactions}` } : {};
  };
  const pause = async (seconds: number) => {
    waited.push(seconds);
  };
  const migrator = new Migrator({ send } as unknown as RDSDataClient, migrations, pause);
  const statements = () => calls.flatMap(([, { sql }]) => (sql === undefined ? [] : [sql]));
  return { migrator, calls, waited, statements };
}

const rowsOf = (...values: readonly string[]) => ({ records: values.map((stringValue) => [{ stringValue }]) });
const rolesAre =
  (...roles: readonly string[]): Call =>
  (_, { sql = '' }) =>
    sql.includes('pg_roles') ? rowsOf(...roles) : undefined;

describe('a step', () => {
  it('is one transaction behind the lock, in the order of its statements, and written down', async () => {
    const { migrator, calls } = migratorWith();
    await migrator.apply(TARGET);
    const own = calls.filter(([, { transactionId }]) => transactionId === 't-2');
    expect(own.map(([name, { sql }]) => sql ?? name)).toEqual([
      "SET LOCAL lock_timeout = '30s'",
      'SELECT 1 FROM pg_advisory_xact_lock(7361920415)',
      "SET LOCAL lock_timeout = '5s'",
      'SELECT statements_sha256 FROM schema_migrations WHERE id = :id',
      ...STEP.statements,
      'INSERT INTO schema_migrations (id, statements_sha256) VALUES (:id, :digest)',
      'CommitTransaction',
    ]);
    expect(own.at(3)?.[1].parameters).toEqual([{ name: 'id', value: { stringValue: 'step' } }]);
    expect(own.at(-2)?.[1].parameters).toEqual([
      { name: 'id', value: { stringValue: 'step' } },
      { name: 'digest', value: { stringValue: DIGEST } },
    ]);
    const where = { resourceArn: 'cluster', secretArn: 'secret' };
    for (const [name, input] of calls)
      expect(input).toMatchObject(name === 'CommitTransaction' ? where : { ...where, database: 'app' });
  });

  it('that has run does not run again, and one that changed since is refused', async () => {
    const ran = (digest: string) =>
      migratorWith((_, { sql = '' }) => (/^SELECT st/.test(sql) ? rowsOf(digest) : undefined));
    const told = vi.spyOn(logger, 'info');
    await migratorWith().migrator.apply(TARGET);
    const same = ran(DIGEST);
    await same.migrator.apply(TARGET);
    expect(told.mock.calls.map(([message]) => message)).toEqual(['Applied a migration', 'A migration has run before']);
    told.mockRestore();
    expect(same.statements().filter((sql) => /CREATE TABLE [ab]|INSERT/.test(sql))).toEqual([]);
    const changed = ran('another');
    await expect(changed.migrator.apply(TARGET)).rejects.toThrow('step: it has run, and has changed since');
    expect(changed.calls.at(-1)?.[0]).toBe('RollbackTransaction');
    expect(changed.waited).toEqual([]);
  });

  it('is rolled back in its transaction when it fails, and tells of what failed also when that fails', async () => {
    const { migrator, calls } = migratorWith((name, { sql = '' }) => {
      if (name === 'RollbackTransaction') throw named('NotFoundException', 'no such transaction');
      if (sql.startsWith('CREATE TABLE b')) throw named('BadRequestException', 'it is there');
      return undefined;
    });
    await expect(migrator.apply(TARGET)).rejects.toThrow(/^step: it is there$/);
    expect(calls.at(-1)).toEqual([
      'RollbackTransaction',
      { resourceArn: 'cluster', secretArn: 'secret', transactionId: 't-2' },
    ]);
  });
});

describe('the role of the application', () => {
  const made = async (...roles: readonly string[]) => {
    const { migrator, statements, calls } = migratorWith(rolesAre(...roles), []);
    await migrator.apply(TARGET);
    const [asked] = calls.filter(([, { sql = '' }]) => sql.includes('pg_roles'));
    expect(asked?.[1].parameters?.map(({ value }) => value.stringValue)).toEqual(['app', 'rds_iam']);
    expect(statements().at(-1)).toMatch(/^CREATE TABLE IF NOT EXISTS schema_migrations/);
    return statements().filter((sql) => /ROLE|GRANT/.test(sql));
  };

  it('is made where there is none, and authenticates by IAM where that is known', async () => {
    expect(await made()).toEqual(['CREATE ROLE app LOGIN']);
    expect(await made('app')).toEqual([]);
    expect(await made('rds_iam')).toEqual(['CREATE ROLE app LOGIN', 'GRANT rds_iam TO app']);
    expect(await made('app', 'rds_iam')).toEqual(['GRANT rds_iam TO app']);
  });

  it.each(['a', '_', 'a0_z', `a${'b'.repeat(62)}`])('may be called %s', async (user) => {
    await expect(migratorWith().migrator.apply({ ...TARGET, user })).resolves.toBeUndefined();
  });

  it.each(['', '0', 'A', 'aB', 'a-b', 'a b', 'a;', ';a', 'ä', `a${'b'.repeat(63)}`])(
    'may not be called %j',
    async (user) => {
      const { migrator, calls } = migratorWith();
      await expect(migrator.apply({ ...TARGET, user })).rejects.toThrow('is no name of a role');
      expect(calls).toEqual([]);
    },
  );
});

describe('what failed', () => {
  const failing = (error: unknown, times: number) => {
    let left = times;
    return migratorWith((name) => {
      if (name !== 'BeginTransaction' || left === 0) return undefined;
      left -= 1;
      throw error;
    }, []);
  };

  it.each([
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
  ])('with %s passes by itself', async (name) => {
    const { migrator, waited } = failing(named(name), 1);
    await migrator.apply(TARGET);
    expect(waited).toEqual([1]);
  });

  it('at a lock that did not come in time passes by itself', async () => {
    const { migrator, waited } = failing(named('BadRequestException', 'ERROR: lock; SQLState: 55P03'), 1);
    await migrator.apply(TARGET);
    expect(waited).toEqual([1]);
  });

  it('is tried 15 times, after pauses that double up to ten seconds', async () => {
    const pauses = [1, 2, 4, 8, ...Array.from({ length: 10 }, () => 10)];
    const once = failing(named('TimeoutError'), 14);
    await once.migrator.apply(TARGET);
    expect(once.waited).toEqual(pauses);
    const never = failing(named('TimeoutError', 'it is away'), 15);
    await expect(never.migrator.apply(TARGET)).rejects.toThrow('the role of the application: it is away');
    expect(never.waited).toEqual(pauses);
  });

  it.each(['BadRequestException', 'StatementTimeoutException', ''])('with %j does not', async (name) => {
    const { migrator, waited } = failing(named(name, 'refused'), 1);
    const error = await migrator.apply(TARGET).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: 'the role of the application: refused',
      cause: { message: 'refused' },
    });
    expect(waited).toEqual([]);
  });
});
