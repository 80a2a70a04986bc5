import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/sns/latest/dg';
const API = 'docs.aws.amazon.com/sns/latest/api';
const PUBLISH = `${API}/API_Publish.html`;
const BATCH = `${API}/API_PublishBatch.html`;
const ATTRIBUTES = `${GUIDE}/sns-message-attributes.html`;
const CONSTRAINTS = `${GUIDE}/subscription-filter-policy-constraints.html`;
const MATCHING = `${GUIDE}/string-value-matching.html`;

const PUBLISHES = 'Publish, PublishBatch';
const INVALID = 'InvalidParameter';
const MAX_BYTES = 262_144;

/** What SNS refuses. */
export const SNS_LIMITS = limitTable('SNS', {
  message: { operation: PUBLISHES, limit: 'Message, characters', min: 1, error: INVALID, source: PUBLISH },
  messageSize: {
    operation: PUBLISHES,
    limit: 'Message with its attributes, bytes',
    max: MAX_BYTES,
    error: INVALID,
    source: PUBLISH,
  },
  subject: {
    operation: PUBLISHES,
    limit: 'Subject, characters',
    min: 1,
    max: 99,
    error: INVALID,
    source: PUBLISH,
  },
  subjectCharacters: {
    operation: PUBLISHES,
    limit: 'Subject: other than ASCII, line breaks or control characters, or a space at its beginning',
    error: INVALID,
    source: PUBLISH,
  },
  attributeName: {
    operation: PUBLISHES,
    limit: 'Name of a message attribute, characters',
    min: 1,
    max: 256,
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeNameCharacters: {
    operation: PUBLISHES,
    limit:
      'Name of a message attribute: other than letters, digits, _, - and single periods inside; or beginning with AWS. or Amazon.',
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeType: {
    operation: PUBLISHES,
    limit:
      'DataType of a message attribute: other than String, String.Array, Number or Binary, with or without a label',
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeValue: {
    operation: PUBLISHES,
    limit:
      'Value of a message attribute: empty, not of its DataType, a Number that is none, a String.Array that is no list',
    error: INVALID,
    source: ATTRIBUTES,
  },
  groupLength: {
    operation: PUBLISHES,
    limit: 'MessageGroupId, characters',
    min: 1,
    max: 128,
    error: INVALID,
    source: PUBLISH,
  },
  deduplicationLength: {
    operation: PUBLISHES,
    limit: 'MessageDeduplicationId, characters',
    min: 1,
    max: 128,
    error: INVALID,
    source: PUBLISH,
  },
  idCharacters: {
    operation: PUBLISHES,
    limit: 'MessageGroupId or MessageDeduplicationId: other than ASCII letters, digits and punctuation',
    error: INVALID,
    source: PUBLISH,
  },
  groupMissing: {
    operation: PUBLISHES,
    limit: 'A message to a FIFO topic without a MessageGroupId',
    error: INVALID,
    source: PUBLISH,
  },
  deduplicationMissing: {
    operation: PUBLISHES,
    limit: 'A message to a FIFO topic without a MessageDeduplicationId or ContentBasedDeduplication',
    error: INVALID,
    source: PUBLISH,
  },
  deduplicationOnStandard: {
    operation: PUBLISHES,
    limit: 'MessageDeduplicationId for a standard topic',
    error: INVALID,
    source: PUBLISH,
  },
  topicExists: {
    operation: 'Every operation',
    limit: 'A topic that does not exist',
    error: 'NotFound',
    source: PUBLISH,
  },
  emptyBatch: {
    operation: 'PublishBatch',
    limit: 'Entries of a batch, minimum',
    min: 1,
    error: 'EmptyBatchRequest',
    source: BATCH,
  },
  batchEntries: {
    operation: 'PublishBatch',
    limit: 'Entries of a batch, maximum',
    max: 10,
    error: 'TooManyEntriesInBatchRequest',
    source: BATCH,
  },
  batchIdLength: {
    operation: 'PublishBatch',
    limit: 'Id of an entry, characters',
    min: 1,
    max: 80,
    error: 'InvalidBatchEntryId',
    source: `${API}/API_PublishBatchRequestEntry.html`,
  },
  batchIdCharacters: {
    operation: 'PublishBatch',
    limit: 'Id of an entry: other than letters, digits, hyphens and underscores',
    error: 'InvalidBatchEntryId',
    source: `${API}/API_PublishBatchRequestEntry.html`,
  },
  batchIdsDistinct: {
    operation: 'PublishBatch',
    limit: 'Two entries with the same Id',
    error: 'BatchEntryIdsNotDistinct',
    source: BATCH,
  },
  batchSize: {
    operation: 'PublishBatch',
    limit: 'All messages of a batch with their attributes, bytes',
    max: MAX_BYTES,
    error: 'BatchRequestTooLong',
    source: BATCH,
  },
  policyKeys: {
    operation: 'Subscribe',
    limit: 'Keys at the top of a filter policy',
    max: 5,
    error: INVALID,
    source: CONSTRAINTS,
  },
  policyCombinations: {
    operation: 'Subscribe',
    limit: 'Values of each key of a filter policy times its depth, multiplied',
    max: 150,
    error: INVALID,
    source: CONSTRAINTS,
  },
  policySize: {
    operation: 'Subscribe',
    limit: 'Filter policy, bytes',
    max: MAX_BYTES,
    error: INVALID,
    source: CONSTRAINTS,
  },
  policyNumber: {
    operation: 'Subscribe',
    limit: 'Operand of numeric matching',
    min: -1_000_000_000,
    max: 1_000_000_000,
    error: INVALID,
    source: CONSTRAINTS,
  },
  policyNested: {
    operation: 'Subscribe',
    limit: 'A nested filter policy on attributes',
    error: INVALID,
    source: CONSTRAINTS,
  },
  policyOperator: {
    operation: 'Subscribe',
    limit: 'A filter policy that is none, or an operator that filter policies do not have',
    error: INVALID,
    source: MATCHING,
  },
  fifoEndpoint: {
    operation: 'Subscribe',
    limit: 'A FIFO queue for a standard topic',
    error: INVALID,
    source: `${GUIDE}/fifo-message-delivery.html`,
  },
  deadLetterRefused: {
    operation: 'Delivery to a queue',
    limit: 'A message that the queue and the dead-letter queue of the subscription refuse',
    effect: 'The message is lost, and the publisher does not hear of it',
    source: `${GUIDE}/sns-dead-letter-queues.html`,
  },
});
