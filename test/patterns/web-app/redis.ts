import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { createClient } from '@redis/client';
import { type Cache, type CacheOptions, openCache } from '../../../lib/runtime/cache';
import type { Endpoint } from '../../../lib/runtime/endpoint';
import { freePort, programOf, startProcess, stopProcess } from './server-process';

/** Whom the application connects as; the name of a deployed cache's user is made for its stack. */
export const CACHE_USER = 'web-app';
/** What the application may do in its cache, and nothing else. */
export const CACHE_ACCESS = '~item:* resetchannels -@all +get +set +del +eval';

/** A machine that is slow is no cache that is dead; what is about the times says its own. */
const PATIENT = { connectMs: 10_000, commandMs: 10_000, waitMs: 30_000 };

/** A real Redis with the application's user, on the loopback interface. */
export interface RedisStand {
  readonly endpoint: Endpoint;
  /** As the administrator. */
  command(...words: string[]): Promise<unknown>;
  /** Ends it; what it held is gone. */
  kill(): Promise<void>;
  /** Starts it again at its address. */
  start(): Promise<void>;
  /** It still takes connections, and answers nothing. */
  pause(): void;
  resume(): void;
  /** Connects as the application does. Closed with the stand. */
  open(options?: Partial<CacheOptions>): Cache;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<RedisStand> {
  const program = programOf('redis-server');
  if (program === undefined) throw new Error('redis-server is not on this machine: apt-get install redis-server');
  const endpoint = { host: '127.0.0.1', port: await freePort() };
  const caches: Cache[] = [];
  let child: ChildProcess;
  const stand: RedisStand = {
    endpoint,
    async command(...words) {
      const client = createClient({ socket: { ...endpoint, reconnectStrategy: false } });
      client.on('error', () => {});
      await client.connect();
      try {
        return await client.sendCommand(words);
      } finally {
        client.destroy();
      }
    },
    kill: () => stopProcess(child, 'SIGKILL'),
    async start() {
      const user = [CACHE_USER, 'on', 'nopass', ...CACHE_ACCESS.split(' ')];
      const args = ['--bind', endpoint.host, '--port', String(endpoint.port), '--save', '', '--user', ...user];
      ({ child } = await startProcess(program, args, /Ready to accept connections/, { cwd: tmpdir() }));
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    open(options) {
      const cache = openCache({ ...PATIENT, endpoint, user: CACHE_USER, password: async () => 'token', ...options });
      caches.push(cache);
      return cache;
    },
    async stop() {
      for (const cache of caches) cache.close();
      await stopProcess(child, 'SIGKILL');
    },
  };
  await stand.start();
  return stand;
}
