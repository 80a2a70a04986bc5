import type { Message } from '@aws-sdk/client-sqs';
import type { DeadLetterQueue } from './dead-letter-queues';

/** What EventBridge, its Scheduler and Lambda add to a message that they could not deliver. No receiver knows them. */
const REASON_ATTRIBUTES: readonly string[] = [
  // docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  ...['ERROR_CODE', 'ERROR_MESSAGE', 'EXHAUSTED_RETRY_CONDITION', 'RETRY_ATTEMPTS', 'RULE_ARN', 'TARGET_ARN'],
  // docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
  ...['EXECUTION_ID', 'IS_PAYLOAD_TRUNCATED', 'SCHEDULED_TIME', 'SCHEDULE_ARN', 'X-Amz-Scheduler-Attempt'],
  // docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  ...['RequestID', 'ErrorCode', 'ErrorMessage'],
];

/** Where the records of a stream are that failed to the last: all that Lambda and Pipes keep of them in a queue. */
export interface StreamPlace {
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly batchSize: number;
  readonly streamArn: string;
  readonly approximateArrivalOfFirstRecord?: string;
  readonly approximateArrivalOfLastRecord?: string;
}

/** What a message in a dead-letter queue is. */
export type Letter =
  /** Received too often from a work queue. */
  | { readonly kind: 'work'; readonly sourceArn: string }
  | { readonly kind: 'rule'; readonly ruleArn: string; readonly targetArn: string }
  | { readonly kind: 'schedule'; readonly targetArn?: string; readonly truncated: boolean }
  | { readonly kind: 'stream'; readonly service: 'dynamodb' | 'kinesis'; readonly place: StreamPlace }
  | { readonly kind: 'invocation'; readonly functionArn: string; readonly payload: unknown }
  /** Nothing in it says what it is. */
  | { readonly kind: 'plain' };

/** Recognises a message by what the services write; a work queue's message is work, whatever its body looks like. */
export function letterOf({ Body, Attributes, MessageAttributes = {} }: Message, queue: DeadLetterQueue): Letter {
  const sourceArn = Attributes?.DeadLetterQueueSourceArn;
  if (sourceArn !== undefined) return { kind: 'work', sourceArn };
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  if (attribute('SCHEDULE_ARN') !== undefined) {
    const truncated = attribute('IS_PAYLOAD_TRUNCATED') === 'true';
    return { kind: 'schedule', targetArn: attribute('TARGET_ARN'), truncated };
  }
  const [ruleArn, targetArn] = [attribute('RULE_ARN'), attribute('TARGET_ARN')];
  if (ruleArn !== undefined && targetArn !== undefined) return { kind: 'rule', ruleArn, targetArn };
  // What is sent to a work queue's dead-letter queue by hand is the sender's own business.
  if (queue.sources.length > 0) return { kind: 'plain' };
  const body = objectOf(Body);
  const { DDBStreamBatchInfo: table, KinesisBatchInfo: stream } = body;
  if (isObject(table)) return { kind: 'stream', service: 'dynamodb', place: placeIn(table) };
  if (isObject(stream)) return { kind: 'stream', service: 'kinesis', place: placeIn(stream) };
  const { functionArn } = objectAt(body, 'requestContext');
  return typeof functionArn === 'string' && 'requestPayload' in body
    ? { kind: 'invocation', functionArn, payload: body['requestPayload'] }
    : { kind: 'plain' };
}

/** A message's attributes without those that say why it is here. */
export function ownAttributes({ MessageAttributes = {} }: Message): NonNullable<Message['MessageAttributes']> {
  return Object.fromEntries(Object.entries(MessageAttributes).filter(([name]) => !REASON_ATTRIBUTES.includes(name)));
}

/** Why a message is in a dead-letter queue, as far as it tells. */
export function reasonOf(message: Message, queue: DeadLetterQueue): string {
  const letter = letterOf(message, queue);
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  const why = `${attribute('ERROR_CODE') ?? 'no code'} ${attribute('ERROR_MESSAGE') ?? ''}`.trim();
  switch (letter.kind) {
    case 'work': {
      const count = message.Attributes?.ApproximateReceiveCount;
      const source = letter.sourceArn.split(':').pop();
      return `received ${count} times (including this one) without being deleted; the log of the consumer of ${source} has the error`;
    }
    case 'rule':
      return `EventBridge could not deliver it: ${why} (${letter.ruleArn.split('/').pop()} to ${letter.targetArn})`;
    case 'schedule':
      return `EventBridge Scheduler could not invoke its target: ${why}`;
    case 'invocation': {
      const { condition } = objectAt(objectOf(message.Body), 'requestContext');
      const { errorType, errorMessage } = objectAt(objectOf(message.Body), 'responsePayload');
      return `an invocation of ${nameIn(letter.functionArn)} failed (${condition}): ${errorType ?? ''} ${errorMessage ?? ''}`.trim();
    }
    case 'stream': {
      const body = objectOf(message.Body);
      // Lambda tells the condition in the one, Pipes in the other.
      const { condition } = { ...objectAt(body, 'requestContext'), ...objectAt(body, 'context') };
      return `a stream record failed all retries (${condition ?? 'no condition'}); the message has only its position in the stream`;
    }
    case 'plain': {
      if (attribute('ERROR_CODE') !== undefined) return `EventBridge could not deliver it: ${why}`;
      if (attribute('ErrorMessage') !== undefined) return `the function failed: ${attribute('ErrorMessage')}`;
      return REASONS[queue.origins[0]?.kind ?? 'none'] ?? 'the reason is unknown';
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  subscription: 'SNS could not deliver it to its subscriber',
  bus: 'the event bus could not process it; its key may be disabled or deleted',
};

/** A function's name in its ARN. */
export function nameIn(functionArn: string): string {
  return functionArn.split(':')[6] ?? functionArn;
}

/** A JSON object; an empty one for anything else. */
export function objectOf(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const member = value[name];
  return isObject(member) ? member : {};
}

function placeIn(info: Readonly<Record<string, unknown>>): StreamPlace {
  const text = (name: string) => String(info[name] ?? '');
  return {
    shardId: text('shardId'),
    startSequenceNumber: text('startSequenceNumber'),
    endSequenceNumber: text('endSequenceNumber') || text('startSequenceNumber'),
    batchSize: Number(info['batchSize'] ?? 1),
    streamArn: text('streamArn'),
    approximateArrivalOfFirstRecord: text('approximateArrivalOfFirstRecord') || undefined,
    approximateArrivalOfLastRecord: text('approximateArrivalOfLastRecord') || undefined,
  };
}
