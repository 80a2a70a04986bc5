import { KinesisClient } from '@aws-sdk/client-kinesis';
import { type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Command } from '../../../../lib/operations/command';
import { main } from '../../../../lib/operations/command-line';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import type { LocalKinesisStream } from '../../../../local/aws/kinesis/stream';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import type { AwsError } from '../../../../local/aws/service';
import type { Services } from '../../../../local/aws/wire';
import { type Clock, sleep } from '../../../../local/clock/clock';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { type Clients, replay } from '../../../../patterns/data-pipeline/replay';
import { readReplayOptions, USAGE } from '../../../../patterns/data-pipeline/replay/options';
import type { Inventory, Summary } from '../../../../patterns/data-pipeline/replay/report';
import { type Person, Seen, timeOf, words } from '../../../lib/operations/terminal-fixture';

const location = { account: '111111111111', region: 'eu-west-1' };
export const BUCKET = 'datapipeline-clickstreamfailuresbucket4a5b6c7d-0a1b2c3d4e5f';
export const STREAM = 'DataPipeline-ClickstreamStream-1';
const MAPPING = '91eaeb7e-c976-4939-9430-8defdc2b0b8e';
const FUNCTION = `arn:aws:lambda:eu-west-1:${location.account}:function:DataPipeline-Aggregator-1`;
let aws: LocalAws;

/** What a test of the command stands on: a stack's stream and failure store at the wire, in time that moves by itself. */
export const fixture = {
  clock: new VirtualClock() as Clock,
  kinesis: new LocalKinesis(location),
  s3: new LocalS3(),
  /** Hears of every call; throwing refuses it. */
  refuse: (() => undefined) as (action: string, input: Record<string, unknown>) => void,
  /** Whether a record is throttled, besides what its shard refuses. */
  throttled: () => false as boolean,
  /** Milliseconds that each PutRecords takes. */
  latency: 0,
};

export function useReplayFixture(): void {
  beforeAll(async () => {
    const services: Services = {
      kinesis: { call: (action, input) => fixture.kinesis.call(action, input) },
      s3: { call: (action, input) => fixture.s3.call(action, input) },
    };
    aws = await startLocalAws(services, { onCall: ({ action, input }) => fixture.refuse(action, input) });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    fixture.clock = new VirtualClock(Date.UTC(2026, 10, 24, 9));
    fixture.refuse = () => undefined;
    fixture.throttled = () => false;
    fixture.latency = 0;
    const now = () => fixture.clock.now();
    fixture.kinesis = new LocalKinesis(location, now, { throttled: () => fixture.throttled() });
    fixture.s3 = new LocalS3(now);
    fixture.s3.createBucket(BUCKET);
    fixture.s3.createBucket('datapipeline-clickstreamlakebucket1-0a1b2c3d4e5f');
  });
}

/** The stack's stream. */
export function createStream(name = STREAM, shards = 4): LocalKinesisStream {
  return fixture.kinesis.createStream({ name, shards, retention: 86_400, maxRecordBytes: 1_048_576, encrypted: true });
}

/** Refuses calls of an action, counted from one. @returns how many there were */
export function refuse(action: string, error: AwsError, which: (call: number) => boolean = () => true): () => number {
  let calls = 0;
  fixture.refuse = (called) => {
    if (called !== action) return;
    calls += 1;
    if (which(calls)) throw error;
  };
  return () => calls;
}

/** A record as somebody sent it once. */
export interface Sent {
  readonly partitionKey: string;
  readonly data: string;
}

/** Records that are all different, of nine keys, with bytes that are no text among them. */
export const records = (count: number, from = 0): Sent[] =>
  Array.from({ length: count }, (_, index) => ({
    partitionKey: `s-${(from + index) % 9}é`,
    data: Buffer.concat([Buffer.from(`event ${from + index} `), Buffer.from([0, 255, 128])]).toString('base64'),
  }));

const sequence = (index: number) => String(49_590_338_271_490_256_608n + BigInt(index));

/** A batch as Lambda keeps it (docs.aws.amazon.com/lambda: kinesis-on-failure-destination). @returns its key */
export function keepBatch(
  batch: readonly Sent[],
  {
    day = '2026-11-23',
    shard = 'shardId-000000000000',
    name = '10.15.02-0b1c',
    condition = 'RetryAttemptsExhausted',
  } = {},
): string {
  const arrival = Date.parse(`${day}T10:15:00Z`) / 1000;
  const payload = {
    Records: batch.map(({ partitionKey, data }, index) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber: sequence(index),
        data,
        approximateArrivalTimestamp: arrival + index / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shard}:${sequence(index)}`,
      eventName: 'aws:kinesis:record',
      awsRegion: location.region,
      eventSourceARN: `arn:aws:kinesis:${location.region}:${location.account}:stream/${STREAM}`,
    })),
  };
  const document = {
    requestContext: { requestId: 'c9b8fa9f', functionArn: FUNCTION, condition, approximateInvokeCount: 6 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: `${day}T10:15:02.000Z`,
    KinesisBatchInfo: { shardId: shard, batchSize: batch.length },
    payload: JSON.stringify(payload),
  };
  return keepText(
    `aws/lambda/${MAPPING}/${shard}/${day.replaceAll('-', '/')}/${day}T${name}`,
    JSON.stringify(document),
  );
}

/** Some batches, one object each. @returns their keys */
export const keepBatches = (count: number, size: number) =>
  Array.from({ length: count }, (_, index) =>
    keepBatch(records(size, index * size), { name: `10.15.02-${index + 10}` }),
  );

/** Records that are no events, as the aggregator keeps them. @returns their key */
export function keepRejected(rejected: readonly Sent[], day = '2026-11-23'): string {
  const shard = 'shardId-000000000002';
  const lines = rejected.map(({ partitionKey, data }, index) =>
    JSON.stringify({
      shard,
      sequenceNumber: sequence(index),
      partitionKey,
      arrival: Date.parse(`${day}T11:00:00Z`) + index,
      data,
      code: index % 2 === 0 ? 'NOT_JSON' : 'MISSING',
      ...(index % 2 === 1 && { field: 'event_id' }),
    }),
  );
  const folder = `rejected/${shard}/${day.replaceAll('-', '/')}`;
  return keepText(`${folder}/${sequence(0)}-${rejected.length}.jsonl`, `${lines.join('\n')}\n`);
}

/** Whatever somebody put there. @returns its key */
export function keepText(Key: string, text: string, Bucket = BUCKET): string {
  fixture.s3.call('PutObject', { Bucket, Key, Body: Buffer.from(text), ContentType: 'application/json' });
  return Key;
}

/** What a stream has, whatever the order. */
export const sentTo = (stream: LocalKinesisStream): Sent[] =>
  sorted(stream.records().map(({ partitionKey, data }) => ({ partitionKey, data })));

export const sorted = (sent: readonly Sent[]): Sent[] => [...sent].sort((a, b) => (a.data < b.data ? -1 : 1));

export async function run(args: string, person: Person = {}) {
  const { clock } = fixture;
  const command: Command = {
    usage: USAGE,
    run: (given, terminal) => replay(readReplayOptions(given), terminal, clientsOf(aws.endpoint, clock)),
  };
  const seen = new Seen(timeOf(clock), person);
  return seen.result(
    await clock.during(
      main(words(`replay data-pipeline ${args}`), seen.terminal, { replays: { 'data-pipeline': async () => command } }),
    ),
  );
}

/** Runs it with `--json --yes`. */
export async function summary(args: string, person?: Person) {
  const result = await run(`${args} --json --yes`, person);
  return { ...result, ...(JSON.parse(result.out) as Summary) };
}

/** Runs it with `--json --dry-run`. */
export async function inventory(args: string) {
  const result = await run(`${args} --json --dry-run`);
  return { ...result, ...(JSON.parse(result.out) as Inventory) };
}

/** Clients that a clock waits for. */
export function clientsOf(endpoint: string, clock: Clock): Clients {
  const configuration = {
    endpoint,
    region: location.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return {
    kinesis: () => {
      const client = new KinesisClient({ ...configuration, requestHandler: { maxConcurrentStreams: 1 } });
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (commandName === 'PutRecordsCommand') await sleep(clock, fixture.latency);
            return clock.track(next(args));
          },
        { step: 'initialize' },
      );
      return client;
    },
    s3: () => {
      const client = new S3Client(configuration);
      // An object's content comes after its answer, and time has to wait for that, too.
      const whole = async <T extends { output: object }>(answered: Promise<T>): Promise<T> => {
        const result = await answered;
        const { Body } = result.output as Partial<GetObjectCommandOutput>;
        const text = await Body?.transformToString();
        if (text !== undefined) Object.assign(result.output, { Body: { transformToString: async () => text } });
        return result;
      };
      client.middlewareStack.add((next) => (args) => clock.track(whole(next(args))), { step: 'initialize' });
      return client;
    },
  };
}
