import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CacheLink, type CacheLinkOptions, CacheUnavailable } from '../../../lib/runtime/cache-link';
import { MemoryConnection, Refusal } from './redis-in-memory-fixture';

const { connect } = vi.hoisted(() => ({ connect: vi.fn() }));
vi.mock('../../../lib/runtime/redis-connection.lazy', () => ({ connectRedis: connect }));

const ENDPOINT = { host: 'localhost', port: 6379 };
const HOUR_MS = 60 * 60 * 1000;
const never = new Promise<never>(() => {});

let connections: MemoryConnection[];
let troubles: unknown[];
/** What a command comes to, on the connection of that number, from 1. */
let answer: (words: readonly string[], connection: number) => unknown;
/** What a try to connect comes to before there is a connection. */
let opening: () => Promise<void> | void;

beforeEach(() => {
  [connections, troubles, answer, opening] = [[], [], () => 'OK', () => {}];
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.UTC(2026, 10, 24) });
  connect.mockReset();
  connect.mockImplementation(async () => {
    await opening();
    const number = connections.length + 1;
    const connection = new MemoryConnection((words) => answer(words, number));
    connections.push(connection);
    return connection;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (options: Partial<CacheLinkOptions> = {}) =>
  new CacheLink({
    endpoint: ENDPOINT,
    user: 'app',
    password: async () => 'token',
    onTrouble: (error) => troubles.push(error),
    ...options,
  });
/** What a command ends with, its message if it fails. */
const outcome = (link: CacheLink, words: readonly string[] = ['GET', 'a']): Promise<unknown> =>
  link.command(words).catch((error: unknown) => {
    expect(error).toBeInstanceOf(CacheUnavailable);
    return (error as Error).message;
  });
const lost = () => {
  throw new Error('the connection is lost');
};
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a link to a cache', () => {
  it('is opened by the first command, in half a second, and kept', async () => {
    const link = open();
    expect(await Promise.all([outcome(link), outcome(link)])).toEqual(['OK', 'OK']);
    expect(await outcome(link, ['GET', 'b'])).toBe('OK');
    expect(connect).toHaveBeenCalledTimes(1);
    expect(connect.mock.calls[0]?.[0]).toMatchObject({ endpoint: ENDPOINT, user: 'app', connectMs: 500 });
    expect(connections[0]?.asked).toEqual([
      ['GET', 'a'],
      ['GET', 'a'],
      ['GET', 'b'],
    ]);
    expect(troubles).toEqual([]);
  });

  it.each([
    [undefined, 200],
    [50, 50],
  ])('waits for an answer as long as it may (%s), and asks a silent cache once', async (commandMs, bound) => {
    answer = () => never;
    const ended = vi.fn();
    const asked = outcome(open(commandMs === undefined ? {} : { commandMs })).then(ended);
    await vi.advanceTimersByTimeAsync(bound - 1);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(ended).toHaveBeenCalledWith(`No answer in ${bound} ms`);
    expect(connect).toHaveBeenCalledTimes(1);
    expect(connections[0]?.destroyed).toBe(1);
    expect(troubles).toMatchObject([{ message: `No answer in ${bound} ms` }]);
  });

  it('leaves no timer behind an answer', async () => {
    await outcome(open());
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is replaced when it is lost, and the command tried once more, without a word', async () => {
    const link = open();
    answer = (_, connection) => (connection === 1 ? lost() : 'OK');
    expect(await outcome(link)).toBe('OK');
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([1, 0]);
    expect(troubles).toEqual([]);
  });

  it('is replaced once for all that lose it at once', async () => {
    const link = open();
    answer = (_, connection) => (connection === 1 ? lost() : 'OK');
    expect(await Promise.all([outcome(link), outcome(link), outcome(link)])).toEqual(['OK', 'OK', 'OK']);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([3, 0]);
  });

  it('keeps its connection when the cache refuses, and tells of it', async () => {
    const link = open();
    for (const message of ['NOPERM no', 'READONLYX', 'so READONLY', 'ERR LOADING']) {
      answer = () => {
        throw new Refusal(message);
      };
      expect(await outcome(link)).toBe('The cache refused');
    }
    expect(troubles).toHaveLength(4);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([0]);
    await expect(link.command(['GET', 'a'])).rejects.toMatchObject({ cause: { message: 'ERR LOADING' } });
  });

  it.each(['READONLY x', 'LOADING', 'MASTERDOWN x', 'CLUSTERDOWN x'])(
    'looks for the primary after %s',
    async (text) => {
      answer = (_, connection) => {
        if (connection === 1) throw new Refusal(text);
        return 'OK';
      };
      expect(await outcome(open())).toBe('OK');
      expect(connections.map(({ destroyed }) => destroyed)).toEqual([1, 0]);
      expect(troubles).toEqual([]);
    },
  );
});

describe('a cache that failed', () => {
  it('is left alone for a quarter of a second, then tried while requests go on without it', async () => {
    const link = open();
    answer = lost;
    expect(await outcome(link)).toBe('The cache failed');
    expect(connect).toHaveBeenCalledTimes(2);
    expect(troubles).toMatchObject([{ message: 'the connection is lost' }]);
    answer = () => 'OK';
    await vi.advanceTimersByTimeAsync(249);
    expect(await outcome(link)).toBe('The cache is left alone');
    expect(connect).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome(link)).toBe('The cache is being tried');
    await settled();
    expect(connect).toHaveBeenCalledTimes(3);
    expect(await outcome(link)).toBe('OK');
  });

  it('is left alone for twice as long each time, and for ten seconds at most', async () => {
    opening = lost;
    const link = open();
    expect(await outcome(link)).toBe('The cache failed');
    for (const rest of [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
      const tries = connect.mock.calls.length;
      await vi.advanceTimersByTimeAsync(rest - 1);
      expect(await outcome(link), `before ${rest} ms`).toBe('The cache is left alone');
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcome(link), `after ${rest} ms`).toBe('The cache is being tried');
      await settled();
      expect(connect).toHaveBeenCalledTimes(tries + 1);
    }
    expect(troubles).toHaveLength(9);
  });

  it('is as good as new once it answered', async () => {
    const link = open();
    answer = lost;
    await outcome(link);
    answer = () => 'OK';
    await vi.advanceTimersByTimeAsync(250);
    await outcome(link);
    await settled();
    expect(await outcome(link)).toBe('OK');
    answer = lost;
    expect(await outcome(link)).toBe('The cache failed');
    answer = () => 'OK';
    await vi.advanceTimersByTimeAsync(250);
    expect(await outcome(link)).toBe('The cache is being tried');
  });

  it('is told of once by all that meet it, and keeps its cause', async () => {
    opening = lost;
    const link = open();
    const failures = await Promise.allSettled([link.command(['GET', 'a']), link.command(['GET', 'b'])]);
    expect(failures).toMatchObject([
      { status: 'rejected', reason: { message: 'The cache failed', cause: { message: 'the connection is lost' } } },
      { status: 'rejected' },
    ]);
    expect(troubles).toHaveLength(1);
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('needs nobody to tell', async () => {
    opening = lost;
    expect(await outcome(new CacheLink({ endpoint: ENDPOINT, user: 'app', password: async () => 'x' }))).toBe(
      'The cache failed',
    );
  });
});

describe('a login', () => {
  const auths = () => connections.flatMap(({ asked }) => asked.filter(([word]) => word === 'AUTH'));

  it.each([
    [undefined, 11],
    [2, 2],
  ])('is repeated after its hours (%s), by a new token, on the same connection', async (loginHours, hours) => {
    let tokens = 0;
    const password = async () => {
      tokens += 1;
      return `token-${tokens}`;
    };
    const link = open({ password, ...(loginHours !== undefined && { loginHours }) });
    await outcome(link);
    vi.setSystemTime(Date.now() + hours * HOUR_MS - 1);
    await outcome(link);
    await settled();
    expect(auths()).toEqual([]);
    vi.setSystemTime(Date.now() + 1);
    await Promise.all([outcome(link), outcome(link)]);
    await settled();
    expect(auths()).toEqual([['AUTH', 'app', 'token-1']]);
    vi.setSystemTime(Date.now() + hours * HOUR_MS);
    await outcome(link);
    await settled();
    expect(auths()).toHaveLength(2);
    expect(connections).toHaveLength(1);
  });

  it('that is refused ends the connection, and is told of', async () => {
    const link = open();
    await outcome(link);
    answer = ([word], connection) => (word === 'AUTH' && connection === 1 ? lost() : 'OK');
    vi.setSystemTime(Date.now() + 11 * HOUR_MS);
    expect(await outcome(link)).toBe('OK');
    await settled();
    expect(troubles).toHaveLength(1);
    expect(await outcome(link)).toBe('OK');
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([1, 0]);
  });
});

describe('a link that was closed', () => {
  it('ends its connection, and asks no more', async () => {
    const link = open();
    await outcome(link);
    link.close();
    link.close();
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([1]);
    expect(await outcome(link)).toBe('The cache is left alone');
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('ends a connection that comes too late, and says nothing of it', async () => {
    const link = open();
    opening = () => link.close();
    expect(await outcome(link)).toBe('The cache failed');
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([1]);
    expect(troubles).toEqual([]);
  });
});
