import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../local/clock/clock';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { MAX_IN_FLIGHT, type Pace, pace } from '../../../../patterns/data-pipeline/load/pace';

interface Sending {
  /** Milliseconds that a request takes, by its number from one. @default - none */
  readonly latency?: (nth: number) => number;
  readonly clock?: VirtualClock;
}

/** Paces without a network: what was sent, and when. */
async function paced(options: Partial<Pace> & Sending = {}) {
  const { latency = () => 0, clock = new VirtualClock(0), ...rest } = options;
  const sent: [at: number, count: number][] = [];
  let [underWay, most] = [0, 0];
  const work = pace({
    rate: 100,
    duration: 1000,
    batch: 500,
    terminal: { now: () => clock.now(), sleep: (ms) => sleep(clock, ms) },
    send: async (count) => {
      sent.push([clock.now(), count]);
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(clock, latency(sent.length));
      underWay -= 1;
    },
    stopped: () => false,
    ...rest,
  });
  await clock.during(work);
  return { sent, most, took: clock.now(), total: sent.reduce((sum, [, count]) => sum + count, 0) };
}

describe('the pace of a load', () => {
  it('is so many events at each tick, to the last one within the time', async () => {
    const { sent, took } = await paced();
    expect(sent).toEqual(Array.from({ length: 10 }, (_, index) => [index * 100, 10]));
    expect(took).toBe(1000);
  });

  it.each([
    [1, 3000, 3],
    [3, 2000, 6],
    [7, 10_000, 70],
    [333, 1000, 333],
    [50_000, 2000, 100_000],
  ])('of %i/s for %i ms is %i events', async (rate, duration, total) => {
    expect(await paced({ rate, duration })).toMatchObject({ total, took: duration });
  });

  it('cuts what is due into requests', async () => {
    const { sent } = await paced({ rate: 12_000, duration: 1000 });
    expect(sent.slice(0, 4)).toEqual([
      [0, 500],
      [0, 500],
      [0, 200],
      [100, 500],
    ]);
  });

  it('waits for the last answer', async () => {
    expect((await paced({ latency: () => 450 })).took).toBe(1350);
  });

  it('has no more requests under way than it may, and sends more as soon as there is room', async () => {
    const { sent, most, total } = await paced({ rate: 20_000, duration: 10_000, batch: 100, latency: () => 250 });
    expect(most).toBe(MAX_IN_FLIGHT);
    // Ten requests of a hundred every quarter of a second.
    expect(total).toBe(40_000);
    expect(new Set(sent.map(([at]) => at % 250))).toEqual(new Set([0]));
  });

  it('makes up for a short lapse', async () => {
    // The first ten requests take all the room for 600 ms.
    const { sent, total, took } = await paced({ duration: 3000, batch: 1, latency: (nth) => (nth <= 10 ? 600 : 0) });
    expect(sent.slice(0, 10).map(([at]) => at)).toEqual(Array(10).fill(0));
    expect(sent.filter(([at]) => at === 600)).toHaveLength(60);
    expect([total, took]).toEqual([300, 3000]);
  });

  it('sends no burst after a long lapse', async () => {
    const clock = new VirtualClock(0);
    const sent: number[] = [];
    const jump = { by: 0 };
    await paced({
      clock,
      duration: 60_000,
      // The machine sleeps for half a minute after the first second.
      terminal: {
        now: () => clock.now() + jump.by,
        sleep: async (ms) => {
          await sleep(clock, ms);
          if (clock.now() === 1000) jump.by = 30_000;
        },
      },
      send: async (count) => {
        sent.push(count);
      },
    });
    expect(sent.slice(0, 10)).toEqual(Array(10).fill(10));
    expect(sent[10]).toBe(100);
    expect(sent.slice(11)).toEqual(Array(289).fill(10));
  });

  it('ends when it is stopped, after what is under way', async () => {
    const clock = new VirtualClock(0);
    const { total, took } = await paced({
      clock,
      duration: 60_000,
      latency: () => 130,
      stopped: () => clock.now() >= 500,
    });
    expect([total, took]).toEqual([50, 530]);
  });
});
