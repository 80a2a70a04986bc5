import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Endpoint } from '../../../lib/runtime/endpoint';
import { connectDatabase, type Database, type DatabaseOptions } from '../../../lib/runtime/postgres';
import { DATABASE_NAME, DATABASE_USER } from '../../../patterns/web-app/contract';
import { MIGRATIONS } from '../../../patterns/web-app/runtime/migrations';
import { freePort, postgresFolders, programOf, startProcess, stopProcess, unprivileged } from './server-process';

/** A real PostgreSQL with the application's schema, on the loopback interface. */
export interface PostgresStand {
  readonly endpoint: Endpoint;
  /** As the administrator. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Statements that the application ran since the last reset, by text. */
  statements(): Promise<{ query: string; calls: number }[]>;
  reset(): Promise<void>;
  /** Cuts every connection of the application, as a failover does. */
  cutAll(): Promise<void>;
  /** Connects as the application does. */
  connect(options?: Partial<DatabaseOptions>): Database;
  /** Closes what was connected. */
  disconnect(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresStand> {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-postgres-'));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }, ...user };
  const initdb = ['-D', data, '-U', 'admin', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(program('initdb'), initdb, { ...options, stdio: 'pipe' });
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    fsync: 'off',
    max_connections: '200',
    shared_preload_libraries: 'pg_stat_statements',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { child } = await startProcess(
    program('postgres'),
    ['-D', data, ...flags],
    /ready to accept connections/,
    options,
  );

  const connections: Database[] = [];
  const endpoint = { host: '127.0.0.1', port };
  const setup = new Client({ ...endpoint, user: 'admin', database: 'postgres' });
  await setup.connect();
  await setup.query(`CREATE ROLE ${DATABASE_USER} LOGIN`);
  await setup.query(`CREATE DATABASE ${DATABASE_NAME}`);
  await setup.end();
  const admin = new Client({ ...endpoint, user: 'admin', database: DATABASE_NAME });
  admin.on('error', () => {});
  await admin.connect();
  await admin.query('CREATE EXTENSION pg_stat_statements');
  for (const { statements } of MIGRATIONS) for (const statement of statements) await admin.query(statement);

  const stand: PostgresStand = {
    endpoint,
    query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(text, [...values])).rows,
    statements: () =>
      stand.query(
        `SELECT s.query, s.calls::int FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = $1`,
        [DATABASE_USER],
      ),
    reset: async () => {
      await stand.query('SELECT pg_stat_statements_reset()');
    },
    cutAll: async () => {
      await stand.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [DATABASE_USER]);
    },
    connect: (given) => {
      const database = connectDatabase({
        writer: endpoint,
        trust: 'none',
        database: DATABASE_NAME,
        user: DATABASE_USER,
        password: async () => 'unused',
        maxConnections: 10,
        connectSeconds: 10,
        ...given,
      });
      connections.push(database);
      return database;
    },
    disconnect: async () => {
      await Promise.all(connections.splice(0).map((database) => database.close()));
    },
    stop: async () => {
      await stand.disconnect();
      await admin.end();
      await stopProcess(child, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stand;
}

function program(name: string): string {
  const found = programOf(name, postgresFolders());
  if (found === undefined) throw new Error(`${name} is not on this machine: apt-get install postgresql`);
  return found;
}
