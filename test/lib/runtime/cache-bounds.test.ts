import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Cache, type CacheOptions, noCache, openCache } from '../../../lib/runtime/cache';
import { MemoryConnection } from './redis-in-memory-fixture';

const { connect, pauses } = vi.hoisted(() => ({ connect: vi.fn(), pauses: [] as number[] }));
vi.mock('../../../lib/runtime/redis-connection.lazy', () => ({ connectRedis: connect }));
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    pauses.push(ms);
  },
}));

const NOW = Date.UTC(2026, 10, 24);
let values: Map<string, string>;
let connection: MemoryConnection;
let troubles: unknown[];
let reads: string[];
/** Whether a command fails, as if the connection were lost. */
let fails: (words: readonly string[]) => boolean;
/** Called before each command. */
let before: (words: readonly string[]) => void;

/** As the scripts of the cache do it, by their number of keys and what they set. */
function evaluate([, script = '', , ...rest]: readonly string[]): unknown {
  if (script.startsWith('local value')) {
    const [key = '', lock = '', token = ''] = rest;
    const value = values.get(key);
    if (value !== undefined) return [value, 0];
    if (values.has(lock)) return [null, 0];
    values.set(lock, token);
    return [null, 1];
  }
  if (script.includes("'PX'")) {
    const [key = '', lock = '', token = '', value = ''] = rest;
    if (values.get(lock) !== token) return 0;
    values.set(key, value);
    values.delete(lock);
    return 1;
  }
  const [lock = '', token = ''] = rest;
  if (values.get(lock) === token) values.delete(lock);
  return 1;
}

beforeEach(() => {
  [values, troubles, reads, fails, before] = [new Map(), [], [], () => false, () => {}];
  pauses.length = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  connection = new MemoryConnection((words) => {
    before(words);
    if (fails(words)) throw new Error('lost');
    const [word = '', ...keys] = words;
    if (word === 'GET') return values.get(keys[0] ?? '') ?? null;
    if (word === 'DEL') return keys.filter((key) => values.delete(key)).length;
    return evaluate(words);
  });
  connect.mockImplementation(async () => connection);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const open = (options: Partial<CacheOptions> = {}): Cache =>
  openCache({
    endpoint: { host: 'localhost', port: 1 },
    user: 'u',
    password: async () => 'x',
    onTrouble: (error) => troubles.push(error),
    onRead: (outcome) => reads.push(outcome),
    ...options,
  });
const evals = () => connection.asked.filter(([word]) => word === 'EVAL');
const words = () => connection.asked.map(([word]) => word);
/** Until the link, which tries a cache that was away beside what goes on, has it again. */
async function found(cache: Cache): Promise<void> {
  while (reads.at(-1) === undefined || reads.at(-1) === 'bypass') {
    await cache.through('other', once(1));
    await new Promise((done) => setImmediate(done));
  }
  connection.asked.length = 0;
}
const once = (value: unknown) => vi.fn(async () => value);

describe('a value', () => {
  it.each([
    [0, undefined, 48_000],
    [0.5, undefined, 60_000],
    [1, undefined, 72_000],
    [0, 10, 8000],
    [1, 10, 12_000],
  ])('stays its time, give or take a fifth (chance %s, %s s)', async (chance, ttlSeconds, ms) => {
    vi.mocked(Math.random).mockReturnValue(chance);
    const load = once({ n: 1 });
    const cache = open(ttlSeconds === undefined ? {} : { ttlSeconds });
    expect(await cache.through('k', load)).toEqual({ n: 1 });
    expect(evals().at(-1)?.slice(2)).toEqual(['2', 'k', 'k:lock', expect.any(String), '{"n":1}', String(ms)]);
    expect([...values]).toEqual([['k', '{"n":1}']]);
    expect(await cache.through('k', load)).toEqual({ n: 1 });
    expect(load).toHaveBeenCalledTimes(1);
    expect(reads).toEqual(['miss', 'hit']);
  });

  it('is loaded behind a lock of five seconds', async () => {
    await open().through('k', once(1));
    const [claim] = evals();
    expect(claim?.slice(2)).toEqual(['2', 'k', 'k:lock', expect.stringMatching(/^[0-9a-f-]{36}$/), '5000']);
    expect(pauses).toEqual([]);
  });

  it('that is not there leaves no lock, and one that cannot be loaded neither', async () => {
    expect(await open().through('k', once(undefined))).toBeUndefined();
    expect(values.size).toBe(0);
    await expect(open().through('k', () => Promise.reject(new Error('no source')))).rejects.toThrow('no source');
    expect(values.size).toBe(0);
    expect(evals().map((each) => each[2])).toEqual(['2', '1', '2', '1']);
  });

  it('is answered though it cannot be kept', async () => {
    fails = ([word, script = '']) => word === 'EVAL' && script.includes('ARGV[3]');
    expect(await open().through('k', once(1))).toBe(1);
    expect(reads).toEqual(['miss']);
  });
});

describe("another's read", () => {
  it.each([
    [undefined, 10],
    [300, 3],
    [0, 1],
  ])('is waited for as long as it may (%s), and then the source answers', async (waitMs, claims) => {
    values.set('k:lock', 'another');
    before = ([word]) => {
      if (word === 'EVAL') vi.setSystemTime(Date.now() + 100);
    };
    expect(await open(waitMs === undefined ? {} : { waitMs }).through('k', once(1))).toBe(1);
    expect(evals()).toHaveLength(claims);
    expect(pauses).toEqual(Array(claims).fill(20));
    expect(reads).toEqual(['bypass']);
    expect([...values]).toEqual([['k:lock', 'another']]);
  });

  it.each([
    [0, 10],
    [1, 30],
  ])('is asked for again after 20 ms, by half to one and a half times (chance %s)', async (chance, ms) => {
    vi.mocked(Math.random).mockReturnValue(chance);
    values.set('k:lock', 'another');
    before = ([word]) => {
      if (word === 'EVAL' && evals().length === 2) values.set('k', '"theirs"');
    };
    const load = once('own');
    expect(await open().through('k', load)).toBe('theirs');
    expect(pauses).toEqual([ms]);
    expect(load).not.toHaveBeenCalled();
    expect(reads).toEqual(['hit']);
  });
});

describe('a cache that is away', () => {
  beforeEach(() => {
    fails = () => true;
  });

  it('is gone around, and tells of it by the link alone', async () => {
    expect(await open().through('k', once(1))).toBe(1);
    expect(reads).toEqual(['bypass']);
    expect(troubles).toHaveLength(1);
  });

  it('is asked three times to forget, after 50 ms and 100', async () => {
    await open().forget('k');
    expect(pauses).toEqual([50, 100]);
  });

  it('is asked to forget before it is asked for what it could not forget, as long as it may have it', async () => {
    const cache = open();
    await cache.forget('k');
    fails = () => false;
    values.set('k', '"old"');
    // What it keeps expires after 72 seconds.
    vi.setSystemTime(NOW + 71_999);
    await found(cache);
    expect(await cache.through('k', once('new'))).toBe('new');
    expect(values.get('k')).toBe('"new"');
    expect(words()).toEqual(['DEL', 'GET', 'EVAL', 'EVAL']);
    connection.asked.length = 0;
    expect(await cache.through('k', once('newer'))).toBe('new');
    expect(words()).toEqual(['GET']);
  });

  it('is trusted again once what it had has expired', async () => {
    const cache = open();
    await cache.forget('k');
    fails = () => false;
    values.set('k', '"kept since"');
    vi.setSystemTime(NOW + 72_000);
    await found(cache);
    expect(await cache.through('k', once('new'))).toBe('kept since');
    expect(words()).toEqual(['GET']);
  });

  it('is doubted for ten thousand values, the last that it could not forget', async () => {
    const cache = open();
    for (let n = 0; n <= 10_000; n += 1) await cache.forget(`k${n}`);
    fails = () => false;
    vi.setSystemTime(NOW + 60_000);
    await found(cache);
    for (const key of ['k0', 'k1', 'k10000']) values.set(key, '"old"');
    expect(await cache.through('k0', once('new'))).toBe('old');
    expect(await cache.through('k1', once('new'))).toBe('new');
    expect(await cache.through('k10000', once('new'))).toBe('new');
  });
});

describe('the rest', () => {
  it('takes what is no JSON for a miss of everything, and tells of it', async () => {
    values.set('k', '{"n":');
    expect(await open().through('k', once(1))).toBe(1);
    expect([reads, troubles]).toEqual([['bypass'], [expect.any(SyntaxError)]]);
  });

  it('forgets the lock, too, at once', async () => {
    values.set('k', '1').set('k:lock', 'x');
    await open().forget('k');
    expect([values.size, pauses.length]).toEqual([0, 0]);
  });

  it('ends its connection', async () => {
    const cache = open();
    await cache.through('k', once(1));
    cache.close();
    expect(connection.destroyed).toBe(1);
  });

  it('is nothing without a cache', async () => {
    expect(await noCache.through('k', async () => 1)).toBe(1);
    await noCache.forget('k');
    noCache.close();
  });
});
