import type { ResolvedResource } from '../assembly/resolved-template';
import type { EngineContext } from './context';
import { checkQueueMapping } from './mapping-limits';
import { consumerOf, mappingFilters, reportsItems } from './mappings';
import { QueuePoller } from './queue-poller';

/** AWS: Lambda, what an event source mapping of a queue can have at most. */
const MAXIMUM_CONCURRENCY = 1250;

/** An event source mapping of a queue. */
export function queuePoller(engine: EngineContext, resource: ResolvedResource): QueuePoller {
  const { properties } = resource;
  const { world, clock, hops, deployment } = engine;
  const queue = world.queue(String(properties['EventSourceArn']));
  const consumer = consumerOf(engine, properties);
  const { name, visibilityTimeout } = queue;
  checkQueueMapping(properties, { name, visibilityTimeout, functionTimeout: consumer.definition.timeout });
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
