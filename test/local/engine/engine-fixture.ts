import { LocalSqs } from '../../../local/aws/sqs';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import type { Faults } from '../../../local/engine/faults';
import { Hops } from '../../../local/engine/hops';
import { type QueueMapping, QueuePoller } from '../../../local/engine/queue-poller';
import { LocalQueueSource } from '../../../local/engine/queue-source';
import { seededRandom } from '../../../local/engine/random';
import { AccountConcurrency } from '../../../local/lambda/concurrency';
import { LocalFunction } from '../../../local/lambda/local-function';
import type { FunctionDefinition, OnChunk, Reply } from '../../../local/lambda/sandbox';
import { LocalMetrics } from '../../../local/monitoring/metrics';

export const LOCATION = { account: '111111111111', region: 'eu-west-1' };

/** A function without code on disk. */
export const DEFINITION: FunctionDefinition = {
  name: 'work',
  arn: 'arn:aws:lambda:eu-west-1:111111111111:function:work',
  logicalId: 'Work',
  service: 'work',
  folder: '/nowhere',
  handler: 'index.handler',
  environment: {},
  timeout: 30,
  memory: 128,
};

/** A clock, queues and functions whose code is a callback. */
export class EngineFixture {
  readonly clock = new VirtualClock();
  readonly metrics = new LocalMetrics(() => this.clock.now());
  readonly hops = new Hops();
  readonly sqs: LocalSqs;

  constructor(
    private readonly seed = 1,
    reordering = false,
  ) {
    const order = seededRandom(seed, 'order');
    const pick = reordering ? (count: number) => Math.floor(order() * count) : undefined;
    let ids = 0;
    this.sqs = new LocalSqs(LOCATION, () => this.clock.now(), {
      pick,
      newId: () => {
        ids += 1;
        return `id-${ids}`;
      },
    });
  }

  /** A function that runs a callback; what that throws is the function's error. */
  fn(
    handler: (event: unknown, onChunk?: OnChunk) => unknown,
    faults: Faults = {},
    definition: Partial<FunctionDefinition> = {},
  ): LocalFunction {
    const whole = { ...DEFINITION, ...definition };
    const invoke = async (event: unknown, _: string, onChunk?: OnChunk): Promise<Reply> => {
      try {
        const result = await handler(event, onChunk);
        return { result: result === undefined ? undefined : JSON.stringify(result) };
      } catch (error) {
        return { errorType: 'Error', errorMessage: String((error as Error).message) };
      }
    };
    return new LocalFunction(whole, {
      clock: this.clock,
      createSandbox: () => ({ invoke, load: async () => ({}), stop: async () => undefined }),
      concurrency: new AccountConcurrency([whole]),
      metrics: this.metrics,
      faults,
      random: seededRandom(this.seed, 'faults'),
      environments: Number.POSITIVE_INFINITY,
      log: () => undefined,
    });
  }

  /** A queue by the attributes of a template. */
  queue(name: string, attributes: Record<string, string> = {}) {
    return this.sqs.queue(this.sqs.createQueue(name, attributes).arn);
  }

  /** Starts to feed a queue to a function. */
  poll(queueName: string, consumer: LocalFunction, mapping: Partial<QueueMapping> = {}): QueuePoller {
    const source = new LocalQueueSource(this.sqs, this.sqs.queue(queueName), this.clock);
    const whole = {
      batchSize: 10,
      batchingWindow: 0,
      maximumConcurrency: 5,
      partialResponses: true,
      filters: [],
      ...mapping,
    };
    const poller = new QueuePoller(source, consumer, whole, {
      clock: this.clock,
      hops: this.hops,
      region: LOCATION.region,
    });
    poller.start();
    return poller;
  }
}

/** Bodies of an SQS event. */
export const bodiesOf = (event: unknown): string[] =>
  (event as { Records: { body: string }[] }).Records.map(({ body }) => body);

/** Ids of an SQS event's messages whose body passes a test. */
export const idsOf = (event: unknown, test: (body: string) => boolean): string[] =>
  (event as { Records: { messageId: string; body: string }[] }).Records.flatMap(({ messageId, body }) =>
    test(body) ? [messageId] : [],
  );
