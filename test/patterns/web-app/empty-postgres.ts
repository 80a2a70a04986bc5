import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DATABASE_NAME, DATABASE_USER } from '../../../patterns/web-app/contract';
import { freePort, postgresFolders, programOf, startProcess, stopProcess, unprivileged } from './server-process';

/** A real PostgreSQL without a schema, on the loopback interface. */
export interface EmptyPostgres {
  /** Takes away what was there, and makes the application's database anew. @returns the administrator's connection string */
  renew(): Promise<string>;
  stop(): Promise<void>;
}

export async function startEmptyPostgres(): Promise<EmptyPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-empty-postgres-'));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }, ...user };
  const initdb = ['-D', data, '-U', 'administrator', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(program('initdb'), initdb, { ...options, stdio: 'pipe' });
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', `unix_socket_directories=${folder}`];
  const args = ['-D', data, '-p', String(port), ...settings];
  const { child } = await startProcess(program('postgres'), args, /ready to accept connections/, options);
  const url = (database: string) => `postgres://administrator@127.0.0.1:${port}/${database}`;
  return {
    renew: async () => {
      await query(url('postgres'), `DROP DATABASE IF EXISTS ${DATABASE_NAME} WITH (FORCE)`);
      await query(url('postgres'), `DROP ROLE IF EXISTS ${DATABASE_USER}, rds_iam`);
      await query(url('postgres'), `CREATE DATABASE ${DATABASE_NAME}`);
      return url(DATABASE_NAME);
    },
    stop: async () => {
      await stopProcess(child, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of one statement, on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function program(name: string): string {
  const found = programOf(name, postgresFolders());
  if (found === undefined) throw new Error(`${name} is not on this machine: apt-get install postgresql`);
  return found;
}
