import type { Endpoint } from './endpoint';
import type { RedisConnection } from './redis-connection.lazy';

/** The cache does not answer; its caller goes on without it. */
export class CacheUnavailable extends Error {}

/** How to reach a cache. */
export interface CacheLinkOptions {
  readonly endpoint: Endpoint;
  readonly user: string;
  /** Asked for each login. */
  readonly password: () => Promise<string>;
  /** Milliseconds for a connection and its login. @default 500 (cache-failover-retry) */
  readonly connectMs?: number;
  /** Milliseconds that a command may take. @default 200 */
  readonly commandMs?: number;
  /** Called once each time that the cache becomes unavailable. @default - nothing */
  readonly onTrouble?: (error: unknown) => void;
  /** Hours after which a connection logs in again. @default 11: ElastiCache cuts one after 12 (AWS: Authenticating with IAM) */
  readonly loginHours?: number;
}

/** Milliseconds that a cache which failed is left alone: at first, and at most. */
const REST_MS = { first: 250, most: 10_000 };
/** What a server says while it becomes, or stops being, the primary; a fresh connection finds another. */
const MOVED = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN)\b/;
const HOUR_MS = 3_600_000;

/**
 * A connection to a cache that may be away. A lost connection is replaced, and the command tried once more; a cache that then
 * still fails is left alone for a while, longer each time, and costs no request anything (cache-failover-retry).
 */
export class CacheLink {
  readonly #options: Required<CacheLinkOptions>;
  #connection: RedisConnection | undefined;
  #connecting: Promise<RedisConnection> | undefined;
  #loggedInAt = 0;
  /** In a row; none once a command was answered. */
  #failures = 0;
  #restsUntil = 0;
  #isClosed = false;

  constructor(options: CacheLinkOptions) {
    this.#options = { connectMs: 500, commandMs: 200, onTrouble: () => {}, loginHours: 11, ...options };
  }

  /** @throws CacheUnavailable */
  async command(words: readonly string[]): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connected();
      try {
        const answer = await this.#inTime(connection.command(words));
        this.#failures = 0;
        return answer;
      } catch (error) {
        if (isRefusal(error) && !MOVED.test(error.message)) {
          this.#options.onTrouble(error);
          throw new CacheUnavailable('The cache refused', { cause: error });
        }
        this.#drop(connection);
        // A silent cache would keep this request waiting once more.
        if (attempt === 2 || error instanceof CacheUnavailable) throw this.#rest(error);
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  async #connected(): Promise<RedisConnection> {
    if (this.#connection !== undefined) {
      this.#keepLoggedIn(this.#connection);
      return this.#connection;
    }
    if (this.#isClosed || Date.now() < this.#restsUntil) throw new CacheUnavailable('The cache is left alone');
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    if (this.#failures === 0) return this.#connecting;
    // It failed before: whether it is back is nothing that a request should wait for.
    this.#connecting.catch(() => {});
    throw new CacheUnavailable('The cache is being tried');
  }

  async #connect(): Promise<RedisConnection> {
    const { connectRedis } = await import('./redis-connection.lazy.js');
    try {
      const connection = await connectRedis(this.#options);
      if (this.#isClosed) {
        connection.destroy();
        throw new Error('The cache was closed');
      }
      this.#connection = connection;
      this.#loggedInAt = Date.now();
      return connection;
    } catch (error) {
      throw this.#rest(error);
    }
  }

  #keepLoggedIn(connection: RedisConnection): void {
    const { loginHours, user, password } = this.#options;
    if (Date.now() - this.#loggedInAt < loginHours * HOUR_MS) return;
    this.#loggedInAt = Date.now();
    password()
      .then((token) => connection.command(['AUTH', user, token]))
      .catch((error: unknown) => {
        this.#drop(connection);
        this.#options.onTrouble(error);
      });
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const { commandMs } = this.#options;
      timer = setTimeout(() => reject(new CacheUnavailable(`No answer in ${commandMs} ms`)), commandMs);
    });
    answer.catch(() => {});
    try {
      return await Promise.race([answer, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  #drop(connection: RedisConnection): void {
    // Of all that fail at once, the first drops the connection: the others must not drop its successor.
    if (this.#connection === connection) this.#connection = undefined;
    connection.destroy();
  }

  /** Leaves the cache alone for a while, and reports it once. */
  #rest(error: unknown): CacheUnavailable {
    if (Date.now() >= this.#restsUntil && !this.#isClosed) {
      this.#restsUntil = Date.now() + Math.min(REST_MS.first * 2 ** this.#failures, REST_MS.most);
      this.#failures += 1;
      this.#options.onTrouble(error);
    }
    return error instanceof CacheUnavailable ? error : new CacheUnavailable('The cache failed', { cause: error });
  }
}

/** By its mark: the class is in a file that is loaded late. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'isRefusal' in error;
}
