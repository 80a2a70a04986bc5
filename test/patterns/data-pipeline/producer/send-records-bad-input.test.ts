import { KinesisServiceException } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import { AwsError } from '../../../../local/aws/service';
import { type ClickstreamEvent, MAX_CENTS } from '../../../../patterns/data-pipeline/clickstream-schema';
import {
  createProducer,
  type ProducerOptions,
  type PutRecordsAnswer,
  type StreamEntry,
  UnsentError,
  type UnsentEvents,
} from '../../../../patterns/data-pipeline/producer';
import { sendRecords } from '../../../../patterns/data-pipeline/producer/send-records';

const NOW = Date.UTC(2026, 10, 23, 12);
const STREAM = { name: 'events', shards: 4, retention: 86_400, maxRecordBytes: 1024 * 1024, encrypted: false };

const event = (id: string, more: Partial<ClickstreamEvent> = {}): ClickstreamEvent => ({
  event_id: id,
  event_type: 'purchase',
  occurred_at: '2026-11-23T11:15:00Z',
  session_id: `s-${id}`,
  page: '/',
  amount_cents: 100,
  ...more,
});
const events = (count: number, more: Partial<ClickstreamEvent> = {}) =>
  Array.from({ length: count }, (_, index) => event(`e${index}`, more));
const refusal = (name: string, fault: 'client' | 'server' = 'client') =>
  new KinesisServiceException({ name, message: name, $fault: fault, $metadata: { httpStatusCode: 400 } });

/** A producer that sends to the engine's Kinesis, which refuses a request as a whole as the real one does. */
function fixture(more: Partial<ProducerOptions> = {}) {
  const kinesis = new LocalKinesis({ account: '111111111111', region: 'eu-west-1' }, () => NOW);
  const stream = kinesis.createStream(STREAM);
  let [requests, waits] = [0, 0];
  const handed: UnsentEvents[] = [];
  const putRecords = async (records: readonly StreamEntry[]) => {
    requests += 1;
    const Records = records.map(({ Data, PartitionKey }) => ({
      Data: Buffer.from(Data).toString('base64'),
      PartitionKey,
    }));
    try {
      return kinesis.call('PutRecords', { StreamName: STREAM.name, Records }) as PutRecordsAnswer;
    } catch (error) {
      throw error instanceof AwsError ? refusal(error.code) : error;
    }
  };
  const options: ProducerOptions = {
    putRecords,
    onUnsent: (lost, why, cause) => {
      handed.push({ events: lost, why, cause });
    },
    now: () => NOW,
    random: () => 0.5,
    sleep: async () => {
      waits += 1;
    },
    ...more,
  };
  return {
    send: createProducer(options),
    putRecords,
    handed,
    ids: (why: string) =>
      handed.filter((each) => each.why === why).flatMap((each) => each.events.map((e) => e.event_id)),
    taken: () => stream.records().map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()).event_id),
    counts: () => ({ requests, waits }),
  };
}

describe('one bad event among 500', () => {
  it.each<[string, Partial<ClickstreamEvent>, UnsentEvents['why'], object]>([
    ['an empty session', { session_id: '' }, 'INVALID', { code: 'OUT_OF_RANGE', field: 'session_id' }],
    ['an amount beyond the largest', { amount_cents: MAX_CENTS + 1 }, 'INVALID', { field: 'amount_cents' }],
    ['a fraction of a cent', { amount_cents: 0.5 }, 'INVALID', { field: 'amount_cents' }],
    ['a time to come', { occurred_at: '2026-11-23T12:06:00Z' }, 'INVALID', { code: 'CLOCK_SKEW' }],
    ['an integer that JSON has not', { amount_cents: 1n as unknown as number }, 'INVALID', { code: 'WRONG_TYPE' }],
    [
      'a record over 1 MiB',
      { colour: 'x'.repeat(2 ** 20) } as object,
      'TOO_LARGE',
      { message: expect.stringMatching(/1048576$/) },
    ],
  ])('%s is handed back with the cause, and the other 499 are sent at once', async (_, bad, why, cause) => {
    const { send, handed, taken, counts } = fixture();
    const all = events(500);
    all[250] = event('bad', bad);
    const summary = await send(all);
    expect(handed).toEqual([{ events: [all[250]], why, cause: expect.objectContaining(cause) }]);
    expect(summary).toMatchObject({ sent: 499, unsent: 1, retried: 0, failures: handed });
    expect(new Set(taken()).size).toBe(499);
    expect(counts()).toEqual({ requests: 1, waits: 0 });
  });

  it.each([
    ['an empty key', ''],
    ['a key of 257 characters', 'k'.repeat(257)],
    ['a key that is no text', 7 as unknown as string],
  ])('%s of a partitioner of yours is handed back', async (_, key) => {
    const { send, ids, taken } = fixture({ partitionKey: ({ event_id }) => (event_id === 'e3' ? key : event_id) });
    expect(await send(events(10))).toMatchObject({ sent: 9, unsent: 1 });
    expect(ids('BAD_KEY')).toEqual(['e3']);
    expect(taken()).toHaveLength(9);
  });

  it('takes a key of 1 and of 256 characters, and hands back an event whose key cannot be made', async () => {
    const keys = ['k', 'k'.repeat(256)];
    const { send, ids, handed } = fixture({
      partitionKey: ({ event_id }) => {
        if (event_id === 'e2') throw new Error('no key');
        return keys[event_id === 'e0' ? 0 : 1] ?? '';
      },
    });
    expect(await send(events(3))).toMatchObject({ sent: 2, unsent: 1 });
    expect([ids('INVALID'), handed[0]?.cause.message]).toEqual([['e2'], 'no key']);
  });
});

describe('what AWS refuses', () => {
  it('is looked for among the others when it is one record, and they are sent', async () => {
    // Our bounds say 2 MiB, and the stream takes 1.
    const { send, ids, taken, counts } = fixture({ maxRecordBytes: 2 ** 21 });
    const all = events(500);
    all[77] = event('large', { colour: 'x'.repeat(2 ** 20) } as object);
    expect(await send(all)).toMatchObject({ sent: 499, unsent: 1, retried: 0 });
    expect(ids('REFUSED')).toEqual(['large']);
    expect(taken()).toHaveLength(499);
    expect(counts().requests).toBeLessThanOrEqual(20);
    expect(counts().waits).toBe(0);
  });

  it('is not looked for without end', async () => {
    let requests = 0;
    const { send, ids } = fixture({
      putRecords: async () => {
        requests += 1;
        throw refusal('InvalidArgumentException');
      },
    });
    expect(await send(events(500))).toMatchObject({ sent: 0, unsent: 500 });
    expect(ids('REFUSED')).toHaveLength(500);
    expect(requests).toBeLessThanOrEqual(70);
  });

  it('is not tried again when every request meets it, nor are the other requests', async () => {
    for (const name of ['AccessDeniedException', 'ResourceNotFoundException', 'KMSDisabledException']) {
      let requests = 0;
      const { send, handed } = fixture({
        putRecords: async () => {
          requests += 1;
          throw refusal(name);
        },
      });
      const { failures, unsent } = await send(events(1200));
      expect([requests, unsent]).toEqual([1, 1200]);
      expect(failures).toEqual(handed);
      expect(new Set(handed.map(({ why, cause }) => `${why} ${cause.name}`))).toEqual(new Set([`REFUSED ${name}`]));
    }
  });

  it('is tried again when it passes, and handed back with the last cause', async () => {
    for (const error of [
      refusal('ProvisionedThroughputExceededException'),
      refusal('KMSThrottlingException'),
      refusal('InternalFailure', 'server'),
      new Error('socket hang up'),
    ]) {
      let requests = 0;
      const { send, handed } = fixture({
        maxAttempts: 3,
        putRecords: async () => {
          requests += 1;
          throw error;
        },
      });
      expect(await send(events(2))).toMatchObject({ unsent: 2, retried: 4 });
      expect(requests).toBe(3);
      expect(handed).toEqual([{ events: events(2), why: 'GAVE_UP', cause: error }]);
    }
  });

  it('inside a 200 is handed back with the code of the record', async () => {
    const { send, handed } = fixture({
      maxAttempts: 2,
      putRecords: async (records) => ({
        Records: records.map(() => ({ ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' })),
      }),
    });
    await send(events(1));
    expect(handed).toMatchObject([
      { why: 'GAVE_UP', cause: { name: 'InternalFailure', message: 'Internal service failure.' } },
    ]);
  });
});

describe('nothing is lost without being handed back', () => {
  it('sends a long session, however many events it has', async () => {
    const { send, taken } = fixture();
    expect(await send(events(1000, { session_id: 's-1' }))).toMatchObject({ sent: 1000, unsent: 0 });
    expect(taken()).toHaveLength(1000);
  });

  it('hands back what it refuses for one key, and throws', async () => {
    const { send, handed, ids } = fixture({ partitionKey: () => 'all' });
    await expect(send(events(100))).rejects.toThrow(/\[kinesis-hot-shard\]/);
    expect(ids('ONE_KEY')).toHaveLength(100);
    expect(handed[0]?.cause.message).toMatch(/partition key 'all'/);
  });

  it('gives events to whoever catches when onUnsent fails, and sends the others first', async () => {
    const { send, taken } = fixture({
      onUnsent: async () => {
        throw new Error('the file is full');
      },
    });
    const error = await send([event('bad', { page: '' }), ...events(3)]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsentError);
    expect((error as UnsentError).failures.flatMap((each) => each.events.map(({ event_id }) => event_id))).toEqual([
      'bad',
    ]);
    expect((error as Error).message).toMatch(/the file is full/);
    expect(taken()).toHaveLength(3);
  });

  it('sends or hands back each event once, whatever is bad and whatever is answered', async () => {
    const kind = fc.constantFrom('good', 'no session', 'large', 'negative', 'refused');
    const answers = fc.array(fc.constantFrom('ok', 'throttled', 'down', 'denied'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 40 }), answers, async (kinds, script) => {
        const all = kinds.map((each, index) =>
          event(`e${index}`, {
            ...(each === 'no session' && { session_id: '' }),
            ...(each === 'negative' && { amount_cents: -1 }),
            ...(each === 'large' && ({ colour: 'x'.repeat(3000) } as object)),
            ...(each === 'refused' && { page: '/refused' }),
          }),
        );
        const took: string[] = [];
        let call = 0;
        const { send, handed } = fixture({
          maxAttempts: 3,
          maxRecordBytes: 2000,
          putRecords: async (records) => {
            const answer = script[call] ?? 'ok';
            call += 1;
            const sent = records.map(({ Data }) => JSON.parse(Buffer.from(Data).toString()) as ClickstreamEvent);
            if (answer === 'denied') throw refusal('AccessDeniedException');
            if (answer === 'down') throw new Error('reset');
            if (sent.some(({ page }) => page === '/refused')) throw refusal('ValidationException');
            return {
              Records: sent.map(({ event_id }, index) => {
                if (answer === 'throttled' && index % 2 === 0)
                  return { ErrorCode: 'ProvisionedThroughputExceededException' };
                took.push(event_id);
                return { ShardId: 'shardId-0' };
              }),
            };
          },
        });
        const { sent, unsent } = await send(all);
        const ended = [...took, ...handed.flatMap((each) => each.events.map(({ event_id }) => event_id))];
        expect(ended.sort()).toEqual(all.map(({ event_id }) => event_id).sort());
        expect([sent, unsent]).toEqual([took.length, all.length - took.length]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('sendRecords', () => {
  it('fills requests to 500 records or 5 MiB, whichever comes first', async () => {
    const filled: number[] = [];
    const entries = Array.from({ length: 12 }, () => ({ Data: Buffer.alloc(0), PartitionKey: 'k', bytes: 1_000_000 }));
    await sendRecords(entries, {
      putRecords: async (records) => {
        filled.push(records.length);
        return { Records: records.map(() => ({ ShardId: 'shardId-0' })) };
      },
      onUnsent: () => undefined,
    });
    expect(filled).toEqual([5, 5, 2]);
  });
});
