import { LAMBDA_LIMITS } from '../limits/lambda';
import { enforce, refused } from '../limits/limit';

const LIMITS = LAMBDA_LIMITS.rows;
const ENDLESS = -1;

/** Properties of `AWS::Lambda::EventSourceMapping`. */
export interface MappingProperties {
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly ParallelizationFactor?: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumRecordAgeInSeconds?: number;
}

/** The queue and the function of a mapping. */
export interface MappedQueue {
  readonly name: string;
  /** Seconds. */
  readonly visibilityTimeout: number;
  /** Timeout of the function, seconds. */
  readonly functionTimeout: number;
}

/** Checks a mapping of a queue as CreateEventSourceMapping does. @throws AwsError for a mapping that it refuses */
export function checkQueueMapping(
  properties: MappingProperties,
  { name, visibilityTimeout, functionTimeout }: MappedQueue,
): void {
  const { BatchSize = LIMITS.queueBatchWithoutWindow.max, MaximumBatchingWindowInSeconds: window = 0 } = properties;
  const fifo = name.endsWith('.fifo');
  enforce(fifo ? LIMITS.fifoBatch : LIMITS.queueBatch, BatchSize);
  enforce(LIMITS.batchingWindow, window);
  if (window === 0) enforce(LIMITS.queueBatchWithoutWindow, BatchSize);
  const { MaximumConcurrency } = properties.ScalingConfig ?? {};
  if (MaximumConcurrency !== undefined) enforce(LIMITS.maximumConcurrency, MaximumConcurrency);
  if (visibilityTimeout < functionTimeout) {
    throw refused(
      LIMITS.queueVisibility,
      `AWS refuses a queue whose visibility timeout (${visibilityTimeout} s) is less than the timeout of its function ` +
        `(${functionTimeout} s): ${name}`,
    );
  }
}

/** Checks a mapping of a stream as CreateEventSourceMapping does. @throws AwsError for a mapping that it refuses */
export function checkStreamMapping(properties: MappingProperties): void {
  const { BatchSize, MaximumBatchingWindowInSeconds, ParallelizationFactor } = properties;
  const { MaximumRetryAttempts, MaximumRecordAgeInSeconds = ENDLESS } = properties;
  const checks = [
    [LIMITS.streamBatch, BatchSize],
    [LIMITS.batchingWindow, MaximumBatchingWindowInSeconds],
    [LIMITS.parallelization, ParallelizationFactor],
    [LIMITS.streamRetries, MaximumRetryAttempts],
  ] as const;
  for (const [limit, value] of checks) if (value !== undefined) enforce(limit, value);
  if (MaximumRecordAgeInSeconds !== ENDLESS) enforce(LIMITS.recordAge, MaximumRecordAgeInSeconds);
}
