import { noCache } from '../../lib/runtime/cache';
import { LocalMetrics } from '../../local/monitoring/metrics';
import { AttachmentsRepository } from '../../patterns/web-app/runtime/attachments-repository';
import { ItemsRepository } from '../../patterns/web-app/runtime/items-repository';
import { type PostgresFixture, startPostgres } from '../fixtures/postgres';
import { startRedis } from '../fixtures/redis';
import { startServer, startTokens } from '../patterns/web-app/container/server-fixture';
import { startUploads } from '../patterns/web-app/uploads-engine-fixture';
import { seen } from './live-alarms-handlers';
import type { OwnMetrics } from './live-alarms-template';

const OWNER = 'ada';
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
/** As long as the picture, and none. */
const PAGE = Buffer.from('<script>x()</sc>');

/** Reads and writes items with a cache and without, and sends a file that is good and one that lies; tells what was counted. */
export async function metricsOfWebApp(): Promise<OwnMetrics> {
  const postgres = await startPostgres();
  try {
    return new Set([...(await ofItems(postgres)), ...(await ofUploads(postgres))]);
  } finally {
    await postgres.stop();
  }
}

async function ofItems(postgres: PostgresFixture): Promise<OwnMetrics> {
  const [tokens, redis] = [await startTokens(), await startRedis()];
  const server = await startServer(postgres.endpoint, tokens.url, redis.endpoint);
  try {
    const headers = {
      authorization: `Bearer ${tokens.token(OWNER)}`,
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
    };
    const body = JSON.stringify({ title: 'an item' });
    const made = await fetch(`${server.url}/api/items`, { method: 'POST', headers, body });
    const { id } = (await made.json()) as { id: string };
    const read = () => fetch(`${server.url}/api/items/${id}`, { headers });
    // Missed, found, and read without a cache.
    await read();
    await read();
    await redis.kill();
    await read();
    // It sends what it has counted before it ends.
    await server.terminate();
    const metrics = new LocalMetrics(Date.now);
    for (const line of server.log()) metrics.readEmbedded(JSON.stringify(line));
    return seen({ metrics });
  } finally {
    await server.stop();
    await redis.stop();
    tokens.close();
  }
}

async function ofUploads(postgres: PostgresFixture): Promise<OwnMetrics> {
  const { engine, bucket: Bucket, stop } = await startUploads(postgres.endpoint);
  try {
    const database = postgres.connect();
    const items = new ItemsRepository(database, noCache);
    const attachments = new AttachmentsRepository(database, noCache);
    for (const [name, Body] of Object.entries({ picture: PICTURE, page: PAGE })) {
      const { item } = await items.create(OWNER, name, { title: name, notes: '' });
      const file = { name, contentType: 'image/png', size: Body.length } as const;
      const { object_key: Key } = await attachments.create(OWNER, item.id, name, file);
      await engine.stores.s3.call('PutObject', { Bucket, Key, Body, ContentType: file.contentType });
    }
    await engine.settle();
    return seen(engine);
  } finally {
    await stop();
  }
}
