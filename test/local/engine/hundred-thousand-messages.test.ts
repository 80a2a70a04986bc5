import { describe, expect, it } from 'vitest';
import type { Faults } from '../../../local/engine/faults';
import { bodiesOf, EngineFixture, idsOf } from './engine-fixture';

const MESSAGES = 100_000;
const SEED = Number(process.env['GROUNDPLAN_SEED'] ?? 7);
const REPLAY = `replay: GROUNDPLAN_SEED=${SEED} npx vitest run test/local/engine/hundred-thousand-messages.test.ts`;
const FAULTS: Faults = {
  crashBeforeEffect: 0.01,
  crashAfterEffect: 0.01,
  slow: 0.01,
  invocationThrottles: 0.01,
  latencyMs: [10, 100],
};
const ATTRIBUTES = (arn: string) => ({
  VisibilityTimeout: '180',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 12 }),
});
const isPoison = (body: string) => body.endsWith('poison');

/** Handles a batch once for each message, as an idempotent consumer does, and reports the poison. */
function consumer(fixture: EngineFixture, effects: string[]) {
  const handled = new Set<string>();
  return fixture.fn((event) => {
    for (const body of bodiesOf(event)) {
      if (isPoison(body) || handled.has(body)) continue;
      handled.add(body);
      effects.push(body);
    }
    return { batchItemFailures: idsOf(event, isPoison).map((itemIdentifier) => ({ itemIdentifier })) };
  }, FAULTS);
}

describe(`${MESSAGES} messages in virtual time, from seed ${SEED}`, () => {
  it(`arrive once each through a standard queue that duplicates and reorders (${REPLAY})`, async () => {
    const fixture = new EngineFixture(SEED, true);
    const dead = fixture.queue('dead');
    const queue = fixture.queue('work', ATTRIBUTES(dead.arn));
    const effects: string[] = [];
    const poller = fixture.poll('work', consumer(fixture, effects), { maximumConcurrency: 50 });
    for (let number = 0; number < MESSAGES; number += 1) {
      const body = number % 1000 === 0 ? `${number} poison` : `${number}`;
      fixture.clock.after(number / 10, () => {
        for (let copy = number % 50 === 1 ? 10 : 1; copy > 0; copy -= 1) queue.send({ body });
      });
    }
    await fixture.clock.settle();
    expect(effects, REPLAY).toHaveLength(MESSAGES - MESSAGES / 1000);
    expect(new Set(effects).size, REPLAY).toBe(effects.length);
    expect(
      dead.contents().every(({ body }) => isPoison(body)),
      REPLAY,
    ).toBe(true);
    expect(dead.contents(), REPLAY).toHaveLength(MESSAGES / 1000);
    expect(poller.counts.overlapping, REPLAY).toBe(0);
    expect(queue.contents(), REPLAY).toEqual([]);
  });

  it('keep the order of each group through a FIFO queue', async () => {
    const fixture = new EngineFixture(SEED);
    const dead = fixture.queue('dead.fifo', { FifoQueue: 'true' });
    const queue = fixture.queue('work.fifo', { ...ATTRIBUTES(dead.arn), FifoQueue: 'true' });
    const effects: string[] = [];
    fixture.poll('work.fifo', consumer(fixture, effects), { maximumConcurrency: 50 });
    const messages = MESSAGES / 10;
    for (let number = 0; number < messages; number += 1) {
      const group = `g${number % 100}`;
      fixture.clock.after(number * 20, () => {
        queue.send({ body: `${group} ${number}`, group, deduplicationId: `${number}` });
      });
    }
    await fixture.clock.settle();
    expect(effects, REPLAY).toHaveLength(messages);
    const byGroup = new Map<string, number[]>();
    for (const body of effects) {
      const [group = '', number] = body.split(' ');
      byGroup.set(group, [...(byGroup.get(group) ?? []), Number(number)]);
    }
    for (const numbers of byGroup.values()) expect(numbers, REPLAY).toEqual([...numbers].sort((a, b) => a - b));
    expect(dead.contents(), REPLAY).toEqual([]);
  });
});
