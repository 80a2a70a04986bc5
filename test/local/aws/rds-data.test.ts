import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LocalRdsData } from '../../../local/aws/rds-data';
import { type LocalAws, startLocalAws } from '../../../local/aws/server';
import { describeWithPostgres } from '../../fixtures/describe-with';
import { type EmptyPostgres, query, startEmptyPostgres } from '../../fixtures/empty-postgres';

const GIVEN = {
  resourceArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:app',
  secretArn: 'arn:secret',
  database: 'app',
};

describeWithPostgres('the local RDS Data API, asked by the real client', () => {
  let postgres: EmptyPostgres;
  let url: string;
  let store: LocalRdsData;
  let aws: LocalAws;
  let client: RDSDataClient;

  beforeAll(async () => {
    postgres = await startEmptyPostgres();
    url = await postgres.renew();
    store = new LocalRdsData(url);
    aws = await startLocalAws({ 'rds-data': store });
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    client = new RDSDataClient({ endpoint: aws.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  });
  afterAll(async () => {
    await aws?.close();
    await store?.close();
    await postgres?.stop();
  });
  beforeEach(async () => {
    await query(url, 'DROP TABLE IF EXISTS t');
    await query(url, 'CREATE TABLE t (n int)');
  });

  const run = (sql: string, parameters?: SqlParameter[], transactionId?: string) =>
    client.send(new ExecuteStatementCommand({ ...GIVEN, sql, parameters, transactionId }));
  const count = async () => (await query(url, 'SELECT count(*)::int AS rows FROM t'))[0]?.['rows'];

  it('gives each value the member of its type', async () => {
    const { records } = await run("SELECT 1::int, 2::bigint, 1.5::float8, true, NULL::text, 'a', 1.10::numeric");
    expect(records).toEqual([
      [
        { longValue: 1 },
        { longValue: 2 },
        { doubleValue: 1.5 },
        { booleanValue: true },
        { isNull: true },
        { stringValue: 'a' },
        { stringValue: '1.10' },
      ],
    ]);
  });

  it('takes parameters by name, and leaves casts and what looks like one alone', async () => {
    const parameters = [
      { name: 'a', value: { stringValue: "O'Neil; DROP TABLE t" } },
      { name: 'b', value: { isNull: true } },
    ];
    const { records } = await run("SELECT :a::text, :b::text, :a || ':c'", parameters);
    expect(records).toEqual([
      [{ stringValue: "O'Neil; DROP TABLE t" }, { isNull: true }, { stringValue: "O'Neil; DROP TABLE t:c" }],
    ]);
    expect(await count()).toBe(0);
  });

  it('commits a statement by itself, and tells how many rows it changed', async () => {
    expect(await run('INSERT INTO t VALUES (1), (2)')).toMatchObject({ numberOfRecordsUpdated: 2 });
    expect(await count()).toBe(2);
  });

  it('keeps what a transaction did to itself until it is committed, and forgets it when it is not', async () => {
    for (const [End, rows] of [
      [RollbackTransactionCommand, 0],
      [CommitTransactionCommand, 1],
    ] as const) {
      const { transactionId } = await client.send(new BeginTransactionCommand(GIVEN));
      await run('INSERT INTO t VALUES (1)', [], transactionId);
      expect(await count()).toBe(0);
      await client.send(new End({ ...GIVEN, transactionId }));
      expect(await count()).toBe(rows);
      await expect(run('SELECT 1', [], transactionId)).rejects.toMatchObject({ name: 'TransactionNotFoundException' });
    }
    expect(store.open).toBe(0);
  });

  it.each([
    ['SELECT * FROM nowhere', 'DatabaseErrorException', /^ERROR: relation "nowhere" does not exist; SQLState: 42P01$/],
    ['SELECT 1; SELECT 2', 'DatabaseErrorException', /multiple commands/],
    ['SELECT pg_sleep(0)', 'UnsupportedResultException', /VOID/],
  ])('refuses %s as AWS does', async (sql, name, message) => {
    await expect(run(sql)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('refuses by name what it does not know', async () => {
    const blob = [{ name: 'a', value: { blobValue: new Uint8Array([1]) } }];
    await expect(run('SELECT :a', blob)).rejects.toThrow('The local Data API cannot read parameter a');
    const batch = new BatchExecuteStatementCommand({ ...GIVEN, sql: 'SELECT 1' });
    await expect(client.send(batch)).rejects.toThrow('The local Data API does not know BatchExecute');
  });
});
