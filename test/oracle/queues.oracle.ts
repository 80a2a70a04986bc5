import { afterAll, beforeAll, describe, it } from 'vitest';
import { Comparison, closeAccount } from './comparison';
import { type MotoFixture, startMotoFixture } from './moto-fixture';
import { meetQueueDifferences } from './queue-differences';
import { type Kind, QueueSequence } from './queue-sequence';

const SEQUENCES = 4;
const STEPS = 40;

const KINDS: Readonly<Record<string, Kind>> = {
  'standard, one at a time': { fifo: false, singly: true },
  'standard, in batches': { fifo: false, singly: false },
  'fifo, one at a time': { fifo: true, singly: true },
  'fifo, in batches': { fifo: true, singly: false },
  'fifo, content based': { fifo: true, contentBased: true, singly: false },
};

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-west-1');
});
afterAll(() => fixture.close());

describe('queues', () => {
  it.concurrent.each(Object.entries(KINDS))('%s', async (name, kind) => {
    for (let index = 0; index < SEQUENCES; index += 1) {
      const comparison = new Comparison(`${name} ${index}`);
      const sequence = await QueueSequence.start(fixture, comparison, kind);
      for (let step = 0; step < STEPS; step += 1) await sequence.step();
    }
  });

  it('known differences', async () => {
    await meetQueueDifferences(fixture, new Comparison('known differences of queues'));
  });
});

closeAccount('queues', SEQUENCES * STEPS * 5);
