import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/service';
import { LocalStream } from '../../../local/aws/stream';
import { sleep } from '../../../local/clock/clock';
import { WallClock } from '../../../local/clock/wall-clock';
import { checkQueueMapping, checkStreamMapping, type MappingProperties } from '../../../local/engine/mapping-limits';
import { seededRandom } from '../../../local/engine/random';
import { StreamReader } from '../../../local/engine/stream-reader';
import { checkAsynchronous } from '../../../local/lambda/asynchronous-invocation';
import { AccountConcurrency } from '../../../local/lambda/concurrency';
import { checkEnvironment } from '../../../local/lambda/environment-limits';
import { functionDefinition } from '../../../local/lambda/function-definition';
import { inProcessSandboxes } from '../../../local/lambda/in-process-sandbox';
import { FunctionError, PayloadTooLargeError, ThrottledError } from '../../../local/lambda/local-function';
import type { CreateSandbox } from '../../../local/lambda/sandbox';
import { threadSandboxes } from '../../../local/lambda/thread-sandbox';
import { LAMBDA_LIMITS } from '../../../local/limits/lambda';
import { bodiesOf, DEFINITION, EngineFixture } from '../engine/engine-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const fixture = new EngineFixture();
const folder = mkdtempSync(join(tmpdir(), 'groundplan-lambda-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Failures of functions under the names that AWS gives them. */
async function named(call: Promise<unknown>): Promise<unknown> {
  return fixture.clock.during(call).catch((error: unknown) => {
    const known = [FunctionError, PayloadTooLargeError, ThrottledError].some((each) => error instanceof each);
    throw known && error instanceof Error ? new AwsError(error.name, error.message) : error;
  });
}

/** Text whose JSON has so many bytes. */
const text = (bytes: number) => 'x'.repeat(bytes - 2);

function create(properties: object, name = 'work') {
  const resource = { logicalId: 'Work', type: 'AWS::Lambda::Function', name, arn: 'arn', attributes: {} };
  const code = {
    Code: { S3Key: 'k' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Environment: { Variables: {} },
  };
  return functionDefinition({ ...resource, properties: { ...code, ...properties } }, { assetFolder: () => '/nowhere' });
}

const queue = (name: string) => (properties: MappingProperties) =>
  checkQueueMapping(properties, { name, visibilityTimeout: 30, functionTimeout: 30 });
const standard = queue('jobs');

/** Which bytes a reader gave to each invocation, of records of some sizes. */
async function streamBatches(sizes: readonly number[]): Promise<number[][]> {
  const stream = new LocalStream<number>();
  for (const size of sizes) stream.put('k', size, 0);
  const batches: number[][] = [];
  const handling = {
    handle: async (entries: readonly { readonly record: number }[]) => {
      batches.push(entries.map(({ record }) => record));
      return entries.length;
    },
    giveUp: async () => undefined,
    bytesOf: (size: number) => size,
  };
  const source = { batchSize: 100, filters: [], retryAttempts: 0, bisects: false };
  const reader = new StreamReader(stream, source, handling, fixture.clock);
  reader.start();
  await fixture.clock.settle();
  reader.stop();
  return batches;
}

/** How many of a queue's messages came with each invocation, and with how many bytes of JSON. */
async function queueBatches(bodies: readonly string[]): Promise<{ counts: number[]; largest: number }> {
  const here = new EngineFixture();
  const { url } = here.sqs.createQueue('jobs');
  for (const MessageBody of bodies) here.sqs.queue(url).send({ body: MessageBody });
  const counts: number[] = [];
  let largest = 0;
  const fn = here.fn((event) => {
    counts.push(bodiesOf(event).length);
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(event)));
    return {};
  });
  const poller = here.poll('jobs', fn);
  await here.clock.settle();
  poller.stop();
  return { counts, largest };
}

async function unserializable(kind: 'process' | 'threads', answer: string) {
  writeFileSync(join(folder, 'index.js'), `exports.handler = async () => { ${answer} };`);
  const clock = new WallClock();
  const create: CreateSandbox =
    kind === 'threads'
      ? threadSandboxes(clock, {})
      : inProcessSandboxes({
          clock: fixture.clock,
          services: {},
          onCall: () => undefined,
          random: seededRandom(1, 'x'),
          platform: {},
        });
  const sandbox = create({ ...DEFINITION, folder }, () => undefined);
  const reply = await sandbox.invoke({}, 'r-1');
  await sandbox.stop();
  return reply;
}

testEachLimit(LAMBDA_LIMITS, {
  payload: async (limit) => {
    const fn = fixture.fn(() => 'ok');
    await onBothSides(limit, (bytes) => named(fn.invoke(text(bytes))), { runs: 5 });
    await onBothSides(limit, (bytes) => named(fn.stream(text(bytes), () => undefined)), { runs: 3 });
  },
  asynchronousPayload: (limit) => onBothSides(limit, (bytes) => checkAsynchronous(text(bytes), {})),
  answer: async (limit) => {
    await onBothSides(limit, (bytes) => named(fixture.fn(() => text(bytes)).invoke({})), { runs: 5 });
  },
  streamedAnswer: async (limit) => {
    const piece = Buffer.alloc(1024 * 1024);
    const send = async (bytes: number) => {
      let [got, left] = [0, bytes];
      const fn = fixture.fn((_, onChunk) => {
        for (; left > 0; left -= piece.length) onChunk?.(piece.subarray(0, Math.min(left, piece.length)));
      });
      const count = (chunk: Uint8Array) => {
        got += chunk.length;
      };
      await named(fn.stream({}, count));
      expect(got).toBe(bytes);
    };
    await onBothSides(limit, send, { runs: 3 });
  },
  unserializable: async ({ error }) => {
    for (const kind of ['process', 'threads'] as const) {
      for (const answer of ['return 1n', 'return { a: [1n] }', 'const a = {}; a.a = a; return a']) {
        const { errorType, errorMessage } = await unserializable(kind, answer);
        expect([kind, answer, errorType, errorMessage]).toEqual([
          kind,
          answer,
          error,
          'Unable to stringify response body',
        ]);
      }
      const { result } = await unserializable(kind, 'return { a: NaN, b: undefined, c: new Date(0) }');
      expect(result).toBe('{"a":null,"c":"1970-01-01T00:00:00.000Z"}');
      expect((await unserializable(kind, 'return undefined')).result).toBeUndefined();
    }
  },
  concurrency: async ({ error }) => {
    const fn = fixture.fn(() => sleep(fixture.clock, 1000), {}, { reservedConcurrency: 3 });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcome(() => named(fn.invoke({})))));
    expect(outcomes).toEqual([undefined, undefined, undefined, error, error]);
  },
  accountConcurrency: async ({ max }) => {
    const account = new AccountConcurrency([DEFINITION]);
    const taken = Array.from({ length: max + 1 }, () => account.take(DEFINITION));
    expect([taken.indexOf(false), taken.filter(Boolean).length]).toEqual([max, max]);
  },
  environment: async (limit) => {
    const around = JSON.stringify({ A1: '' }).length;
    await onBothSides(limit, (bytes) => checkEnvironment({ A1: 'x'.repeat(bytes - around) }));
    await onBothSides(limit, (bytes) =>
      create({ Environment: { Variables: { A1: 'é'.repeat(50) + 'x'.repeat(bytes - around - 100) } } }),
    );
  },
  variableName: async ({ error }) => {
    for (const name of ['AB', 'A_1', 'NODE_OPTIONS', 'AWS_NODEJS_CONNECTION_REUSE_ENABLED', 'TZ']) {
      expect(await outcome(() => checkEnvironment({ [name]: 'x' }))).toBeUndefined();
    }
    for (const name of ['A', '_A', '1A', 'A-B', 'A B', '', 'AWS_REGION', 'AWS_SESSION_TOKEN', '_HANDLER']) {
      expect([name, await outcome(() => checkEnvironment({ [name]: 'x' }))]).toEqual([name, error]);
    }
  },
  timeout: (limit) => onBothSides(limit, (Timeout) => create({ Timeout })),
  memory: (limit) => onBothSides(limit, (MemorySize) => create({ MemorySize })),
  functionName: (limit) => onBothSides(limit, (length) => create({}, 'x'.repeat(Math.max(0, length)))),
  asynchronousRetries: (limit) =>
    onBothSides(limit, (maximumRetryAttempts) => checkAsynchronous({}, { maximumRetryAttempts })),
  eventAge: (limit) => onBothSides(limit, (maximumEventAge) => checkAsynchronous({}, { maximumEventAge })),
  queueBatch: (limit) => onBothSides(limit, (BatchSize) => standard({ BatchSize, MaximumBatchingWindowInSeconds: 1 })),
  fifoBatch: (limit) => onBothSides(limit, (BatchSize) => queue('jobs.fifo')({ BatchSize })),
  queueBatchWithoutWindow: (limit) => onBothSides(limit, (BatchSize) => standard({ BatchSize }), { from: 1 }),
  batchingWindow: async (limit) => {
    await onBothSides(limit, (MaximumBatchingWindowInSeconds) => standard({ MaximumBatchingWindowInSeconds }));
    await onBothSides(limit, (MaximumBatchingWindowInSeconds) =>
      checkStreamMapping({ MaximumBatchingWindowInSeconds }),
    );
  },
  maximumConcurrency: (limit) =>
    onBothSides(limit, (MaximumConcurrency) => standard({ ScalingConfig: { MaximumConcurrency } })),
  queueVisibility: async ({ error }) => {
    for (const [visibilityTimeout, expected] of [
      [29, error],
      [30, undefined],
      [31, undefined],
      [0, error],
    ] as const) {
      const mapped = { name: 'jobs', visibilityTimeout, functionTimeout: 30 };
      expect(await outcome(() => checkQueueMapping({}, mapped))).toBe(expected);
    }
  },
  streamBatch: (limit) => onBothSides(limit, (BatchSize) => checkStreamMapping({ BatchSize })),
  parallelization: (limit) =>
    onBothSides(limit, (ParallelizationFactor) => checkStreamMapping({ ParallelizationFactor })),
  streamRetries: (limit) => onBothSides(limit, (MaximumRetryAttempts) => checkStreamMapping({ MaximumRetryAttempts })),
  recordAge: async (limit) => {
    await onBothSides(limit, (MaximumRecordAgeInSeconds) => checkStreamMapping({ MaximumRecordAgeInSeconds }));
    expect(await outcome(() => checkStreamMapping({ MaximumRecordAgeInSeconds: -1 }))).toBeUndefined();
    expect(await outcome(() => checkStreamMapping({ MaximumRecordAgeInSeconds: 0 }))).toBe(limit.error);
  },
  batchPayload: async ({ max }) => {
    const empty = Buffer.byteLength('{"Records":[]}');
    const half = max / 2;
    expect(await streamBatches([half, half - empty])).toEqual([[half, half - empty]]);
    expect(await streamBatches([half, half - empty + 1])).toEqual([[half], [half - empty + 1]]);
    // A record that is too large alone is tried alone.
    expect(await streamBatches([1, max, 1])).toEqual([[1], [max], [1]]);
    // A megabyte each, and of control characters, of which JSON makes six bytes each.
    const plain = await queueBatches(Array.from({ length: 10 }, () => 'x'.repeat(1024 * 1024 - 1000)));
    expect(plain.counts).toEqual([6, 4]);
    const escaped = await queueBatches(Array.from({ length: 10 }, () => '\t"'.repeat(250_000)));
    expect(escaped.counts).toEqual([6, 4]);
    for (const { largest } of [plain, escaped]) expect(largest).toBeLessThanOrEqual(max);
    expect((await queueBatches(Array.from({ length: 10 }, () => 'x'.repeat(600_000)))).counts).toEqual([10]);
  },
});

it('says of a payload that is too large how large it is, and what is allowed', async () => {
  const fn = fixture.fn(() => 'ok');
  await expect(fn.invoke(text(LAMBDA_LIMITS.rows.payload.max + 1))).rejects.toThrow(
    '6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
  );
});
