import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Command } from '../../../../lib/operations/command';
import { main } from '../../../../lib/operations/command-line';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import type { LocalKinesisStream } from '../../../../local/aws/kinesis/stream';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import type { LocalService } from '../../../../local/aws/service';
import { sleep } from '../../../../local/clock/clock';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { type ClickstreamEvent, parseClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { load } from '../../../../patterns/data-pipeline/load';
import { readLoadOptions, USAGE } from '../../../../patterns/data-pipeline/load/options';
import type { Summary } from '../../../../patterns/data-pipeline/load/report';
import { type Person, Seen, timeOf, words } from '../../../lib/operations/terminal-fixture';

const location = { account: '111111111111', region: 'eu-west-1' };
let aws: LocalAws;

/** What a test of the command stands on: a stack's stream at the wire, in time that moves when nothing else does. */
export const fixture = {
  clock: new VirtualClock(),
  kinesis: new LocalKinesis(location),
  /** Hears of every call; throwing refuses it. */
  refuse: (() => undefined) as (action: string, input: Record<string, unknown>) => void,
  /** Whether a record is throttled, besides what its shard refuses. */
  throttled: () => false as boolean,
  /** Milliseconds that each call takes. */
  latency: 0,
  /** Calls under way at the same time, at the most. */
  mostUnderWay: 0,
};

export function useLoadFixture(): void {
  beforeAll(async () => {
    const store: LocalService = { call: (action, input) => fixture.kinesis.call(action, input) };
    aws = await startLocalAws({ kinesis: store }, { onCall: ({ action, input }) => fixture.refuse(action, input) });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    fixture.clock = new VirtualClock();
    fixture.refuse = () => undefined;
    fixture.throttled = () => false;
    fixture.latency = 0;
    fixture.mostUnderWay = 0;
    fixture.kinesis = new LocalKinesis(location, () => fixture.clock.now(), { throttled: () => fixture.throttled() });
  });
}

/** A stream as a stack has it. */
export function createStream(name: string, shards = 4): LocalKinesisStream {
  return fixture.kinesis.createStream({ name, shards, retention: 86_400, maxRecordBytes: 1_048_576, encrypted: true });
}

/** Events that a stream took, in its order, each checked as the handlers check it. */
export function eventsIn(stream: LocalKinesisStream): ClickstreamEvent[] {
  return stream.records().map(({ data }) => parseClickstreamEvent(Buffer.from(data, 'base64'), fixture.clock.now()));
}

export async function run(args: string, person: Person = {}) {
  const { clock } = fixture;
  const command: Command = {
    usage: USAGE,
    run: (given, terminal) => load(readLoadOptions(given), terminal, clientFor),
  };
  const seen = new Seen(timeOf(clock), person);
  return seen.result(
    await clock.during(
      main(words(`load data-pipeline ${args}`), seen.terminal, { loads: { 'data-pipeline': async () => command } }),
    ),
  );
}

/** Runs it with `--json --yes`. */
export async function summary(args: string, person?: Person) {
  const result = await run(`${args} --json --yes`, person);
  return { ...result, ...(JSON.parse(result.out) as Summary) };
}

function clientFor(region = location.region): KinesisClient {
  const client = new KinesisClient({
    endpoint: aws.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { maxConcurrentStreams: 1 },
  });
  let underWay = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      underWay += 1;
      fixture.mostUnderWay = Math.max(fixture.mostUnderWay, underWay);
      try {
        await sleep(fixture.clock, fixture.latency);
        return await fixture.clock.track(next(args));
      } finally {
        underWay -= 1;
      }
    },
    { step: 'initialize' },
  );
  return client;
}
