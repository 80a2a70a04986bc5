import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { createStream, eventsIn, fixture, run, summary, useLoadFixture } from './load-fixture';

useLoadFixture();

describe('groundplan load data-pipeline', () => {
  it("sends what was asked for to the stack's stream, each event once, and tells how it went", async () => {
    createStream('Other-Stream');
    const stream = createStream('DataPipeline-Clicks-1');
    const { code, out, err } = await run('--rate 200 --duration 12s --yes --seed 7');
    expect(code).toBe(0);
    const events = eventsIn(stream);
    expect(events).toHaveLength(2400);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(2400);
    expect(err.split('\n')).toEqual([
      'Sends 2,400 events to DataPipeline-Clicks-1 in eu-west-1: 200/s for 12 s.',
      'AWS bills the stream and the processing of the events. --seed 7 sends the same events again.',
      expect.stringMatching(/^1,020 of 2,400 sent$/),
      expect.stringMatching(/^2,020 of 2,400 sent$/),
    ]);
    const lines = out.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '2,400 of 2,400 events sent in 12.0 s: 200/s, target 200/s',
      '  retried     0',
      '  unsent      0',
      '  PutRecords  120, answered within 0 ms (p50), 0 ms (p99)',
      '  shards hit  4',
    ]);
    expect(lines).toHaveLength(9);
  });

  it('tells the records of each shard as the stream has them', async () => {
    const stream = createStream('DataPipeline-Clicks-1');
    const { shards, sent } = await summary('--rate 300 --duration 4s');
    const taken = new Map<string, number>();
    for (const { shardId } of stream.records()) taken.set(shardId, (taken.get(shardId) ?? 0) + 1);
    expect(shards).toEqual(Object.fromEntries(taken));
    expect([sent, Object.keys(shards).length]).toEqual([1200, 4]);
  });

  it('heats one shard with a skew, and none without', async () => {
    const hottest = async (args: string) => {
      createStream('DataPipeline-Clicks-1');
      const { shards, sent } = await summary(`--rate 500 --duration 6s --seed 1 ${args}`);
      return Math.max(...Object.values(shards)) / sent;
    };
    expect(await hottest('')).toBeLessThan(0.3);
    // A quarter of the rest comes on top.
    const share = await hottest('--skew 0.6');
    expect(share).toBeGreaterThan(0.66);
    expect(share).toBeLessThan(0.74);
  });

  it('sends a session that is nearly alone in full requests: the producer refuses one key for many sessions only', async () => {
    createStream('DataPipeline-Clicks-1');
    const sizes: number[] = [];
    fixture.refuse = (action, { Records }) => {
      if (action === 'PutRecords') sizes.push((Records as unknown[]).length);
    };
    const { sent, unsent, notMade, asked } = await summary('--rate 1900 --duration 2s --skew 0.99');
    expect(sent).toBeGreaterThan(2000);
    expect(sent + unsent + notMade).toBe(asked);
    expect(unsent).toBe(0);
    expect(Math.max(...sizes)).toBeGreaterThan(100);
  });

  it('makes the same events from a seed, and others from another', async () => {
    const made = async (seed: number) => {
      fixture.clock = new VirtualClock();
      const stream = createStream('DataPipeline-Clicks-1');
      await run(`--rate 100 --duration 3s --skew 0.3 --seed ${seed} --yes`);
      return eventsIn(stream).sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
    };
    const first = await made(42);
    expect(first).toHaveLength(300);
    expect(await made(42)).toEqual(first);
    expect((await made(43)).map(({ event_id }) => event_id)).not.toEqual(first.map(({ event_id }) => event_id));
  });

  it('draws a seed when none is given, and tells it', async () => {
    createStream('DataPipeline-Clicks-1');
    const { seed, err } = await summary('--rate 10 --duration 1s');
    expect(err).toContain(`--seed ${seed} sends the same events again`);
    expect((await summary('--rate 10 --duration 1s')).seed).not.toBe(seed);
  });

  it('writes one JSON document and nothing else to standard output', async () => {
    createStream('DataPipeline-Clicks-1', 1);
    const { out } = await run('--rate 10 --duration 2s --seed 5 --json --yes');
    expect(JSON.parse(out)).toEqual({
      stream: 'DataPipeline-Clicks-1',
      region: 'eu-west-1',
      rate: 10,
      achievedRate: 10,
      skew: 0,
      seed: 5,
      seconds: 2,
      asked: 20,
      sent: 20,
      retried: 0,
      unsent: 0,
      lost: 0,
      notMade: 0,
      requests: 20,
      p50Milliseconds: 0,
      p99Milliseconds: 0,
      shards: { 'shardId-000000000000': 20 },
      errors: {},
      interrupted: false,
    });
  });
});

describe('where groundplan load sends to', () => {
  it('finds the stream of the stack on whichever page', async () => {
    for (let index = 0; index < 150; index += 1) createStream(`Aside-${index}`, 1);
    const stream = createStream('Shop-Clicks-1', 1);
    expect((await run('--stack Shop --rate 10 --duration 1s --yes')).code).toBe(0);
    expect(stream.records()).toHaveLength(10);
  });

  it('takes a stream by its name, without listing any', async () => {
    const actions = new Set<string>();
    fixture.refuse = (action) => {
      actions.add(action);
    };
    const stream = createStream('Mine', 1);
    createStream('DataPipeline-Clicks-1', 1);
    expect((await run('--stream Mine --rate 10 --duration 1s --yes')).code).toBe(0);
    expect(stream.records()).toHaveLength(10);
    expect([...actions]).toEqual(['PutRecords']);
  });

  it.each([
    [[], /^No stream in eu-west-1 has a name that starts with DataPipeline-, and there is none at all\. .*--stream\.$/],
    [
      ['DataPipelineTwo-A', 'B'],
      /starts with DataPipeline-, and there is B, DataPipelineTwo-A\. Name another stack with/,
    ],
    [
      Array.from({ length: 13 }, (_, index) => `S${index}`),
      /and there is S0, S1, S10, S11, S12, S2, S3, S4, S5, S6 and 3 more\. /,
    ],
    [
      ['DataPipeline-A', 'DataPipeline-B'],
      /^The stack DataPipeline has 2 streams in eu-west-1; name one: --stream DataPipeline-A or DataPipeline-B$/,
    ],
  ])('tells in one line what there is instead: %j', async (names, message) => {
    for (const name of names) createStream(name, 1);
    const { code, err, out } = await run('--yes');
    expect([code, err, out]).toEqual([1, expect.stringMatching(message), '']);
  });
});

describe('before it sends, groundplan load', () => {
  it('asks, and sends when told to', async () => {
    const stream = createStream('DataPipeline-Clicks-1', 1);
    const { code, asked, err } = await run('--rate 5 --duration 2s --skew 0.2', { answer: 'y' });
    expect([code, asked]).toEqual([0, ['Send? [y/N] ']]);
    expect(err).toContain(
      'Sends 10 events to DataPipeline-Clicks-1 in eu-west-1: 5/s for 2 s, 20% of them of one session.',
    );
    expect(stream.records()).toHaveLength(10);
  });

  it.each(['n', '', 'maybe'])('sends nothing when the answer is "%s"', async (answer) => {
    const stream = createStream('DataPipeline-Clicks-1', 1);
    const { code, err, out } = await run('', { answer });
    expect([code, err.split('\n').at(-1), out]).toEqual([0, 'Nothing was sent.', '']);
    expect(stream.records()).toEqual([]);
  });

  it('refuses when nobody can be asked, unless told to', async () => {
    const stream = createStream('DataPipeline-Clicks-1', 1);
    const { code, err } = await run('');
    expect([code, err.split('\n').at(-1)]).toEqual([
      1,
      'Confirmation is required, and the terminal is not interactive: pass --yes to send.',
    ]);
    expect(stream.records()).toEqual([]);
  });
});

describe('Ctrl-C in groundplan load', () => {
  it('ends it after what is under way, with the summary', async () => {
    const stream = createStream('DataPipeline-Clicks-1');
    fixture.latency = 250;
    const result = await summary('--rate 100 --duration 1h', { interruptsAfter: 2920 });
    const { code, err, sent, asked, seconds, interrupted, listening } = result;
    expect([code, interrupted, listening]).toEqual([130, true, 0]);
    expect(err).toContain('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    expect(stream.records()).toHaveLength(sent);
    // The ticks up to then, the first at once, and the last answer.
    expect([sent, asked, seconds]).toEqual([300, 360_000, 3.15]);
  });

  it('says nothing of events that were not made, which is what was asked for', async () => {
    createStream('DataPipeline-Clicks-1');
    const { out } = await run('--rate 100 --duration 60s --yes', { interruptsAfter: 950 });
    expect(out).toMatch(/^100 of 6,000 events sent in 1\.0 s/);
    expect(out).not.toContain('not made');
  });

  it('is heard no more when nothing goes on', async () => {
    createStream('DataPipeline-Clicks-1');
    expect((await run('--rate 1 --duration 1s --yes')).listening).toBe(0);
    fixture.refuse = () => {
      throw new AwsError('AccessDeniedException', 'no');
    };
    expect((await run('--stream DataPipeline-Clicks-1 --yes')).listening).toBe(0);
  });
});
