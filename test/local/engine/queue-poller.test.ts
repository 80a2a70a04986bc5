import { beforeEach, describe, expect, it } from 'vitest';
import { bodiesOf, EngineFixture, idsOf } from './engine-fixture';

let fixture: EngineFixture;
beforeEach(() => {
  fixture = new EngineFixture();
});

const REDRIVE = (arn: string, maxReceiveCount: number) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount });

describe('an event source mapping of a queue', () => {
  it('waits for a full batch as long as its window, and no longer', async () => {
    const { clock } = fixture;
    const queue = fixture.queue('q');
    const batches: [number, number][] = [];
    const begun = clock.now();
    const consumer = fixture.fn((event) => {
      batches.push([bodiesOf(event).length, clock.now() - begun]);
      return {};
    });
    fixture.poll('q', consumer, { batchSize: 4, batchingWindow: 20 });
    for (let index = 0; index < 4; index += 1) clock.after(index * 1000, () => queue.send({ body: `${index}` }));
    clock.after(60_000, () => queue.send({ body: 'late' }));
    await clock.settle();
    expect(batches).toEqual([
      [4, 3000],
      [1, 80_000],
    ]);
  });

  it('takes as many batches at once as it may', async () => {
    const { clock } = fixture;
    const queue = fixture.queue('q');
    let [running, most] = [0, 0];
    const consumer = fixture.fn(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((done) => clock.after(1000, done));
      running -= 1;
      return {};
    });
    for (let index = 0; index < 100; index += 1) queue.send({ body: `${index}` });
    fixture.poll('q', consumer, { maximumConcurrency: 3 });
    await clock.settle();
    expect(most).toBe(3);
    expect(queue.contents()).toEqual([]);
  });

  it('deletes what no filter wants, without asking the function', async () => {
    const queue = fixture.queue('q');
    const seen: string[] = [];
    const consumer = fixture.fn((event) => {
      seen.push(...bodiesOf(event));
      return {};
    });
    for (const body of ['{"type":"a"}', '{"type":"b"}', 'no json']) queue.send({ body });
    fixture.poll('q', consumer, { filters: [{ body: { type: ['a'] } }] });
    await fixture.clock.settle();
    expect([seen, queue.contents()]).toEqual([['{"type":"a"}'], []]);
  });

  it('tries the named messages again, and dead-letters them after the last try', async () => {
    const dead = fixture.queue('dead');
    const queue = fixture.queue('q', { VisibilityTimeout: '60', RedrivePolicy: REDRIVE(dead.arn, 3) });
    const consumer = fixture.fn((event) => ({
      batchItemFailures: idsOf(event, (body) => body === 'bad').map((itemIdentifier) => ({ itemIdentifier })),
    }));
    for (const body of ['good', 'bad', 'fine']) queue.send({ body });
    const poller = fixture.poll('q', consumer);
    await fixture.clock.settle();
    expect(poller.counts).toMatchObject({ succeeded: 2, failed: 3 });
    expect(dead.contents().map(({ body }) => body)).toEqual(['bad']);
  });

  it('fails the whole batch for an identifier that names no message', async () => {
    const dead = fixture.queue('dead');
    const queue = fixture.queue('q', { RedrivePolicy: REDRIVE(dead.arn, 1) });
    for (const body of ['a', 'b']) queue.send({ body });
    fixture.poll(
      'q',
      fixture.fn(() => ({ batchItemFailures: [{ itemIdentifier: '' }] })),
    );
    await fixture.clock.settle();
    expect(dead.contents()).toHaveLength(2);
  });

  it('takes any answer for a success when the mapping does not ask for partial ones', async () => {
    const queue = fixture.queue('q');
    queue.send({ body: 'bad' });
    const failing = fixture.fn((event) => ({
      batchItemFailures: idsOf(event, () => true).map((itemIdentifier) => ({ itemIdentifier })),
    }));
    const poller = fixture.poll('q', failing, { partialResponses: false });
    await fixture.clock.settle();
    expect([poller.counts.succeeded, queue.contents()]).toEqual([1, []]);
  });

  it('gives a throttled batch back when its messages are visible again', async () => {
    const dead = fixture.queue('dead');
    const queue = fixture.queue('q', { VisibilityTimeout: '10', RedrivePolicy: REDRIVE(dead.arn, 2) });
    queue.send({ body: 'a' });
    const begun = fixture.clock.now();
    fixture.poll(
      'q',
      fixture.fn(() => ({}), { invocationThrottles: 1 }),
    );
    await fixture.clock.settle();
    expect(dead.contents()).toHaveLength(1);
    expect(fixture.clock.now() - begun).toBe(20_000);
    expect(fixture.metrics.total('Throttles')).toBe(8);
  });
});
