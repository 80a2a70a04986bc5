import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CacheLink, type CacheLinkOptions, CacheUnavailable } from './cache-link';
import { SingleFlight } from './single-flight';

/** How a cache behaves; see {@link openCache}. */
export interface CacheOptions extends CacheLinkOptions {
  /** Seconds that a value stays, give or take a fifth: what was stored together must not expire together. @default 60 */
  readonly ttlSeconds?: number;
  /** Milliseconds that a miss waits for another's read, before it reads the source itself. @default 1000 */
  readonly waitMs?: number;
  /** Called for each read. @default - nothing */
  readonly onRead?: (outcome: 'hit' | 'miss' | 'bypass') => void;
}

/** A cache beside a source of truth. */
export interface Cache {
  /**
   * Answers from the cache, or loads from the source and keeps the value. `undefined` is not kept. However many miss at once,
   * in however many processes, one loads. Whatever is wrong with the cache, the source answers.
   *
   * @param load reads the source itself, never a copy that lags: a copy would be kept after the write that it lacks
   */
  through<T>(key: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Forgets a value. Call it after the source has changed, and before its caller is told so. It never fails. */
  forget(key: string): Promise<void>;
  close(): void;
}

/** Milliseconds that a lock stands when its holder died. */
const LOCK_MS = 5000;
const TTL_JITTER = 0.2;
const POLL_MS = 20;
/** Tries to forget, and milliseconds between them. */
const FORGET = { tries: 3, pauseMs: 50 };
/** Values that could not be forgotten, at most; more are dropped, the oldest first. */
const MAX_DOUBTS = 10_000;

/** A value; or the token of the lock that is the caller's now; or neither, when another's read took too long. */
type Found = { readonly value: unknown } | { readonly token?: string };

/** The value, or else the lock: `{false, 1}` if it is now the caller's, `{false, 0}` if it is another's. */
const CLAIM = `local value = redis.call('GET', KEYS[1])
if value then return {value, 0} end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {false, 1} end
return {false, 0}`;
/** Keeps a value if the lock still stands: a writer who came in between took it away, and what was read is old. */
const STORE = `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * Cache-aside with protection against stampedes and stale fills (cache-aside, cache-stampede-protection). The cache is never
 * the only place of anything (cache-is-not-the-database). If it is away while a value changes, this process asks the source
 * for that value until the cache has forgotten it; other processes may see the old one until it expires.
 *
 * Give keys a hash tag, `name:{id}`: the lock is kept beside the value.
 */
export function openCache(options: CacheOptions): Cache {
  const { ttlSeconds = 60, waitMs = 1000, onRead = () => {}, onTrouble = () => {} } = options;
  const link = new CacheLink(options);
  const flights = new SingleFlight();
  /** Keys that the cache may hold an old value of, and until when. */
  const doubts = new Map<string, number>();

  const bypass = <T>(key: string, load: () => Promise<T>): Promise<T> => {
    onRead('bypass');
    return flights.run(key, load);
  };
  const forgetNow = async (key: string): Promise<void> => {
    await link.command(['DEL', key, lockOf(key)]);
    doubts.delete(key);
  };
  const doubt = (key: string): void => {
    doubts.delete(key);
    doubts.set(key, Date.now() + ttlSeconds * 1000 * (1 + TTL_JITTER));
    const [oldest] = doubts.keys();
    if (doubts.size > MAX_DOUBTS && oldest !== undefined) doubts.delete(oldest);
  };

  const find = async (key: string): Promise<Found> => {
    if ((doubts.get(key) ?? 0) > Date.now()) await forgetNow(key);
    const text = await link.command(['GET', key]);
    if (typeof text === 'string') return { value: JSON.parse(text) };
    const token = randomUUID();
    const deadline = Date.now() + waitMs;
    do {
      const claim = ['EVAL', CLAIM, '2', key, lockOf(key), token, String(LOCK_MS)];
      const [value, isMine] = (await link.command(claim)) as [unknown, number];
      if (typeof value === 'string') return { value: JSON.parse(value) };
      if (isMine === 1) return { token };
      await wait(POLL_MS * (0.5 + Math.random()));
    } while (Date.now() < deadline);
    return {};
  };

  const fill = async <T>(key: string, token: string, load: () => Promise<T | undefined>): Promise<T | undefined> => {
    let value: T | undefined;
    try {
      value = await load();
      return value;
    } finally {
      const ttlMs = Math.round(ttlSeconds * 1000 * (1 + TTL_JITTER * (2 * Math.random() - 1)));
      const words =
        value === undefined
          ? ['EVAL', RELEASE, '1', lockOf(key), token]
          : ['EVAL', STORE, '2', key, lockOf(key), token, JSON.stringify(value), String(ttlMs)];
      // The link reported it; the value is there.
      await link.command(words).catch(() => {});
    }
  };

  return {
    async through<T>(key: string, load: () => Promise<T | undefined>) {
      let found: Found;
      try {
        found = await find(key);
      } catch (error) {
        if (!(error instanceof CacheUnavailable)) onTrouble(error);
        return bypass(key, load);
      }
      if ('value' in found) {
        onRead('hit');
        return found.value as T;
      }
      if (found.token === undefined) return bypass(key, load);
      onRead('miss');
      return fill(key, found.token, load);
    },
    async forget(key) {
      for (let attempt = 1; attempt <= FORGET.tries; attempt += 1) {
        try {
          await forgetNow(key);
          return;
        } catch {
          if (attempt < FORGET.tries) await wait(FORGET.pauseMs * attempt);
        }
      }
      doubt(key);
    },
    close: () => link.close(),
  };
}

/** For a deployment without a cache: every read goes to the source. */
export const noCache: Cache = {
  through: (_, load) => load(),
  forget: async () => {},
  close: () => {},
};

function lockOf(key: string): string {
  return `${key}:lock`;
}
