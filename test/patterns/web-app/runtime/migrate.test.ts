// @project proofs
// @node24 alone

import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { LocalRdsData } from '../../../../local/aws/rds-data';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { AwsError } from '../../../../local/aws/service';
import type { OnCall } from '../../../../local/aws/wire';
import { Migrator } from '../../../../patterns/web-app/runtime/migrate';
import { MIGRATIONS, type Migration } from '../../../../patterns/web-app/runtime/migrations';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { type EmptyPostgres, query, startEmptyPostgres } from '../../../fixtures/empty-postgres';

const TARGET = {
  clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:app',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-1-abcdef',
  database: 'app',
  user: 'app',
};

describeWithPostgres('migrations by the RDS Data API, on a real PostgreSQL', () => {
  let postgres: EmptyPostgres;
  let local: LocalAws | undefined;
  let store: LocalRdsData | undefined;
  let waited: number[] = [];

  beforeAll(async () => {
    logger.setLogLevel('SILENT');
    postgres = await startEmptyPostgres();
  });
  afterAll(() => postgres?.stop());
  afterEach(async () => {
    await store?.close();
    await local?.close();
  });

  /** A migrator over HTTP, as the handler has it, and the connection string of its empty database. */
  async function fixture(migrations: readonly Migration[] = MIGRATIONS, onCall?: OnCall) {
    const url = await postgres.renew();
    store = new LocalRdsData(url);
    local = await startLocalAws({ 'rds-data': store }, { onCall });
    const client = new RDSDataClient({
      endpoint: local.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
    waited = [];
    const pause = async (seconds: number) => {
      waited.push(seconds);
    };
    return { url, client, migrator: new Migrator(client, migrations, pause), pause };
  }

  const tables = async (url: string) =>
    (await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).map(
      ({ tablename }) => tablename,
    );
  const history = async (url: string) =>
    (await query(url, 'SELECT id FROM schema_migrations ORDER BY id')).map(({ id }) => id);

  it('makes the schema from nothing, and the role that the application connects as', async () => {
    const { url, migrator } = await fixture();
    await migrator.apply(TARGET);
    expect(await tables(url)).toEqual(['attachments', 'items', 'schema_migrations']);
    expect(await history(url)).toEqual(MIGRATIONS.map(({ id }) => id));
    const asApplication = url.replace('administrator@', 'app@');
    expect(await query(asApplication, 'SELECT count(*)::int AS items FROM items')).toEqual([{ items: 0 }]);
    await expect(query(asApplication, 'SELECT * FROM schema_migrations')).rejects.toThrow('permission denied');
    await expect(query(asApplication, 'DROP TABLE items')).rejects.toThrow('must be owner');
    expect(store?.open).toBe(0);
  });

  it('does nothing the second time', async () => {
    const { url, migrator } = await fixture();
    await migrator.apply(TARGET);
    const before = await query(url, 'SELECT * FROM schema_migrations ORDER BY id');
    await migrator.apply(TARGET);
    expect(await query(url, 'SELECT * FROM schema_migrations ORDER BY id')).toEqual(before);
  });

  it('runs each step once when ten run it at once', async () => {
    // Not guarded by IF NOT EXISTS: whoever ran it twice would fail, or count twice.
    const counting = [
      { id: '1', statements: ['CREATE TABLE counter (n int)', 'INSERT INTO counter VALUES (1)'] },
      { id: '2', statements: ['INSERT INTO counter VALUES (1)'] },
    ];
    const { url, migrator } = await fixture(counting);
    await Promise.all(Array.from({ length: 10 }, () => migrator.apply(TARGET)));
    expect(await query(url, 'SELECT sum(n)::int AS runs FROM counter')).toEqual([{ runs: 2 }]);
    expect(waited).toEqual([]);
  });

  it('makes the role a member of rds_iam where there is such a role', async () => {
    const { url, migrator } = await fixture();
    await query(url, 'CREATE ROLE rds_iam');
    await migrator.apply(TARGET);
    expect(await query(url, "SELECT pg_has_role('app', 'rds_iam', 'member') AS member")).toEqual([{ member: true }]);
  });

  it('leaves nothing of a step that fails in the middle, names it, and goes on from there once it is mended', async () => {
    const good = { id: '0001-good', statements: ['CREATE TABLE good (n int)'] };
    const bad = { id: '0002-bad', statements: ['CREATE TABLE half (n int)', 'CREATE TABLE half (n int)'] };
    const later = { id: '0003-later', statements: ['CREATE TABLE later (n int)'] };
    const { url, migrator, client, pause } = await fixture([good, bad, later]);
    await expect(migrator.apply(TARGET)).rejects.toThrow(
      /^0002-bad: ERROR: relation "half" already exists; SQLState: 42P07$/,
    );
    expect(await tables(url)).toEqual(['good', 'schema_migrations']);
    expect(await history(url)).toEqual(['0001-good']);
    expect(waited).toEqual([]);
    expect(store?.open).toBe(0);

    const mended = { ...bad, statements: ['CREATE TABLE half (n int)'] };
    await new Migrator(client, [good, mended, later], pause).apply(TARGET);
    expect(await tables(url)).toEqual(['good', 'half', 'later', 'schema_migrations']);
  });

  it('refuses a step that changed after it had run', async () => {
    const { client, migrator, pause } = await fixture([{ id: '1', statements: ['CREATE TABLE a (n int)'] }]);
    await migrator.apply(TARGET);
    const changed = new Migrator(client, [{ id: '1', statements: ['CREATE TABLE b (n int)'] }], pause);
    await expect(changed.apply(TARGET)).rejects.toThrow('1: it has run, and has changed since');
  });

  it('waits for a cluster that comes back from its pause, longer each time', async () => {
    let calls = 0;
    const { url, migrator } = await fixture(MIGRATIONS, () => {
      calls += 1;
      if (calls <= 6) throw new AwsError('DatabaseResumingException', 'The Aurora DB instance is resuming');
    });
    await migrator.apply(TARGET);
    expect(waited).toEqual([1, 2, 4, 8, 10, 10]);
    expect(await history(url)).toEqual(MIGRATIONS.map(({ id }) => id));
  });

  it('starts a step anew when a call fails in its middle, and when nobody knows whether it was committed', async () => {
    const failing = new Map([
      ['Execute', 7],
      ['CommitTransaction', 2],
    ]);
    const { url, migrator } = await fixture(MIGRATIONS, ({ action }) => {
      const left = (failing.get(action) ?? 0) - 1;
      failing.set(action, left);
      if (left === 0) throw new AwsError('InternalServerErrorException', 'It is not known what happened', 500);
    });
    await migrator.apply(TARGET);
    expect(waited.length).toBe(2);
    expect(await history(url)).toEqual(MIGRATIONS.map(({ id }) => id));
    expect(store?.open).toBe(0);
  });

  it('asks again when a table is in use, and does not hold up those who use it for longer', async () => {
    const { url, migrator, client, pause } = await fixture([{ id: '1', statements: ['CREATE TABLE busy (n int)'] }]);
    await migrator.apply(TARGET);
    const reader = new LocalRdsData(url);
    const { transactionId } = await reader.call('BeginTransaction', { ...held });
    await reader.call('Execute', { ...held, transactionId, sql: 'LOCK TABLE busy IN ACCESS EXCLUSIVE MODE' });
    const change = [
      { id: '1', statements: ['CREATE TABLE busy (n int)'] },
      { id: '2', statements: ['ALTER TABLE busy ADD COLUMN m int'] },
    ];
    const letGo = async (seconds: number) => {
      await pause(seconds);
      await reader.close();
    };
    await new Migrator(client, change, letGo).apply(TARGET);
    expect(waited).toEqual([1]);
    expect(await history(url)).toEqual(['1', '2']);
  });

  it('gives up on a database that stays away, and says why', async () => {
    const { migrator } = await fixture(MIGRATIONS, () => {
      throw new AwsError('DatabaseUnavailableException', 'The writer instance is unavailable', 504);
    });
    await expect(migrator.apply(TARGET)).rejects.toThrow(
      'the role of the application: The writer instance is unavailable',
    );
    expect(waited.length).toBe(14);
  });

  it('refuses a role whose name would be read as SQL', async () => {
    const { migrator } = await fixture();
    await expect(migrator.apply({ ...TARGET, user: 'app; DROP TABLE items' })).rejects.toThrow('is no name of a role');
  });
});

const held = { resourceArn: TARGET.clusterArn, secretArn: TARGET.secretArn, database: TARGET.database };
