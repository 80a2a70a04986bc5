import { type Clock, sleep } from '../clock/clock';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { enforce } from '../limits/limit';
import { FunctionError, type LocalFunction, ThrottledError } from './local-function';

/** How a function is to be tried when no one waits for its answer. */
export interface AsynchronousSettings {
  /** Tries after the first when the function fails, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Seconds after which an event is given up. @default 21600 */
  readonly maximumEventAge?: number;
  /** Where what failed goes; also the function's dead-letter queue. @default - nowhere: it is lost */
  readonly onFailure?: string;
  readonly onSuccess?: string;
}

/** How an event ended, as a destination is told (docs.aws.amazon.com/lambda: invocation-async-retain-records). */
export interface DestinationRecord {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: {
    readonly functionArn: string;
    readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' | 'Success';
    readonly approximateInvokeCount: number;
  };
  readonly requestPayload: unknown;
  readonly responsePayload?: unknown;
}

const LIMITS = LAMBDA_LIMITS.rows;
/** AWS: Lambda, error handling for asynchronous invocation: one minute before the second try, two before the third. */
const RETRY_SECONDS = [60, 120];
/** Throttled events are tried again for as long as they may age, from 1 second up to 5 minutes apart (same page). */
const THROTTLED_SECONDS = { first: 1, longest: 300 };

/**
 * Invokes a function for an event that no one waits for: Lambda's internal queue with its retries.
 *
 * @param send hands a record to a destination
 * @returns whether the event was handled or kept; false means that it is gone
 */
export async function invokeAsynchronously(
  target: LocalFunction,
  event: unknown,
  settings: AsynchronousSettings,
  clock: Clock,
  send: (destinationArn: string, record: DestinationRecord) => Promise<void>,
): Promise<boolean> {
  const { onFailure, onSuccess } = settings;
  const { maximumRetryAttempts = LIMITS.asynchronousRetries.max, maximumEventAge = LIMITS.eventAge.max } = settings;
  const deadline = clock.now() + maximumEventAge * 1000;
  const tell = async (
    destination: string | undefined,
    condition: DestinationRecord['requestContext']['condition'],
    tries: number,
    responsePayload?: unknown,
  ): Promise<boolean> => {
    if (destination === undefined) return condition === 'Success';
    await send(destination, {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: { functionArn: target.definition.arn, condition, approximateInvokeCount: tries },
      requestPayload: event,
      responsePayload,
    });
    return true;
  };
  let throttledFor = THROTTLED_SECONDS.first;
  for (let tries = 0; ; ) {
    try {
      return await tell(onSuccess, 'Success', tries + 1, await target.invoke(event));
    } catch (error) {
      if (error instanceof ThrottledError) {
        if (clock.now() + throttledFor * 1000 > deadline) return tell(onFailure, 'EventAgeExceeded', tries);
        await sleep(clock, throttledFor * 1000);
        throttledFor = Math.min(throttledFor * 2, THROTTLED_SECONDS.longest);
        continue;
      }
      if (!(error instanceof FunctionError)) throw error;
      tries += 1;
      const wait = (RETRY_SECONDS[tries - 1] ?? 0) * 1000;
      const failure = { errorType: error.errorType, errorMessage: error.message };
      if (tries > maximumRetryAttempts) return tell(onFailure, 'RetriesExhausted', tries, failure);
      if (clock.now() + wait > deadline) return tell(onFailure, 'EventAgeExceeded', tries, failure);
      await sleep(clock, wait);
    }
  }
}

/**
 * Checks what is handed to Lambda's internal queue, as Invoke does before it answers 202.
 *
 * @throws AwsError for an event that is too large, and for settings that cannot be
 */
export function checkAsynchronous(event: unknown, settings: AsynchronousSettings): void {
  const { maximumRetryAttempts, maximumEventAge } = settings;
  if (maximumRetryAttempts !== undefined) enforce(LIMITS.asynchronousRetries, maximumRetryAttempts);
  if (maximumEventAge !== undefined) enforce(LIMITS.eventAge, maximumEventAge);
  const bytes = Buffer.byteLength(JSON.stringify(event) ?? 'null');
  const most = `(limit ${LIMITS.asynchronousPayload.max} bytes)`;
  enforce(
    LIMITS.asynchronousPayload,
    bytes,
    `${bytes} byte payload is too large for the Event invocation type ${most}`,
  );
}
