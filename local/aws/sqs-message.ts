import { enforce, exceeds, refused } from '../limits/limit';
import { SQS_LIMITS } from '../limits/sqs';
import {
  ATTRIBUTE_NAME,
  attributesBytes,
  hasInvalidCharacter,
  hasValue,
  ID_CHARACTERS,
  type MessageAttributes,
} from './message-attributes';
import type { AwsError } from './service';

const { rows: LIMITS } = SQS_LIMITS;

/** What a sender says of a message. */
export interface Outgoing {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
}

/** What of a queue decides which messages it takes. */
interface QueueKind {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  /** Bytes. */
  readonly maximumMessageSize: number;
}

/** Body and attributes in bytes. */
export function messageBytes({ body, attributes = {} }: Pick<Outgoing, 'body' | 'attributes'>): number {
  return Buffer.byteLength(body) + attributesBytes(attributes);
}

/** @throws AwsError for a message that the queue does not take */
export function checkMessage(
  message: Outgoing,
  { fifo, contentBasedDeduplication, maximumMessageSize }: QueueKind,
): void {
  const { body, attributes = {}, group, deduplicationId, delaySeconds } = message;
  enforce(LIMITS.bodyLength, body.length, 'The request must contain the parameter MessageBody.');
  if (hasInvalidCharacter(body)) throw refused(LIMITS.characters);
  checkAttributes(attributes);
  const size = { ...LIMITS.messageSize, max: maximumMessageSize };
  enforce(
    size,
    messageBytes(message),
    `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageSize} bytes.`,
  );
  if (delaySeconds !== undefined) {
    enforce(LIMITS.delaySeconds, delaySeconds);
    if (fifo) enforce(LIMITS.fifoDelay, delaySeconds);
  }
  checkId(LIMITS.groupLength, group);
  checkId(LIMITS.deduplicationLength, deduplicationId);
  if (!fifo) {
    if (deduplicationId !== undefined) throw refused(LIMITS.deduplicationOnStandard);
    return;
  }
  if (group === undefined) throw refused(LIMITS.groupMissing);
  if (deduplicationId === undefined && !contentBasedDeduplication) throw refused(LIMITS.deduplicationMissing);
}

function checkId(length: (typeof LIMITS)['groupLength' | 'deduplicationLength'], id: string | undefined): void {
  if (id === undefined) return;
  enforce(length, id.length);
  if (!ID_CHARACTERS.test(id)) throw refused(LIMITS.idCharacters);
}

function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return;
  enforce(LIMITS.attributes, entries.length);
  for (const [name, attribute] of entries) {
    enforce(LIMITS.attributeName, name.length);
    if (!ATTRIBUTE_NAME.test(name)) throw refused(LIMITS.attributeNameCharacters);
    enforce(LIMITS.attributeTypeLength, attribute.DataType.length);
    if (!/^(?:String|Number|Binary)(?:\.|$)/.test(attribute.DataType)) throw refused(LIMITS.attributeType);
    if (!hasValue(attribute)) throw refused(LIMITS.attributeValue, `The attribute ${name} has no valid value`);
    if (hasInvalidCharacter(attribute.StringValue ?? '')) throw refused(LIMITS.characters);
  }
}

/** Attributes of a queue with bounds of their own. */
const BOUNDED = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
] as const;

/** @throws AwsError for what CreateQueue refuses */
export function checkQueue(name: string, attributes: Readonly<Record<string, string>>): void {
  enforce(LIMITS.queueName, name.length);
  if (!/^[\w-]+(?:\.fifo)?$/.test(name)) throw refused(LIMITS.queueNameCharacters);
  for (const attribute of BOUNDED) {
    const value = attributes[attribute];
    if (value !== undefined) whole(LIMITS[attribute], value, `Invalid value for the parameter ${attribute}.`);
  }
  const policy = attributes['RedrivePolicy'];
  if (policy === undefined) return;
  const { maxReceiveCount, deadLetterTargetArn } = JSON.parse(policy) as Record<string, unknown>;
  whole(LIMITS.maxReceiveCount, maxReceiveCount);
  if (String(deadLetterTargetArn).endsWith('.fifo') !== name.endsWith('.fifo'))
    throw refused(LIMITS.deadLetterQueueKind);
}

function whole(
  limit: Parameters<typeof exceeds>[0] & Parameters<typeof refused>[0],
  value: unknown,
  why?: string,
): void {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isInteger(number) || exceeds(limit, number)) throw refused(limit, why);
}

/**
 * Codes of the Query protocol, which answers in the JSON protocol name as well
 * (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html).
 */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  ...Object.fromEntries(
    [
      'BatchEntryIdsNotDistinct',
      'BatchRequestTooLong',
      'EmptyBatchRequest',
      'InvalidBatchEntryId',
      'MessageNotInflight',
      'TooManyEntriesInBatchRequest',
      'UnsupportedOperation',
    ].map((code) => [code, `AWS.SimpleQueueService.${code}`]),
  ),
};

/** A code as the header `x-amzn-query-error` has it. */
export function queryCode({ code }: AwsError): string {
  return QUERY_CODES[code] ?? code;
}
