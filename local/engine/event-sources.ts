import type { ResolvedResource } from '../assembly/resolved-template';
import type { EngineContext } from './context';
import { consumerOf, mappingFilters, reportsItems } from './mappings';
import { QueuePoller } from './queue-poller';

/** AWS: Lambda, what an event source mapping of a queue can have at most. */
const MAXIMUM_CONCURRENCY = 1250;

/** An event source mapping of a queue. */
export function queuePoller(engine: EngineContext, resource: ResolvedResource): QueuePoller {
  const { logicalId, properties } = resource;
  const { world, clock, hops, deployment } = engine;
  const queue = world.queue(String(properties['EventSourceArn']));
  const consumer = consumerOf(engine, properties);
  // Lambda refuses such a mapping (docs.aws.amazon.com/lambda: services-sqs-configure).
  if (queue.visibilityTimeout < consumer.definition.timeout) {
    throw new Error(
      `${logicalId}: AWS refuses a queue whose visibility timeout (${queue.visibilityTimeout} s) is less than the timeout ` +
        `of its function (${consumer.definition.timeout} s)`,
    );
  }
  const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
  const mapping = {
    batchSize: Number(properties['BatchSize'] ?? 10),
    batchingWindow: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
    maximumConcurrency: scaling?.MaximumConcurrency ?? MAXIMUM_CONCURRENCY,
    partialResponses: reportsItems(properties),
    filters: mappingFilters(resource),
  };
  return new QueuePoller(queue, consumer, mapping, {
    clock,
    hops,
    region: deployment.region,
  });
}
