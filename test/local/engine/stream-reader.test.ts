import { beforeEach, describe, expect, it } from 'vitest';
import { type Entry, LocalStream } from '../../../local/aws/stream';
import { sleep } from '../../../local/clock/clock';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { Failure } from '../../../local/engine/failure';
import { seededRandom } from '../../../local/engine/random';
import { StreamReader, type StreamSource } from '../../../local/engine/stream-reader';
import { ThrottledError } from '../../../local/lambda/local-function';

interface Change {
  readonly key: string;
  readonly number: number;
}

let clock: VirtualClock;
let stream: LocalStream<Change>;
let given: { records: readonly Change[]; why: string }[];
beforeEach(() => {
  clock = new VirtualClock();
  stream = new LocalStream<Change>();
  given = [];
});

const put = (key: string, number: number) => stream.put(key, { key, number }, clock.now());
const read = (
  handle: (entries: readonly Entry<Change>[]) => Promise<number>,
  source: Partial<StreamSource> = {},
): void => {
  const whole = { batchSize: 100, filters: [], retryAttempts: 3, bisects: false, ...source };
  const giveUp = async (records: readonly Change[], why: string) => {
    given.push({ records, why });
  };
  const keyOf = ({ key }: Change) => key;
  new StreamReader(stream, whole, { handle, giveUp, keyOf }, clock).start();
};

describe('a stream reader', () => {
  it.each([1, 4])(
    'keeps the order of each key by %i batches at once while shards split and batches fail',
    async (lanes) => {
      const random = seededRandom(4, 'stream');
      const seen = new Map<string, number[]>();
      let [atOnce, most] = [0, 0];
      read(
        async (entries) => {
          if (random() < 0.3) throw new Failure('crash');
          [atOnce, most] = [atOnce + 1, Math.max(most, atOnce + 1)];
          await sleep(clock, 20 * random());
          atOnce -= 1;
          const done = random() < 0.2 ? Math.floor(random() * entries.length) : entries.length;
          for (const { record } of entries.slice(0, done)) {
            seen.set(record.key, [...(seen.get(record.key) ?? []), record.number]);
          }
          return done;
        },
        { batchSize: 7, retryAttempts: -1, parallelization: lanes },
      );
      for (let number = 0; number < 3000; number += 1) {
        clock.after(number, () => {
          put(`key-${number % 20}`, number);
          if (random() < 0.001) stream.split();
        });
      }
      await clock.settle();
      expect(most).toBeGreaterThanOrEqual(lanes);
      expect([...seen.values()].flat()).toHaveLength(3000);
      for (const numbers of seen.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(given).toEqual([]);
    },
  );

  it('bisects a batch down to the record at fault, and gives up that one alone', async () => {
    const done: number[] = [];
    const handle = async (entries: readonly Entry<Change>[]) => {
      if (entries.some(({ record }) => record.number === 5)) throw new Failure('poison');
      done.push(...entries.map(({ record }) => record.number));
      return entries.length;
    };
    for (let number = 0; number < 10; number += 1) put('k', number);
    read(handle, { bisects: true, retryAttempts: 2 });
    await clock.settle();
    expect(done).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9]);
    expect(given).toEqual([{ records: [{ key: 'k', number: 5 }], why: 'RetryAttemptsExhausted' }]);
  });

  it('gives up the whole of what is left when it may not bisect', async () => {
    for (let number = 0; number < 3; number += 1) put('k', number);
    read(async () => 1, { retryAttempts: 0 });
    await clock.settle();
    expect(given.map(({ records }) => records.map(({ number }) => number))).toEqual([[1, 2]]);
  });

  it('gives up what grew too old while it was tried', async () => {
    put('k', 1);
    read(
      async () => {
        throw new Failure('down');
      },
      { retryAttempts: -1, maximumRecordAge: 60 },
    );
    await clock.settle();
    expect(given).toEqual([{ records: [{ key: 'k', number: 1 }], why: 'MaximumRecordAgeExceeded' }]);
  });

  it('waits for a full batch as long as its window', async () => {
    const sizes: [number, number][] = [];
    const begun = clock.now();
    read(
      async (entries) => {
        sizes.push([entries.length, clock.now() - begun]);
        return entries.length;
      },
      { batchSize: 3, batchingWindow: 5 },
    );
    for (const at of [0, 1000, 2000, 10_000]) clock.after(at, () => put('k', at));
    await clock.settle();
    expect(sizes).toEqual([
      [3, 2000],
      [1, 15_000],
    ]);
  });

  it('hands on what a filter wants, and counts the rest as done', async () => {
    const seen: number[] = [];
    for (let number = 0; number < 5; number += 1) put(number % 2 === 0 ? 'even' : 'odd', number);
    read(
      async (entries) => {
        seen.push(...entries.map(({ record }) => record.number));
        return entries.length;
      },
      { filters: [{ key: ['odd'] }] },
    );
    await clock.settle();
    expect(seen).toEqual([1, 3]);
  });

  it('has no more batches at once of a shard than it may', async () => {
    let [atOnce, most] = [0, 0];
    for (let number = 0; number < 400; number += 1) put(`key-${number % 40}`, number);
    read(
      async (entries) => {
        [atOnce, most] = [atOnce + 1, Math.max(most, atOnce + 1)];
        await sleep(clock, 100);
        atOnce -= 1;
        return entries.length;
      },
      { batchSize: 10, parallelization: 3 },
    );
    await clock.settle();
    expect(most).toBe(3);
  });

  it('takes a batch up from the first record that failed, which bisecting leaves whole', async () => {
    const sizes: number[] = [];
    for (let number = 0; number < 10; number += 1) put('k', number);
    read(
      async (entries) => {
        sizes.push(entries.length);
        return sizes.length === 1 ? 4 : entries.length;
      },
      { bisects: true },
    );
    await clock.settle();
    expect(sizes).toEqual([10, 6]);
    expect(given).toEqual([]);
  });

  it('tries as often as it may, each time after a longer wait', async () => {
    const begun = clock.now();
    const at: number[] = [];
    put('k', 1);
    read(
      async () => {
        at.push(clock.now() - begun);
        throw new Failure('down');
      },
      { retryAttempts: 3 },
    );
    await clock.settle();
    expect(at).toEqual([0, 1000, 3000, 7000]);
    expect(given).toMatchObject([{ why: 'RetryAttemptsExhausted' }]);
  });

  it('counts as no try, and bisects for none, what did not reach the function', async () => {
    let tries = 0;
    const sizes: number[] = [];
    for (let number = 0; number < 10; number += 1) put('k', number);
    read(
      async (entries) => {
        tries += 1;
        if (tries < 20) throw new ThrottledError('Rate Exceeded.');
        sizes.push(entries.length);
        return entries.length;
      },
      { retryAttempts: 1, bisects: true },
    );
    await clock.settle();
    expect(sizes).toEqual([10]);
    expect(given).toEqual([]);
  });

  it('gives up what is too old even when nothing reaches the function', async () => {
    put('k', 1);
    read(
      async () => {
        throw new ThrottledError('Rate Exceeded.');
      },
      { retryAttempts: 1, maximumRecordAge: 60 },
    );
    await clock.settle();
    expect(given).toMatchObject([{ why: 'MaximumRecordAgeExceeded' }]);
  });

  it('lets go of what its only reader is done with, and of nothing that another still wants', async () => {
    const handle = async (entries: readonly Entry<Change>[]) => entries.length;
    for (let number = 0; number < 250; number += 1) put('k', number);
    read(handle);
    await clock.settle();
    expect(stream.records()).toEqual([]);
    put('k', 250);
    await clock.settle();
    expect(stream.roots[0]).toMatchObject({ records: [], gone: 251 });

    stream = new LocalStream<Change>();
    put('k', 1);
    read(handle);
    read(handle);
    await clock.settle();
    expect(stream.records()).toHaveLength(1);
  });
});
