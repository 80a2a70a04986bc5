import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCache } from '../../../lib/runtime/cache';
import { SingleFlight } from '../../../lib/runtime/single-flight';
import { describeWithRedis } from '../../fixtures/describe-with';
import { eventually } from '../../fixtures/eventually';
import { CACHE_USER, type RedisFixture, startRedis } from '../../fixtures/redis';
import { openGate } from '../../fixtures/tcp-gate';

/** A source that counts how often it is read. */
function sourceOf(value: unknown = { n: 1 }, delayMs = 20) {
  const source = {
    value,
    reads: 0,
    read: async () => {
      source.reads += 1;
      const { value: found } = source;
      await wait(delayMs);
      return found;
    },
  };
  return source;
}

describeWithRedis('a cache beside a source', () => {
  let redis: RedisFixture;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(() => redis.command('FLUSHALL'));

  it('reads the source on a miss and not on a hit, and again once the value is forgotten', async () => {
    const outcomes: string[] = [];
    const cache = redis.open({ onRead: (outcome) => outcomes.push(outcome) });
    const source = sourceOf();
    expect(await cache.through('item:{a}', source.read)).toEqual({ n: 1 });
    expect(await cache.through('item:{a}', source.read)).toEqual({ n: 1 });
    expect(source.reads).toBe(1);
    source.value = { n: 2 };
    await cache.forget('item:{a}');
    expect(await cache.through('item:{a}', source.read)).toEqual({ n: 2 });
    expect(outcomes).toEqual(['miss', 'hit', 'miss']);
  });

  it('keeps values for about a minute, and no two of many for the same time', async () => {
    const cache = redis.open();
    const keys = Array.from({ length: 50 }, (_, n) => `item:{${n}}`);
    await Promise.all(keys.map((key) => cache.through(key, sourceOf().read)));
    const times = await Promise.all(keys.map(async (key) => Number(await redis.command('PTTL', key))));
    expect(Math.min(...times)).toBeGreaterThan(40_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(72_000);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5000);
    expect(await redis.command('KEYS', '*:lock')).toEqual([]);
  });

  it('makes one read of 100 misses at once, in five processes', async () => {
    const caches = Array.from({ length: 5 }, () => redis.open());
    const source = sourceOf({ n: 1 }, 100);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => caches[n % 5]?.through('item:{hot}', source.read)),
    );
    expect(answers).toEqual(Array.from({ length: 100 }, () => ({ n: 1 })));
    expect(source.reads).toBe(1);
  });

  it('keeps nothing of what is not there, and lets no lock fixture', async () => {
    const cache = redis.open();
    const source = sourceOf(null);
    expect(await cache.through('item:{none}', async () => undefined)).toBeUndefined();
    expect(await redis.command('KEYS', '*')).toEqual([]);
    await expect(cache.through('item:{none}', () => Promise.reject(new Error('the source failed')))).rejects.toThrow(
      'the source failed',
    );
    expect(await redis.command('KEYS', '*')).toEqual([]);
    source.value = { n: 1 };
    expect(await cache.through('item:{none}', source.read)).toEqual({ n: 1 });
  });

  it('never keeps what was read before a change', async () => {
    const [reader, writer] = [redis.open(), redis.open()];
    const source = sourceOf({ n: 'old' }, 100);
    const slow = reader.through('item:{a}', source.read);
    await eventually(() => expect(source.reads).toBe(1));
    source.value = { n: 'new' };
    await writer.forget('item:{a}');
    // It asked before the change, and may have the old value; nobody after it may.
    expect(await slow).toEqual({ n: 'old' });
    expect(await redis.command('GET', 'item:{a}')).toBeNull();
    expect(await reader.through('item:{a}', source.read)).toEqual({ n: 'new' });
  });

  it('does not take the lock away from who came after a change', async () => {
    const cache = redis.open();
    const [first, second] = [sourceOf({ n: 1 }, 60), sourceOf({ n: 2 }, 150)];
    const early = cache.through('item:{a}', first.read);
    await eventually(() => expect(first.reads).toBe(1));
    await cache.forget('item:{a}');
    const late = cache.through('item:{a}', second.read);
    await Promise.all([early, late]);
    expect(await redis.command('GET', 'item:{a}')).toBe(JSON.stringify({ n: 2 }));
  });

  it('reads the source when another read takes too long', async () => {
    const caches = [redis.open({ waitMs: 50 }), redis.open({ waitMs: 50 })];
    const [slow, fast] = [sourceOf({ n: 1 }, 600), sourceOf({ n: 1 }, 0)];
    const first = caches[0]?.through('item:{a}', slow.read);
    await eventually(() => expect(slow.reads).toBe(1));
    expect(await caches[1]?.through('item:{a}', fast.read)).toEqual({ n: 1 });
    expect(fast.reads).toBe(1);
    await first;
  });

  it('answers from the source while the cache is dead, tells of it once, and uses it again once it is back', async () => {
    const troubles: unknown[] = [];
    const outcomes: string[] = [];
    const cache = redis.open({
      onTrouble: (error) => troubles.push(error),
      onRead: (outcome) => outcomes.push(outcome),
    });
    const source = sourceOf({ n: 1 }, 0);
    await cache.through('item:{a}', source.read);
    await redis.kill();
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.through('item:{a}', source.read)));
    expect(answers).toEqual(Array.from({ length: 50 }, () => ({ n: 1 })));
    expect(troubles).toHaveLength(1);
    await cache.forget('item:{a}');
    await redis.start();
    await eventually(async () => {
      await cache.through('item:{a}', source.read);
      expect(outcomes.at(-1)).toBe('hit');
    }, 100);
  });

  it('survives a lost connection without a visit to the source', async () => {
    const gate = await openGate(redis.endpoint);
    const cache = redis.open({ endpoint: gate.endpoint });
    const source = sourceOf();
    await cache.through('item:{a}', source.read);
    gate.cut();
    expect(await cache.through('item:{a}', source.read)).toEqual({ n: 1 });
    expect(source.reads).toBe(1);
    await gate.close();
  });

  it('leaves a cache that is silent, and costs those who come later nothing', async () => {
    const cache = redis.open({ commandMs: 1000 });
    const source = sourceOf({ n: 1 }, 0);
    await cache.through('item:{a}', source.read);
    redis.pause();
    try {
      // Were it asked again, these would take 20 seconds.
      for (let n = 0; n < 20; n += 1) expect(await cache.through('item:{a}', source.read)).toEqual({ n: 1 });
      expect(source.reads).toBe(21);
    } finally {
      redis.resume();
    }
  });

  it('goes to the source for what it could not forget, until the cache has forgotten it', async () => {
    const gate = await openGate(redis.endpoint);
    const cache = redis.open({ endpoint: gate.endpoint, commandMs: 50 });
    const source = sourceOf({ n: 'old' }, 0);
    await cache.through('item:{a}', source.read);
    gate.muffle(true);
    redis.pause();
    source.value = { n: 'new' };
    await cache.forget('item:{a}');
    redis.resume();
    gate.cut();
    // What the cache had is put back: a cache that never heard of the change.
    await redis.command('SET', 'item:{a}', JSON.stringify({ n: 'old' }));
    gate.muffle(false);
    for (let n = 0; n < 50; n += 1) {
      expect(await cache.through('item:{a}', source.read)).toEqual({ n: 'new' });
      await wait(20);
    }
    expect(await redis.command('GET', 'item:{a}')).toBe(JSON.stringify({ n: 'new' }));
    await gate.close();
  });

  it('answers from the source when the cache refuses', async () => {
    const troubles: unknown[] = [];
    const cache = redis.open({ onTrouble: (error) => troubles.push(error) });
    const source = sourceOf();
    expect(await cache.through('other:{a}', source.read)).toEqual({ n: 1 });
    expect(String(troubles[0])).toContain('NOPERM');
  });

  it('takes no answer for an item that is not JSON', async () => {
    const cache = redis.open();
    await redis.command('SET', 'item:{a}', '{"n":');
    expect(await cache.through('item:{a}', sourceOf().read)).toEqual({ n: 1 });
  });

  it('logs in again before its login runs out, by a new token and without a new connection', async () => {
    const gate = await openGate(redis.endpoint);
    const tokens: string[] = [];
    const password = async () => {
      tokens.push(`token-${tokens.length}`);
      return tokens.at(-1) ?? '';
    };
    const cache = redis.open({ endpoint: gate.endpoint, password, loginHours: 0 });
    const source = sourceOf();
    await cache.through('item:{a}', source.read);
    await cache.through('item:{a}', source.read);
    await eventually(async () => {
      const log = (await redis.command('INFO', 'commandstats')) as string;
      expect(log).toMatch(/cmdstat_auth:calls=[1-9]/);
    });
    expect(tokens.length).toBeGreaterThan(1);
    expect(gate.taken()).toBe(1);
    await gate.close();
  });
});

describe('a cache that is not there', () => {
  it('is tried seldom, and the source answers', async () => {
    let tries = 0;
    const server = createServer((socket) => {
      tries += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const troubles: unknown[] = [];
    const onTrouble = (error: unknown) => troubles.push(error);
    const cache = openCache({ endpoint, user: CACHE_USER, password: async () => 'token', onTrouble });
    const source = sourceOf({ n: 1 }, 5);
    for (let n = 0; n < 40; n += 1) expect(await cache.through('item:{a}', source.read)).toEqual({ n: 1 });
    expect(source.reads).toBe(40);
    expect(tries).toBeLessThan(10);
    // Told of once each time that it was tried.
    expect(troubles.length).toBeLessThanOrEqual(tries);
    cache.close();
    server.close();
  });
});

describe('a single flight', () => {
  it('shares one run among who come at once, and never one that began before', async () => {
    const flights = new SingleFlight();
    let runs = 0;
    const work = async () => {
      runs += 1;
      const run = runs;
      await wait(20);
      return run;
    };
    const first = flights.run('a', work);
    const others = Array.from({ length: 10 }, () => flights.run('a', work));
    expect(await first).toBe(1);
    expect(await Promise.all(others)).toEqual(Array.from({ length: 10 }, () => 2));
    expect(await flights.run('a', work)).toBe(3);
  });

  it('does not let one failure be everyone’s', async () => {
    const flights = new SingleFlight();
    const first = flights.run('a', () => Promise.reject(new Error('no')));
    const second = flights.run('a', async () => 'yes');
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe('yes');
  });
});
