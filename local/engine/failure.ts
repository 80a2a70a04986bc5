import { AwsError } from '../aws/service';

/** Something that goes wrong in the world that the engine plays, as opposed to in the engine. */
export class Failure extends Error {}

/** Thrown when a target refuses for good, as for a missing permission or a key that is disabled. */
export class RefusedDelivery extends Failure {
  override readonly name = 'RefusedDelivery';
}

/** Whether retries and dead-letter queues are for it. Anything else is an error of the engine and must be seen. */
export function isFailure(error: unknown): boolean {
  return error instanceof Failure || error instanceof AwsError;
}
