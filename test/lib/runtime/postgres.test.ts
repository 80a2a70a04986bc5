import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { connectDatabase } from '../../../lib/runtime/postgres';
import { DatabaseUnavailable } from '../../../lib/runtime/postgres-errors';
import { describeWithPostgres } from '../../fixtures/describe-with';
import { eventually } from '../../fixtures/eventually';
import { type PostgresFixture, startPostgres } from '../../fixtures/postgres';
import { freePort } from '../../fixtures/server-process';
import { openGate } from '../../fixtures/tcp-gate';

const ONE = 'SELECT 1::int AS one';

describeWithPostgres('a database that connections get lost to', () => {
  let postgres: PostgresFixture;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  afterEach(async () => {
    vi.restoreAllMocks();
    await postgres.disconnect();
  });

  it('repeats what was running when its connections were cut, on fresh ones, and says so', async () => {
    const lost: unknown[] = [];
    const database = postgres.connect({ onLost: (error) => lost.push(error) });
    const running = Array.from({ length: 30 }, (_, n) =>
      database.query<{ n: number }>('SELECT $1::int AS n, pg_sleep(0.3)', [n]),
    );
    const asleep = "SELECT FROM pg_stat_activity WHERE usename = 'app' AND wait_event = 'PgSleep'";
    await eventually(async () => expect(await postgres.query(asleep)).toHaveLength(10));
    await postgres.cutAll();
    const answers = await Promise.all(running);
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(answers.filter(({ repeated }) => repeated).length).toBeGreaterThanOrEqual(10);
    expect(lost.length).toBeGreaterThanOrEqual(10);
  });

  it('is not hurt by the loss of a connection that nobody uses', async () => {
    const database = postgres.connect({ maxConnections: 1 });
    await database.query(ONE, []);
    await postgres.cutAll();
    await wait(50);
    expect((await database.query(ONE, [])).rows).toEqual([{ one: 1 }]);
  });

  it('looks the name up anew after a loss, and finds the address that it stands for now', async () => {
    const gates = [await openGate(postgres.endpoint, { host: '127.0.0.5', port: 0 })];
    const { port } = gates[0]?.endpoint ?? { port: 0 };
    gates.push(await openGate(postgres.endpoint, { host: '127.0.0.6', port }));
    let address = '127.0.0.5';
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _: string,
      options: { all?: boolean },
      done: (...answer: unknown[]) => void,
    ) => (options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4))) as never);
    const database = postgres.connect({ writer: { host: 'localhost', port } });
    try {
      await Promise.all(Array.from({ length: 20 }, () => database.query(ONE, [])));
      const before = gates.map((gate) => gate.taken());
      address = '127.0.0.6';
      await gates[0]?.close();
      const answers = await Promise.all(Array.from({ length: 20 }, () => database.query(ONE, [])));
      expect(answers.every(({ rows }) => rows.length === 1)).toBe(true);
      expect([before[1], gates[0]?.taken()]).toEqual([0, before[0]]);
      expect(gates[1]?.taken()).toBeGreaterThan(0);
    } finally {
      await gates[1]?.close();
    }
  });

  it('goes elsewhere when the writer has become a reader, with all its connections', async () => {
    const database = postgres.connect({ maxConnections: 3 });
    // As after a failover: the connections are good, and their server takes no writes any more.
    const readOnly =
      "SELECT pg_backend_pid() AS pid, set_config('default_transaction_read_only', 'on', false), pg_sleep(0.2)";
    const before = await Promise.all(Array.from({ length: 3 }, () => database.query<{ pid: number }>(readOnly, [])));
    const pids = before.map(({ rows }) => rows[0]?.pid);
    expect(new Set(pids).size).toBe(3);
    const { rows, repeated } = await database.query<{ pid: number }>(
      "INSERT INTO items (id, owner, title, idempotency_key) VALUES ($1, 'o', 't', 'k') RETURNING pg_backend_pid() AS pid",
      ['00000000-0000-4000-8000-000000000001'],
    );
    expect(repeated).toBe(true);
    expect(pids).not.toContain(rows[0]?.pid);
  });

  it('waits for a server that is not there yet, and asks nothing twice for that', async () => {
    const port = await freePort();
    const database = postgres.connect({ writer: { host: '127.0.0.1', port } });
    const answers = Promise.all(Array.from({ length: 20 }, () => database.query(ONE, [])));
    await wait(200);
    const gate = await openGate(postgres.endpoint, { host: '127.0.0.1', port });
    try {
      expect((await answers).every(({ rows, repeated }) => rows.length === 1 && !repeated)).toBe(true);
    } finally {
      await gate.close();
    }
  });

  it('gives up on a server that does not come in time', async () => {
    const writer = { host: '127.0.0.1', port: await freePort() };
    const database = postgres.connect({ writer, connectSeconds: 0.2 });
    await expect(database.query(ONE, [])).rejects.toThrow(DatabaseUnavailable);
  });

  it('takes silence for a loss, and gives up after two', async () => {
    const gate = await openGate(postgres.endpoint);
    const database = postgres.connect({ writer: gate.endpoint, statementSeconds: 2, connectSeconds: 10 });
    try {
      await database.query(ONE, []);
      gate.muffle(true);
      await expect(database.query(ONE, [])).rejects.toThrow(DatabaseUnavailable);
      gate.muffle(false);
      expect((await database.query(ONE, [])).rows).toEqual([{ one: 1 }]);
    } finally {
      await gate.close();
    }
  });

  it('ends a statement that takes too long, and does not try it again', async () => {
    const database = postgres.connect({ statementSeconds: 1 });
    await postgres.reset();
    await expect(database.query('SELECT pg_sleep(20)', [])).rejects.toThrow('took too long');
    await expect(database.query('SELECT pg_sleep(20)', [])).rejects.toThrow(DatabaseUnavailable);
    expect((await database.query(ONE, [])).rows).toHaveLength(1);
  });

  it('leaves what PostgreSQL refuses to its caller, and keeps the connection', async () => {
    const database = postgres.connect({ maxConnections: 1 });
    const pid = async () => (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', [])).rows[0]?.pid;
    const before = await pid();
    await expect(database.query('SELECT nothing', [])).rejects.toMatchObject({ code: '42703' });
    expect(await pid()).toBe(before);
  });

  it('opens no more connections than it may, and serves all who wait', async () => {
    const gate = await openGate(postgres.endpoint);
    const database = postgres.connect({ writer: gate.endpoint, maxConnections: 2 });
    await Promise.all(Array.from({ length: 40 }, () => database.query('SELECT pg_sleep(0.01)', [])));
    expect(gate.taken()).toBe(2);
    await database.close();
    await expect(database.query(ONE, [])).rejects.toThrow(DatabaseUnavailable);
    await gate.close();
  });

  it('reads from the reader what may lag behind, and else from the writer', async () => {
    const [writer, reader] = [await openGate(postgres.endpoint), await openGate(postgres.endpoint)];
    const database = postgres.connect({ writer: writer.endpoint, reader: reader.endpoint });
    await database.query(ONE, []);
    expect([writer.taken(), reader.taken()]).toEqual([1, 0]);
    await database.query(ONE, [], 'reader');
    expect([writer.taken(), reader.taken()]).toEqual([1, 1]);
    await database.close();
    await Promise.all([writer.close(), reader.close()]);
  });

  it('never speaks in the clear to a server that it should trust', async () => {
    const failures = (['amazon', 'rds'] as const).map(async (trust) => {
      const database = postgres.connect({ trust, connectSeconds: 3 });
      return database.query(ONE, []).catch((error: unknown) => error);
    });
    for (const failure of await Promise.all(failures)) {
      expect(failure).toMatchObject({ cause: { message: expect.stringContaining('does not support SSL') } });
    }
    const writer = { host: 'db.example.com', port: 5432 };
    expect(() => postgres.connect({ writer, trust: 'none' })).toThrow('loopback');
    const reader = { host: '10.0.0.1', port: 5432 };
    expect(() => postgres.connect({ reader, trust: 'none' })).toThrow('loopback');
  });
});

it('signs a token for each new connection', async () => {
  const passwords: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      // AuthenticationCleartextPassword: what RDS asks who logs in by IAM for.
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      socket.once('data', (message) => {
        passwords.push(message.toString('utf8', 5, message.length - 1));
        socket.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let tokens = 0;
  const database = connectDatabase({
    writer: { host: '127.0.0.1', port },
    trust: 'none',
    database: 'app',
    user: 'app',
    password: async (endpoint) => {
      tokens += 1;
      return `token-${tokens}-for-${endpoint.port}`;
    },
    maxConnections: 1,
    connectSeconds: 3,
  });
  await expect(database.query(ONE, [])).rejects.toThrow(DatabaseUnavailable);
  expect(passwords.length).toBeGreaterThan(1);
  expect(passwords).toEqual(passwords.map((_, index) => `token-${index + 1}-for-${port}`));
  await database.close();
  server.close();
});
