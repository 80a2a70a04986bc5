import { BOUND_DIFFERENCES } from './known-bound-differences';
import { KINESIS_DIFFERENCES } from './known-kinesis-differences';

/** The test file that meets a difference. */
export type DifferenceScope = 'queues' | 'topics' | 'patterns' | 'tables' | 'streams' | 'kinesis';

/** Where moto answers otherwise than AWS's documentation says, and we follow the documentation. */
export interface KnownDifference {
  readonly scope: DifferenceScope;
  readonly operation: string;
  /** Exactly what moto answers, normalised as the comparison does. */
  readonly moto: unknown;
  /** Exactly what we answer. */
  readonly ours: unknown;
  /** The page of AWS's documentation, and what it says. */
  readonly documentation: string;
}

const KEY = { pk: { S: 'p' }, sk: { S: 's' } };
/** The item that steps about tables start from. */
const ITEM = { ...KEY, word: { S: 'w' } };
/** Stands for the name of the table, which is another in every run. */
const TABLE = 'the table';

function list<Id extends string>(differences: Readonly<Record<Id, KnownDifference>>) {
  return differences;
}

/** Each is met by a step of its own that asks for it by name: no other answer can hide behind an entry. */
export const KNOWN_DIFFERENCES = list({
  'fifo-deduplication-ends-with-deletion': {
    scope: 'queues',
    operation: 'SendMessage with the deduplication id of a message that was deleted, then ReceiveMessage',
    moto: ['again'],
    ours: [],
    documentation:
      'SQS Developer Guide, "Using the message deduplication ID in Amazon SQS": SQS continues tracking the deduplication ' +
      'id even after the message has been received and deleted.',
  },
  'fifo-dead-letter-deduplication': {
    scope: 'queues',
    operation: 'ReceiveMessage of a FIFO dead-letter queue',
    moto: ['once'],
    ours: ['the message id'],
    documentation:
      'SQS Developer Guide, "Using dead-letter queues in Amazon SQS": the deduplication id of a message that moves to a FIFO ' +
      'dead-letter queue is replaced with the id of the message.',
  },
  'older-receipt-deletes': {
    scope: 'queues',
    operation: 'DeleteMessage with the receipt of an earlier receive, then ReceiveMessage',
    moto: [],
    ours: ['kept'],
    documentation:
      'SQS API Reference, DeleteMessage: without the most recent receipt handle the request succeeds, but the message ' +
      'might not be deleted.',
  },
  'batch-refused-whole': {
    scope: 'queues',
    operation: 'SendMessageBatch with one message that is too long',
    moto: 'InvalidParameterValue',
    ours: { Successful: ['short'], Failed: ['long'] },
    documentation:
      'SQS API Reference, SendMessageBatch: the result of sending each message is reported individually in the response.',
  },
  'size-in-characters': {
    scope: 'queues',
    operation: 'SendMessage of 1200 bytes in 400 characters to a queue that takes 1024 bytes',
    moto: 'taken',
    ours: 'InvalidParameterValue',
    documentation:
      'SQS API Reference, CreateQueue, MaximumMessageSize: the limit of how many bytes a message can contain.',
  },
  'fifo-expired-batch': {
    scope: 'queues',
    operation: 'ReceiveMessage after the visibility timeout of two messages of one group, received together, is over',
    moto: ['m2'],
    ours: ['m1', 'm2'],
    documentation:
      'SQS Developer Guide, "FIFO queue delivery logic": a receive returns as many messages of the same message group as ' +
      'possible.',
  },
  'dead-letter-source': {
    scope: 'queues',
    operation: 'ReceiveMessage from a dead-letter queue, attribute DeadLetterQueueSourceArn',
    moto: [null],
    ours: ['the source'],
    documentation: 'SQS API Reference, Message, Attributes: DeadLetterQueueSourceArn is among the valid keys.',
  },
  'fifo-topic-without-group': {
    scope: 'topics',
    operation: 'Publish to a FIFO topic without a message group',
    moto: 'MissingParameter',
    ours: 'InvalidParameter',
    documentation:
      'SNS API Reference, Publish: its errors name InvalidParameter for a request parameter that does not comply, and no ' +
      'MissingParameter.',
  },
  'policy-in-capitals': {
    scope: 'topics',
    operation: 'Publish of blue to a filter policy of equals-ignore-case BLUE',
    moto: [],
    ours: ['{"color":"blue"}'],
    documentation:
      'SNS Developer Guide, "String value matching": equals-ignore-case matches any message attribute or body property ' +
      'value that equals the string, regardless of case.',
  },
  'array-of-objects': {
    scope: 'patterns',
    operation: 'PutEvents of an array of objects, one of which a rule asks for',
    moto: false,
    ours: true,
    documentation:
      'EventBridge User Guide, "Event patterns": for a value that is an array, the pattern matches if the arrays have ' +
      'something in common; github.com/aws/event-ruler, "Arrays of objects": of one object, all fields must match.',
  },
  'full-last-page': {
    scope: 'tables',
    operation: 'Query whose last item fills the page exactly',
    moto: { Items: [ITEM], Count: 1, ScannedCount: 1 },
    ours: { Items: [ITEM], Count: 1, ScannedCount: 1, LastEvaluatedKey: { pk: { S: 'p' }, sk: { S: 's' } } },
    documentation:
      'DynamoDB API Reference, Query: LastEvaluatedKey is where the operation stopped; one that is not empty does not mean ' +
      'that there is more. With Limit reached, the operation stops there.',
  },
  'reserved-word': {
    scope: 'tables',
    operation: 'Query with a reserved word in the key condition',
    moto: { Items: [], Count: 0, ScannedCount: 0 },
    ours: { error: 'ValidationException' },
    documentation:
      'DynamoDB Developer Guide, "Reserved words in DynamoDB": OWNER is one; expressions need a placeholder for it.',
  },
  'key-type': {
    scope: 'tables',
    operation: 'GetItem with a key attribute of another type than the table defines',
    moto: {},
    ours: { error: 'ValidationException' },
    documentation:
      'DynamoDB API Reference, GetItem, Key: the attributes must be those of the key schema; another type is refused with ' +
      '"The provided key element does not match the schema".',
  },
  'index-key-type': {
    scope: 'tables',
    operation: 'PutItem with an attribute of another type than the index key that it is',
    moto: {},
    ours: { error: 'ValidationException' },
    documentation:
      'DynamoDB Developer Guide, "Using Global Secondary Indexes": writing an index key attribute of another type than ' +
      'defined fails with ValidationException.',
  },
  'unused-value': {
    scope: 'tables',
    operation: 'PutItem with a value that its condition does not use',
    moto: {},
    ours: { error: 'ValidationException' },
    documentation:
      'DynamoDB refuses it: "Value provided in ExpressionAttributeValues unused in expressions" (Developer Guide, "Error ' +
      'handling", ValidationException).',
  },
  'undefined-placeholder': {
    scope: 'tables',
    operation: 'PutItem with a condition that uses a value that is not given',
    moto: { error: 'HTTP 500' },
    ours: { error: 'ValidationException' },
    documentation:
      'DynamoDB Developer Guide, "Expression attribute values": every value that is used must be given; DynamoDB answers ' +
      'ValidationException, "An expression attribute value used in expression is not defined".',
  },
  'size-of-nothing': {
    scope: 'tables',
    operation: 'PutItem with a condition on the size of a missing attribute',
    moto: { error: 'HTTP 500' },
    ours: { error: 'ConditionalCheckFailedException' },
    documentation:
      'DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions": a comparison with an ' +
      'attribute that is missing does not hold.',
  },
  'missing-attributes-equal': {
    scope: 'tables',
    operation: 'PutItem with the condition that two missing attributes are equal',
    moto: {},
    ours: { error: 'ConditionalCheckFailedException' },
    documentation:
      'DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions": a = b is true if the ' +
      'attribute a is equal to b; what is missing has no value to be equal.',
  },
  'double-not': {
    scope: 'tables',
    operation: 'PutItem with the condition NOT NOT',
    moto: { error: 'HTTP 500' },
    ours: {},
    documentation:
      'DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions", syntax: condition ::= NOT ' +
      'condition.',
  },
  'set-with-duplicates': {
    scope: 'tables',
    operation: 'PutItem with a set that has a member twice',
    moto: {},
    ours: { error: 'ValidationException' },
    documentation: 'DynamoDB Developer Guide, "Supported data types", Sets: each value within a set must be unique.',
  },
  'number-as-written': {
    scope: 'tables',
    operation: 'UpdateItem with the number 1.50',
    moto: {
      ConsumedCapacity: { TableName: TABLE, CapacityUnits: 0.5 },
      Attributes: { ...ITEM, num: { N: '1.50' } },
    },
    ours: { Attributes: { ...ITEM, num: { N: '1.5' } } },
    documentation: 'DynamoDB Developer Guide, "Supported data types", Number: leading and trailing zeroes are trimmed.',
  },
  'update-measured-unasked': {
    scope: 'tables',
    operation: 'UpdateItem that does not ask for the capacity it consumes',
    moto: { ConsumedCapacity: { TableName: TABLE, CapacityUnits: 0.5 } },
    ours: {},
    documentation:
      'DynamoDB API Reference, UpdateItem: ConsumedCapacity is only returned if ReturnConsumedCapacity was specified.',
  },
  'transaction-measured-unasked': {
    scope: 'tables',
    operation: 'TransactWriteItems that does not ask for collection metrics',
    moto: { ConsumedCapacity: [], ItemCollectionMetrics: {} },
    ours: {},
    documentation:
      'DynamoDB API Reference, TransactWriteItems, ReturnItemCollectionMetrics: NONE, the default, returns none.',
  },
  'transaction-token': {
    scope: 'tables',
    operation: 'TransactWriteItems with the token of another request',
    moto: { ConsumedCapacity: [], ItemCollectionMetrics: {} },
    ours: { error: 'IdempotentParameterMismatchException' },
    documentation:
      'DynamoDB API Reference, TransactWriteItems, ClientRequestToken: the same token with another request within ten ' +
      'minutes is an IdempotentParameterMismatch.',
  },
  'upsert-told-twice': {
    scope: 'streams',
    operation: 'UpdateItem that creates an item, in the stream',
    moto: [
      { eventName: 'INSERT', Keys: KEY, NewImage: KEY, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      { eventName: 'INSERT', Keys: KEY, NewImage: ITEM, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    ],
    ours: [{ eventName: 'INSERT', Keys: KEY, NewImage: ITEM, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    documentation:
      'DynamoDB Developer Guide, "Change data capture for DynamoDB Streams": each stream record appears exactly once in ' +
      'the stream, in the sequence of the actual modifications to the item.',
  },
  'unchanged-told': {
    scope: 'streams',
    operation: 'UpdateItem that changes nothing, in the stream',
    moto: [{ eventName: 'MODIFY', Keys: KEY, NewImage: ITEM, OldImage: ITEM, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ours: [],
    documentation:
      'DynamoDB Developer Guide, "Change data capture for DynamoDB Streams": a PutItem or UpdateItem that does not change ' +
      'any data in an item writes no stream record.',
  },
  ...BOUND_DIFFERENCES,
  ...KINESIS_DIFFERENCES,
});

/** Names of the entries. */
export type DifferenceId = keyof typeof KNOWN_DIFFERENCES;
