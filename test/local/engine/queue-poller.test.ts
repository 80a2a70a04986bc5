import { beforeEach, describe, expect, it } from 'vitest';
import { bodiesOf, EngineFixture, idsOf } from './engine-fixture';

let stand: EngineFixture;
beforeEach(() => {
  stand = new EngineFixture();
});

const REDRIVE = (arn: string, maxReceiveCount: number) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount });

describe('an event source mapping of a queue', () => {
  it('waits for a full batch as long as its window, and no longer', async () => {
    const { clock } = stand;
    const queue = stand.queue('q');
    const batches: [number, number][] = [];
    const begun = clock.now();
    const consumer = stand.fn((event) => {
      batches.push([bodiesOf(event).length, clock.now() - begun]);
      return {};
    });
    stand.poll('q', consumer, { batchSize: 4, batchingWindow: 20 });
    for (let index = 0; index < 4; index += 1) clock.after(index * 1000, () => queue.send({ body: `${index}` }));
    clock.after(60_000, () => queue.send({ body: 'late' }));
    await clock.settle();
    expect(batches).toEqual([
      [4, 3000],
      [1, 80_000],
    ]);
  });

  it('takes as many batches at once as it may', async () => {
    const { clock } = stand;
    const queue = stand.queue('q');
    let [running, most] = [0, 0];
    const consumer = stand.fn(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((done) => clock.after(1000, done));
      running -= 1;
      return {};
    });
    for (let index = 0; index < 100; index += 1) queue.send({ body: `${index}` });
    stand.poll('q', consumer, { maximumConcurrency: 3 });
    await clock.settle();
    expect(most).toBe(3);
    expect(queue.contents()).toEqual([]);
  });

  it('deletes what no filter wants, without asking the function', async () => {
    const queue = stand.queue('q');
    const seen: string[] = [];
    const consumer = stand.fn((event) => {
      seen.push(...bodiesOf(event));
      return {};
    });
    for (const body of ['{"type":"a"}', '{"type":"b"}', 'no json']) queue.send({ body });
    stand.poll('q', consumer, { filters: [{ body: { type: ['a'] } }] });
    await stand.clock.settle();
    expect([seen, queue.contents()]).toEqual([['{"type":"a"}'], []]);
  });

  it('tries the named messages again, and dead-letters them after the last try', async () => {
    const dead = stand.queue('dead');
    const queue = stand.queue('q', { VisibilityTimeout: '60', RedrivePolicy: REDRIVE(dead.arn, 3) });
    const consumer = stand.fn((event) => ({
      batchItemFailures: idsOf(event, (body) => body === 'bad').map((itemIdentifier) => ({ itemIdentifier })),
    }));
    for (const body of ['good', 'bad', 'fine']) queue.send({ body });
    const poller = stand.poll('q', consumer);
    await stand.clock.settle();
    expect(poller.counts).toMatchObject({ succeeded: 2, failed: 3 });
    expect(dead.contents().map(({ body }) => body)).toEqual(['bad']);
  });

  it('fails the whole batch for an identifier that names no message', async () => {
    const dead = stand.queue('dead');
    const queue = stand.queue('q', { RedrivePolicy: REDRIVE(dead.arn, 1) });
    for (const body of ['a', 'b']) queue.send({ body });
    stand.poll(
      'q',
      stand.fn(() => ({ batchItemFailures: [{ itemIdentifier: '' }] })),
    );
    await stand.clock.settle();
    expect(dead.contents()).toHaveLength(2);
  });

  it('takes any answer for a success when the mapping does not ask for partial ones', async () => {
    const queue = stand.queue('q');
    queue.send({ body: 'bad' });
    const failing = stand.fn((event) => ({
      batchItemFailures: idsOf(event, () => true).map((itemIdentifier) => ({ itemIdentifier })),
    }));
    const poller = stand.poll('q', failing, { partialResponses: false });
    await stand.clock.settle();
    expect([poller.counts.succeeded, queue.contents()]).toEqual([1, []]);
  });

  it('gives a throttled batch back when its messages are visible again', async () => {
    const dead = stand.queue('dead');
    const queue = stand.queue('q', { VisibilityTimeout: '10', RedrivePolicy: REDRIVE(dead.arn, 2) });
    queue.send({ body: 'a' });
    const begun = stand.clock.now();
    stand.poll(
      'q',
      stand.fn(() => ({}), { invocationThrottles: 1 }),
    );
    await stand.clock.settle();
    expect(dead.contents()).toHaveLength(1);
    expect(stand.clock.now() - begun).toBe(20_000);
    expect(stand.metrics.total('Throttles')).toBe(8);
  });
});
