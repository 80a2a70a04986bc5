import { KinesisServiceException } from '@aws-sdk/client-kinesis';

/**
 * Tells trouble that passes (too much at once, AWS's own failures, the network) from what every other try meets too, such as
 * a missing permission (AWS: Kinesis API, PutRecords and common errors). The client's own tries have failed by then.
 */
export function passes(error: unknown): boolean {
  if (error instanceof KinesisServiceException) {
    return error.$fault === 'server' || /Throttl|ThroughputExceeded|LimitExceeded/.test(error.name);
  }
  return !(error instanceof Error && /Provider/.test(error.name));
}
