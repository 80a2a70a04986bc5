import type { Message } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from './dead-letter-queues';

/** What EventBridge adds to a message that it could not deliver (EventBridge: dead-letter queues). */
export const EVENTBRIDGE_ATTRIBUTES: readonly string[] = [
  'ERROR_CODE',
  'ERROR_MESSAGE',
  'EXHAUSTED_RETRY_CONDITION',
  'RETRY_ATTEMPTS',
  'RULE_ARN',
  'TARGET_ARN',
];

/**
 * Tells whether a message only says where a stream's record is, which is all that Lambda and Pipes keep of one that
 * failed (AWS: on-failure destinations). A queue that work queues redrive to holds their work, whatever it looks like.
 */
export function isStreamPointer({ Body }: Pick<Message, 'Body'>, { sources }: DeadLetterQueue): boolean {
  const body = objectOf(Body);
  return sources.length === 0 && ('DDBStreamBatchInfo' in body || 'KinesisBatchInfo' in body);
}

/** Why a message is in a dead-letter queue, as far as it tells. */
export function reasonOf(message: Message, queue: DeadLetterQueue): string {
  if (isStreamPointer(message, queue)) {
    const { requestContext, context } = objectOf(message.Body);
    // Lambda tells the condition in the one, Pipes in the other.
    const { condition } = (requestContext ?? context ?? {}) as { condition?: unknown };
    const why = typeof condition === 'string' ? ` (${condition})` : '';
    return `a stream record that failed to the last${why}; only its place in the stream is kept, so it cannot be redriven`;
  }
  const { ERROR_CODE, ERROR_MESSAGE, RULE_ARN, TARGET_ARN } = message.MessageAttributes ?? {};
  if (ERROR_CODE !== undefined) {
    const rule = RULE_ARN?.StringValue?.split('/').pop() ?? 'a rule';
    const target = TARGET_ARN?.StringValue ?? 'its target';
    return `EventBridge could not deliver it: ${ERROR_CODE.StringValue} ${ERROR_MESSAGE?.StringValue ?? ''} (${rule} to ${target})`;
  }
  if (queue.sources.length === 0) return 'SNS could not deliver it to its subscriber';
  const count = message.Attributes?.ApproximateReceiveCount;
  return `received ${count} times without being deleted, this look included; the log of the consumer of ${queue.sources.join(' or ')} has the error`;
}

function objectOf(body: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
