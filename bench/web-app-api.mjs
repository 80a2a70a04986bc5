// Requests that the web app's server answers in a second of one core, against the floor: the same server answering a constant,
// or what the bare client of the cache or driver of the database gives it. It stands on a real PostgreSQL and a real Redis, and is
// asked by connections that stay open, as a load balancer's do. What is measured is the processor time of the server's process, so
// that neither the client nor the machine's other work counts. `npm run -s build && npm run bench:web-app`.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import handlerBundle from '../dist/lib/compute/handler-bundle.js';
import { startPostgres } from '../test/fixtures/postgres.ts';
import { startRedis } from '../test/fixtures/redis.ts';
import { startProcess, stopProcess } from '../test/fixtures/server-process.ts';
import { startServer, startTokens } from '../test/patterns/web-app/container/server-fixture.ts';

const CONNECTIONS = 16;
const WARM_UP = 5_000;
const REQUESTS = 15_000;
/** Of a second: USER_HZ of Linux on every architecture that Node.js runs on. */
const TICKS = 100;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'groundplan-floor-'));

/** A server made of what the application is made of, that answers a constant; or what the driver gives. */
async function startFloor(name, answer, setUp = '') {
  const file = join(folder, `${name}.js`);
  const contents = `
    import { Hono } from 'hono';
    import { gracefulServer } from './patterns/web-app/container/graceful-server';
    ${setUp}
    const application = new Hono().get('*', async (c) => c.json(${answer}));
    const { server } = gracefulServer(application.fetch);
    server.listen(0, '127.0.0.1', () => console.log('Listening', server.address().port));`;
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  await build({ stdin, outfile: file, ...handlerBundle.HANDLER_BUNDLE, logLevel: 'error' });
  const { child, output } = await startProcess(process.execPath, [file], /Listening \d+/);
  return {
    pid: child.pid,
    url: `http://127.0.0.1:${/Listening (\d+)/.exec(output())[1]}`,
    stop: () => stopProcess(child),
  };
}

/** Seconds that a process has computed. */
function computed(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Asks for the same thing many times over a few connections, each one request at a time. */
async function ask(url, path, token, count) {
  const { hostname, port } = new URL(url);
  const head = `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n\r\n`;
  let left = count;
  const one = async () => {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, 'connect');
    await new Promise((resolve, reject) => {
      let text = '';
      const next = () => {
        text = '';
        left -= 1;
        if (left < 0) resolve();
        else socket.write(head);
      };
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        text += chunk;
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!text.startsWith('HTTP/1.1 200')) reject(new Error(text));
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
        if (Buffer.byteLength(text) >= end + 4 + length) next();
      });
      next();
    });
    socket.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

async function measure(pid, url, path, token) {
  await ask(url, path, token, WARM_UP);
  const before = computed(pid);
  await ask(url, path, token, REQUESTS);
  return REQUESTS / (computed(pid) - before);
}

const [postgres, redis, tokens] = [await startPostgres(), await startRedis(), await startTokens()];
const server = await startServer(postgres.endpoint, tokens.url, redis.endpoint);
try {
  const token = tokens.token('alice');
  let item;
  for (let n = 0; n < 20; n += 1) {
    const made = await fetch(`${server.url}/api/items`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `item-${n}` },
      body: JSON.stringify({ title: `item ${n}`, notes: 'A few words about it.' }),
    });
    item = await made.json();
  }
  const least = async (...floor) => {
    const { pid, url, stop } = await startFloor(...floor);
    const rate = await measure(pid, url, '/', token);
    await stop();
    return rate;
  };
  const constant = await least('constant', JSON.stringify(item));
  const { port } = redis.endpoint;
  const aRead = await least(
    'redis',
    `JSON.parse(await client.get('item'))`,
    `import { createClient } from '@redis/client';
     const client = createClient({ url: 'redis://127.0.0.1:${port}', commandOptions: { timeout: undefined } });
     client.connect().then(() => client.set('item', ${JSON.stringify(JSON.stringify(item))}));`,
  );
  const aQuery = await least(
    'postgres',
    `(await pool.query({ text: 'SELECT id, title, version, created_at, updated_at FROM items WHERE owner = $1', values: ['alice'] })).rows`,
    `import { Pool } from 'pg';
     const pool = new Pool({ host: '127.0.0.1', port: ${postgres.endpoint.port}, user: 'app', database: 'app' });`,
  );
  const rows = {};
  const add = (name, rate, floor) => {
    rows[name] = {
      'per second': Math.round(rate),
      'of a constant': (rate / constant).toFixed(2),
      ...(floor !== undefined && { 'of its floor': (rate / floor).toFixed(2) }),
    };
  };
  const of = (path) => measure(server.pid, server.url, path, token);
  add('floor: a constant', constant);
  add('floor: what the cache’s client reads', aRead);
  add('floor: what the database’s driver reads', aQuery);
  add('GET /api/health', await of('/api/health'), constant);
  add('GET /api/items/{id}, cached: 0 round trips', await of(`/api/items/${item.id}`), aRead);
  add('GET /api/items: 1 round trip', await of('/api/items'), aQuery);
  console.log(`node ${process.version}, ${REQUESTS} requests each over ${CONNECTIONS} connections, by processor time`);
  console.table(rows);
} finally {
  await server.stop();
  tokens.close();
  await Promise.all([postgres.stop(), redis.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
