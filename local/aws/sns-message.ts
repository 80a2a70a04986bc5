import { enforce, exceeds, refused } from '../limits/limit';
import { SNS_LIMITS } from '../limits/sns';
import { type EventPattern, eventPattern } from '../matching/event-pattern';
import { FILTER_POLICY } from '../matching/pattern-dialect';
import { isRecord } from './input';
import { ATTRIBUTE_NAME, attributesBytes, hasValue, ID_CHARACTERS, type MessageAttributes } from './message-attributes';

const { rows: LIMITS } = SNS_LIMITS;

/** What a publisher says of a message. */
export interface Published {
  readonly message: string;
  readonly subject?: string;
  readonly attributes: MessageAttributes;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/** Message and attributes in bytes. */
export function publishedBytes({ message, attributes }: Pick<Published, 'message' | 'attributes'>): number {
  return Buffer.byteLength(message) + attributesBytes(attributes);
}

/** @throws AwsError for a message that the topic does not take */
export function checkPublished(
  published: Published,
  { fifo, contentBasedDeduplication }: { readonly fifo: boolean; readonly contentBasedDeduplication: boolean },
): void {
  const { message, subject, attributes, group, deduplicationId } = published;
  enforce(LIMITS.message, message.length, 'Invalid parameter: Empty message');
  enforce(LIMITS.messageSize, publishedBytes(published), 'Invalid parameter: Message too long');
  if (subject !== undefined) {
    enforce(LIMITS.subject, subject.length, 'Invalid parameter: Subject');
    if (!/^[!-~][ -~]*$/.test(subject)) throw refused(LIMITS.subjectCharacters, 'Invalid parameter: Subject');
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    enforce(LIMITS.attributeName, name.length);
    if (!ATTRIBUTE_NAME.test(name)) throw refused(LIMITS.attributeNameCharacters);
    if (!/^(?:String|Number|Binary)(?:\.|$)/.test(attribute.DataType)) throw refused(LIMITS.attributeType);
    const isList = attribute.DataType !== 'String.Array' || Array.isArray(parsedJson(attribute.StringValue));
    if (!hasValue(attribute) || !isList) {
      throw refused(LIMITS.attributeValue, `Invalid parameter: The attribute ${name} has no valid value`);
    }
  }
  checkId(LIMITS.groupLength, group);
  checkId(LIMITS.deduplicationLength, deduplicationId);
  if (!fifo) {
    if (deduplicationId !== undefined) throw refused(LIMITS.deduplicationOnStandard);
    return;
  }
  if (group === undefined) throw refused(LIMITS.groupMissing, 'Invalid parameter: The MessageGroupId');
  if (deduplicationId === undefined && !contentBasedDeduplication) throw refused(LIMITS.deduplicationMissing);
}

function checkId(length: (typeof LIMITS)['groupLength' | 'deduplicationLength'], id: string | undefined): void {
  if (id === undefined) return;
  enforce(length, id.length);
  if (!ID_CHARACTERS.test(id)) throw refused(LIMITS.idCharacters);
}

/** A text as JSON; undefined for what is none. */
export function parsedJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the filter policy of a subscription (docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html).
 *
 * @throws AwsError for what Subscribe refuses
 */
export function filterPolicy(policy: unknown, scope: 'MessageBody' | 'MessageAttributes'): EventPattern {
  const read = eventPattern(policy, FILTER_POLICY, 'Invalid parameter: FilterPolicy');
  enforce(LIMITS.policySize, Buffer.byteLength(JSON.stringify(policy)));
  enforce(LIMITS.policyKeys, Object.keys(read).length, 'Invalid parameter: FilterPolicy: too many keys');
  const nested = Object.entries(read).some(([key, value]) => key !== '$or' && isRecord(value));
  if (scope === 'MessageAttributes' && nested) throw refused(LIMITS.policyNested);
  if (exceeds(LIMITS.policyCombinations, combinations(read, 1))) {
    throw refused(LIMITS.policyCombinations, 'Invalid parameter: FilterPolicy: Filter policy is too complex');
  }
  return read;
}

/** The number of values of each key times its depth, multiplied; alternatives of `$or` add up. */
function combinations(policy: EventPattern, depth: number): number {
  return Object.entries(policy).reduce((product, [key, value]) => {
    if (key === '$or') {
      return product * (value as readonly EventPattern[]).reduce((sum, each) => sum + combinations(each, depth), 0);
    }
    if (Array.isArray(value)) return product * value.length * depth;
    return product * combinations(value as EventPattern, depth + 1);
  }, 1);
}
