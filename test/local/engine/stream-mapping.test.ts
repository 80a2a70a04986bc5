import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { sleep } from '../../../local/clock/clock';
import { LocalEngine } from '../../../local/engine/local-engine';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { stackOf } from '../../assemblies';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
/** Where the function that is deployed here finds what to do. */
const HOOK = 'groundplanStreamMappingTest';
type Handle = (records: readonly KinesisStreamRecord[]) => Promise<unknown>;

let outdir: string;
let stack: SynthesizedStack;
let engine: LocalEngine | undefined;
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'groundplan-mapping-'));
  stack = await stackOf('DataPipeline');
  mkdirSync(join(outdir, 'code'));
  writeFileSync(join(outdir, 'code/index.js'), `exports.handler = (event) => globalThis.${HOOK}(event);`);
});
afterEach(async () => {
  await engine?.stop();
  delete (globalThis as Record<string, unknown>)[HOOK];
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Runs the pipeline with another function behind its mapping. @param properties of the mapping; undefined takes one out */
async function start(handle: Handle, properties: Readonly<Record<string, unknown>> = {}): Promise<LocalEngine> {
  (globalThis as Record<string, unknown>)[HOOK] = ({ Records }: KinesisStreamEvent) => handle(Records);
  const template = new MutableTemplate(stack.template);
  for (const [name, value] of Object.entries(properties)) {
    const mapping = template.properties(MAPPING);
    if (value === undefined) delete mapping[name];
    else mapping[name] = value;
  }
  const code = { aggregates: join(outdir, 'code') };
  engine = await LocalEngine.start({ ...stack, template: template.document }, { code });
  return engine;
}

/** Puts records whose data is their number, in as many keys. */
function put(into: LocalEngine, numbers: readonly number[], keys = 1): void {
  const StreamName = into.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name;
  const Records = numbers.map((number) => ({
    Data: Buffer.from(JSON.stringify({ number })).toString('base64'),
    PartitionKey: `k-${number % keys}`,
  }));
  into.stores.kinesis.call('PutRecords', { StreamName, Records });
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);
const numberOf = ({ kinesis }: KinesisStreamRecord): number =>
  (JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as { number: number }).number;

interface Kept {
  readonly key: string;
  readonly requestContext: { readonly condition: string; readonly functionArn: string };
  readonly KinesisBatchInfo: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

/** What lies in the failure store. */
function kept(of: LocalEngine): Kept[] {
  const { s3 } = of.stores;
  const Bucket = of.find('AWS::S3::Bucket', 'ClickstreamFailures').name;
  return s3.keys(Bucket).map((Key) => {
    const { Body } = s3.call('GetObject', { Bucket, Key }) as { Body: Buffer };
    return { key: Key, ...(JSON.parse(Body.toString()) as Omit<Kept, 'key'>) };
  });
}
const recordsOf = ({ payload }: Kept) => (JSON.parse(payload) as KinesisStreamEvent).Records;

describe("a data stream's mapping", () => {
  it('keeps a record that fails however often it is tried, with its payload, where it was, and nothing else', async () => {
    const done: number[] = [];
    let tries = 0;
    const running = await start(async (records) => {
      const numbers = records.map(numberOf);
      if (numbers.includes(7)) {
        if (numbers.length === 1) tries += 1;
        throw new Error('poison');
      }
      done.push(...numbers);
      return { batchItemFailures: [] };
    });
    put(running, upTo(20));
    await running.settle();
    expect(done).toEqual(upTo(20).filter((number) => number !== 7));
    // The first, and MaximumRetryAttempts more.
    expect(tries).toBe(6);
    const [first, ...more] = kept(running);
    if (first === undefined) throw new Error('Nothing was kept');
    expect(more).toEqual([]);
    expect(first.key).toMatch(/^aws\/lambda\/[^/]+\/shardId-000000000000\/2026\/01\/01\/2026-01-01T00\.00\.\d\d-/);
    expect(first.requestContext.condition).toBe('RetryAttemptsExhausted');
    expect(recordsOf(first).map(numberOf)).toEqual([7]);
    const { sequenceNumber } = recordsOf(first)[0]?.kinesis ?? {};
    expect(first.KinesisBatchInfo).toMatchObject({
      batchSize: 1,
      shardId: 'shardId-000000000000',
      startSequenceNumber: sequenceNumber,
      endSequenceNumber: sequenceNumber,
      streamArn: running.find('AWS::Kinesis::Stream', 'ClickstreamEvents').arn,
    });
    expect(running.metrics.total('OnFailureDestinationDeliveredEventCount')).toBe(1);
  });

  it('keeps what grew too old while it was tried', async () => {
    const running = await start(
      async () => {
        throw new Error('down');
      },
      { MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 60 },
    );
    put(running, upTo(3));
    await running.settle();
    const all = kept(running);
    expect(all.map(({ requestContext }) => requestContext.condition)).toEqual(
      Array(3).fill('MaximumRecordAgeExceeded'),
    );
    expect(all.flatMap(recordsOf).map(numberOf).sort()).toEqual(upTo(3));
    const FunctionName = running.find('AWS::Lambda::Function', 'ClickstreamAggregator').name;
    const ages = running.metrics.minutes('AWS/Lambda', 'IteratorAge', { FunctionName }) ?? [];
    expect(Math.max(...ages.flatMap(({ values }) => values))).toBeGreaterThan(30_000);
  });

  it('drops what it gives up without a destination, and counts it', async () => {
    const running = await start(
      async () => {
        throw new Error('down');
      },
      { DestinationConfig: undefined, BisectBatchOnFunctionError: false, MaximumRetryAttempts: 1 },
    );
    put(running, upTo(5));
    await running.settle();
    expect(kept(running)).toEqual([]);
    expect(running.metrics.total('DroppedEventCount')).toBe(5);
  });

  it('goes on from the first record that an answer names', async () => {
    const batches: number[][] = [];
    const running = await start(async (records) => {
      batches.push(records.map(numberOf));
      const named = batches.length === 1 ? records.filter((record) => [4, 6].includes(numberOf(record))) : [];
      return { batchItemFailures: named.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
    });
    put(running, upTo(8));
    await running.settle();
    expect(batches).toEqual([upTo(8), [4, 5, 6, 7]]);
  });

  it('fails all of a batch for a name that is not of it', async () => {
    const batches: number[][] = [];
    const running = await start(
      async (records) => {
        batches.push(records.map(numberOf));
        return { batchItemFailures: batches.length === 1 ? [{ itemIdentifier: 'unheard of' }] : [] };
      },
      { BisectBatchOnFunctionError: false },
    );
    put(running, upTo(3));
    await running.settle();
    expect(batches).toEqual([upTo(3), upTo(3)]);
  });

  it('takes no notice of names when it did not ask for them', async () => {
    let batches = 0;
    const running = await start(
      async ([first]) => {
        batches += 1;
        return { batchItemFailures: [{ itemIdentifier: first?.kinesis.sequenceNumber }] };
      },
      { FunctionResponseTypes: undefined },
    );
    put(running, upTo(3));
    await running.settle();
    expect(batches).toBe(1);
  });

  it('hands on what its filters want, of the data as of the key', async () => {
    const seen: number[] = [];
    const running = await start(
      async (records) => {
        seen.push(...records.map(numberOf));
      },
      {
        FilterCriteria: {
          Filters: [{ Pattern: '{"data":{"number":[{"numeric":[">",7]}]}}' }, { Pattern: '{"partitionKey":["k-1"]}' }],
        },
      },
    );
    put(running, upTo(10), 4);
    await running.settle();
    expect(seen).toEqual([1, 5, 8, 9]);
  });

  it('waits for a full batch as long as its window, from poll to poll', async () => {
    const batches: [number, number][] = [];
    const running = await start(
      async (records) => {
        batches.push([records.length, running.clock.now() - begun]);
      },
      { BatchSize: 3, MaximumBatchingWindowInSeconds: 5 },
    );
    const begun = running.clock.now();
    for (const [number, at] of [100, 1100, 2100, 9900].entries()) running.clock.after(at, () => put(running, [number]));
    await running.settle();
    expect(batches).toEqual([
      [3, 3000],
      [1, 15_000],
    ]);
  });

  it('runs several batches of a shard at once, and keeps the order of each key', async () => {
    const seen = new Map<string, number[]>();
    let [atOnce, most] = [0, 0];
    const running = await start(
      async (records) => {
        [atOnce, most] = [atOnce + 1, Math.max(most, atOnce + 1)];
        await sleep(running.clock, 100);
        atOnce -= 1;
        for (const record of records) {
          const { partitionKey } = record.kinesis;
          seen.set(partitionKey, [...(seen.get(partitionKey) ?? []), numberOf(record)]);
        }
      },
      { ParallelizationFactor: 4, BatchSize: 5 },
    );
    put(running, upTo(400), 40);
    await running.settle();
    expect(most).toBe(4);
    expect([...seen.values()].flat()).toHaveLength(400);
    for (const numbers of seen.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('refuses by name what is not known here', async () => {
    await expect(start(async () => undefined, { TumblingWindowInSeconds: 30 })).rejects.toThrow(
      /ClickstreamAggregation.*TumblingWindowInSeconds is not known here/,
    );
  });
});
