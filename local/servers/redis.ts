import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A Redis on the loopback interface, in memory. */
export interface LocalRedis {
  readonly port: number;
  /** Ends it at once; what it held is gone. */
  kill(): Promise<void>;
  /** Starts it again at its port. */
  start(): Promise<void>;
}

/**
 * Starts this machine's `redis-server`.
 *
 * @param user whom the application connects as, and what that may do
 * @returns undefined when the machine has none
 */
export async function startRedis(user: { name: string; access: string }): Promise<LocalRedis | undefined> {
  const program = programOf('redis-server');
  if (program === undefined) return undefined;
  const port = await freePort();
  let child: ChildProcess | undefined;
  const end = () => child?.kill('SIGKILL');
  const redis: LocalRedis = {
    port,
    async start() {
      const acl = ['--user', user.name, 'on', 'nopass', ...user.access.split(' ')];
      const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', ...acl];
      child = spawn(program, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] });
      // It ends with this process at the latest.
      process.once('exit', end);
      await ready(child);
    },
    async kill() {
      process.off('exit', end);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
  await redis.start();
  return redis;
}

async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server did not start: ${output}`)));
  });
}

/** A program of the search path. */
function programOf(name: string): string | undefined {
  const files = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
