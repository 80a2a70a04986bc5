import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheLink, CacheUnavailable } from '../../../lib/runtime/cache-link';
import { roleCredentials } from '../../../lib/runtime/credentials';
import { customResource } from '../../../lib/runtime/custom-resource';
import { connectDatabase } from '../../../lib/runtime/postgres';
import { DatabaseUnavailable } from '../../../lib/runtime/postgres-errors';
import { deafServer, type SilentServer, silentServer } from './silent-server-fixture';

const SERVERS = [
  ['takes connections and never answers', silentServer],
  ['never takes a connection', deafServer],
] as const;

/** AuthenticationOk and ReadyForQuery (PostgreSQL, message formats). */
const READY = 'R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I';

let server: SilentServer;
const { timeout } = AbortSignal;
beforeEach(() => {
  // What waits by a signal waits a hundredth of its time here.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout.call(AbortSignal, ms / 100));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

function database(port: number) {
  const writer = { host: '127.0.0.1', port };
  const password = async () => 'x';
  const bounds = { maxConnections: 1, connectSeconds: 0.2, statementSeconds: -0.8 };
  return connectDatabase({ writer, trust: 'none', database: 'd', user: 'u', password, ...bounds });
}

describe.each(SERVERS)('a server that %s', (_, serve) => {
  beforeEach(async () => {
    server = await serve();
  });

  it('is no database', async () => {
    const silent = database(server.port);
    await expect(silent.query('SELECT 1', [])).rejects.toThrow(DatabaseUnavailable);
    await silent.close();
  });

  it('is no cache', async () => {
    const endpoint = { host: '127.0.0.1', port: server.port };
    const cache = new CacheLink({ endpoint, user: 'u', password: async () => 'x', connectMs: 100 });
    await expect(cache.command(['GET', 'x'])).rejects.toThrow(CacheUnavailable);
    cache.close();
  });

  it('hands out no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${server.port}/`);
    await expect(roleCredentials()()).rejects.toMatchObject({ name: 'TimeoutError' });
    vi.unstubAllEnvs();
  });

  it('takes no answer of a custom resource, which fails within its function’s time', async () => {
    const { handler, event } = resourceAt(server.port);
    await expect(handler(event)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a database that goes silent once it is connected', () => {
  it('is left after a statement’s time', async () => {
    server = await silentServer(READY);
    const silent = database(server.port);
    await expect(silent.query('SELECT 1', [])).rejects.toThrow(DatabaseUnavailable);
    await silent.close();
  });
});

function resourceAt(port: number) {
  const apply = async () => {};
  const handler = customResource({ physicalId: () => 'x', apply, remove: apply });
  const event = {
    RequestType: 'Create',
    ResponseURL: `http://127.0.0.1:${port}/`,
    ServiceToken: 'arn',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'l',
    ResourceType: 'Custom::X',
    ResourceProperties: { ServiceToken: 'arn' },
  } as const;
  return { handler, event };
}
