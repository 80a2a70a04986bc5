import { describe, expect, it, vi } from 'vitest';
import {
  Deadline,
  DeadlinePassed,
  fullJitter,
  type Timing,
  WALL_TIME,
} from '../../../../patterns/genai-rag/runtime/timing';
import { StandTiming } from './timing-fixture';

const never = () => new Promise<never>(() => {});

describe('the time of the machine', () => {
  it('is its clock, its timers and its chance', () => {
    vi.useFakeTimers({ now: 5000 });
    vi.spyOn(Math, 'random').mockReturnValue(0.25);
    try {
      expect([WALL_TIME.now(), WALL_TIME.random()]).toEqual([5000, 0.25]);
      const ran: string[] = [];
      WALL_TIME.after(10, () => ran.push('kept'));
      const cancel = WALL_TIME.after(10, () => ran.push('taken back'));
      cancel();
      vi.advanceTimersByTime(9);
      expect(ran).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(ran).toEqual(['kept']);
      cancel();
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });
});

describe('a deadline', () => {
  it('leaves the time until it, and never less than none', () => {
    const timing = new StandTiming();
    const deadline = new Deadline(timing, timing.now() + 100);
    expect(deadline.left()).toBe(100);
    timing.pass(99);
    expect([deadline.left(), deadline.signal.aborted]).toEqual([1, false]);
    timing.pass(1);
    expect([deadline.left(), deadline.signal.aborted]).toEqual([0, true]);
    timing.pass(1);
    expect(deadline.left()).toBe(0);
  });

  it.each([
    [100, 100],
    [0, 0],
    [-5, 0],
  ])('that is %i ms away waits for %i', (away, waited) => {
    const after = vi.fn(() => () => {});
    const timing: Timing = { now: () => 1000, after, random: () => 0 };
    const deadline = new Deadline(timing, 1000 + away);
    expect(after.mock.calls).toEqual([[waited, expect.any(Function)]]);
    expect(deadline.left()).toBe(waited);
  });

  it('ends what races it, and lets through what is faster', async () => {
    const timing = new StandTiming();
    const deadline = new Deadline(timing, timing.now() + 100);
    expect(await deadline.race(Promise.resolve(1))).toBe(1);
    await expect(deadline.race(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const late = deadline.race(never());
    timing.pass(100);
    await expect(late).rejects.toThrow(DeadlinePassed);
    await expect(deadline.race(never())).rejects.toThrow(DeadlinePassed);
    await expect(deadline.sleep(1)).rejects.toThrow(DeadlinePassed);
  });

  it('sleeps for so long, and leaves no timer behind', async () => {
    const timing = new StandTiming();
    const deadline = new Deadline(timing, timing.now() + 100);
    const order: string[] = [];
    const slept = deadline.sleep(40).then(() => order.push('slept'));
    expect(timing.waiting).toBe(2);
    timing.pass(39);
    await Promise.resolve();
    order.push('39 ms');
    timing.pass(1);
    await slept;
    expect(order).toEqual(['39 ms', 'slept']);
    const broken = deadline.sleep(1000);
    timing.pass(100);
    await expect(broken).rejects.toThrow(DeadlinePassed);
    expect(timing.waiting).toBe(0);
  });

  it('is forgotten once it is ended', () => {
    const timing = new StandTiming();
    const deadline = new Deadline(timing, timing.now() + 100);
    deadline.end();
    expect(timing.waiting).toBe(0);
    timing.pass(200);
    expect(deadline.signal.aborted).toBe(false);
  });

  it('that passes with nobody waiting, or before what raced it fails, is no error of the process', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const timing = new StandTiming();
    const deadline = new Deadline(timing, timing.now() + 100);
    let fail: (error: Error) => void = () => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const raced = deadline.race(work);
    timing.pass(100);
    await expect(raced).rejects.toThrow(DeadlinePassed);
    fail(new Error('too late'));
    new Deadline(timing, timing.now() + 1);
    timing.pass(1);
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('a wait before a try again', () => {
  it('doubles with each try up to its bound', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) => fullJitter({ random: () => 0.9999999 }, attempt, 20, 400));
    expect(waits).toEqual([19, 39, 79, 159, 319, 399]);
  });

  it('is anything from nothing to that', () => {
    expect([0, 0.5, 0.76].map((random) => fullJitter({ random: () => random }, 1, 10, 400))).toEqual([0, 5, 7]);
  });
});
