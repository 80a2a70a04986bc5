import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './aws-client';
import { Comparison, Disagreement, SEED } from './comparison';
import { KinesisSequence } from './kinesis-sequence';
import { StreamSides } from './kinesis-side';
import { type MotoFixture, startMotoFixture } from './moto-fixture';
import { QueueSequence } from './queue-sequence';
import { TableSequence } from './table-sequence';

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('us-east-1');
});
afterAll(() => fixture.close());

/** A pair whose own side lies. */
function lying(lie: (action: string, answer: Answer) => Answer): MotoFixture {
  return {
    ...fixture,
    async both(service, action, input) {
      const pair = await fixture.both(service, action, input);
      return { ...pair, ours: lie(action, pair.ours) };
    },
  };
}

/** How a sequence of a hundred steps ends. */
async function endOf(steps: { step(): Promise<void> }): Promise<unknown> {
  try {
    for (let step = 0; step < 100; step += 1) await steps.step();
  } catch (error) {
    return error;
  }
  return 'agreed';
}

async function tablesWith(lie: (action: string, answer: Answer) => Answer): Promise<unknown> {
  return endOf(await TableSequence.start(lying(lie), new Comparison('broken table')));
}

describe('the oracle notices', () => {
  it('nothing when nothing is broken', async () => {
    expect(await tablesWith((_, answer) => answer)).toBe('agreed');
  });

  it('a condition that does not hold and lets the write pass, and tells how to repeat it', async () => {
    const end = await tablesWith((_, answer) =>
      answer.error === 'ConditionalCheckFailedException' ? { output: {} } : answer,
    );
    expect(end).toBeInstanceOf(Disagreement);
    expect(String(end)).toMatch(new RegExp(`ORACLE_SEED=${SEED}, sequence broken table, step \\d+: \\w+Item \\{`));
    expect(String(end)).toContain('ours: {}');
    expect(String(end)).toContain('moto: {"error":"ConditionalCheckFailedException"');
  });

  it('a page that ends too early', async () => {
    const end = await tablesWith((action, answer) =>
      action === 'Query' ? { output: { ...answer.output, LastEvaluatedKey: undefined } } : answer,
    );
    expect(end).toBeInstanceOf(Disagreement);
  });

  it('a queue that loses a message', async () => {
    const liar = lying((action, answer) => {
      const messages = answer.output['Messages'];
      if (action !== 'ReceiveMessage' || !Array.isArray(messages)) return answer;
      return { output: { Messages: messages.slice(1) } };
    });
    const kind = { fifo: true, singly: false };
    expect(await endOf(await QueueSequence.start(liar, new Comparison('broken queue'), kind))).toBeInstanceOf(
      Disagreement,
    );
  });

  it('a record in another shard, and one that is lost', async () => {
    const liar = lying((action, answer) =>
      action === 'PutRecord' && answer.error === undefined
        ? { output: { ...answer.output, ShardId: 'shardId-000000000009' } }
        : answer,
    );
    const comparison = new Comparison('broken stream');
    expect(await endOf(await KinesisSequence.start(liar, comparison, 'broken', 2))).toBeInstanceOf(Disagreement);

    const stream = await fixture.createStream('forgetful', 1);
    const sides = new StreamSides(fixture, comparison, stream);
    for (const Data of ['YQ==', 'Yg==']) {
      await sides.put({ StreamName: 'forgetful', PartitionKey: 'k', Data });
      await sides.readBack();
    }
    stream.shards.roots[0]?.records.shift();
    await expect(sides.readBack()).rejects.toThrow(Disagreement);
  });

  it('a known difference that is none any more', () => {
    const comparison = new Comparison('healed');
    expect(() => comparison.differs('double-not', {}, {}, {})).toThrow(Disagreement);
    expect(() => comparison.differs('double-not', {}, {}, { error: 'HTTP 500' })).not.toThrow();
  });
});
