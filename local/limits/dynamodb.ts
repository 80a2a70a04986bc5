import { EXPRESSION_LIMITS, ITEMS, TABLES } from './dynamodb-items';
import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const API = 'docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const CONSTRAINTS = `${GUIDE}/Constraints.html`;
const TRANSACTIONS = `${GUIDE}/transaction-apis.html`;
const TRANSACT_WRITE = `${API}/API_TransactWriteItems.html`;
const QUERY = `${API}/API_Query.html`;
const KEY_CONDITION = `${GUIDE}/Query.KeyConditionExpressions.html`;
const EXPIRY = `${GUIDE}/howitworks-ttl.html`;
const PARTITIONS = `${GUIDE}/bp-partition-key-design.html`;

const INVALID = 'ValidationException';
const CANCELLED = 'TransactionCanceledException';

/** Queries. */
export const QUERIES = {
  queryLimit: { operation: 'Query', limit: 'Limit', min: 1, error: INVALID, source: QUERY },
  queryPageBytes: {
    operation: 'Query',
    limit: 'Items of a page, bytes before any filter',
    max: 1_048_576,
    effect: 'The page ends before the item that would exceed it, with a LastEvaluatedKey',
    source: `${GUIDE}/Query.Pagination.html`,
  },
  keyCondition: {
    operation: 'Query',
    limit: 'A key condition other than a partition key value and a range of the sort key',
    error: INVALID,
    source: KEY_CONDITION,
  },
  keyConditionType: {
    operation: 'Query',
    limit: 'A value of another type than its key in the key condition',
    error: INVALID,
    source: KEY_CONDITION,
  },
  consistentIndexRead: {
    operation: 'Query',
    limit: 'ConsistentRead of a global secondary index',
    error: INVALID,
    source: QUERY,
  },
  unknownIndex: { operation: 'Query', limit: 'An index that the table does not have', error: INVALID, source: QUERY },
  startKey: {
    operation: 'Query',
    limit: 'ExclusiveStartKey with an attribute missing, one too many, of another type, empty or too long',
    error: INVALID,
    source: QUERY,
  },
  startKeyOutside: {
    operation: 'Query',
    limit: 'ExclusiveStartKey that the key condition does not cover',
    error: INVALID,
    source: QUERY,
  },
} as const;

/** Transactions, and conditions of writes. */
export const TRANSACTION_LIMITS = {
  transactionItems: {
    operation: 'TransactWriteItems',
    limit: 'Actions of a transaction',
    min: 1,
    max: 100,
    error: INVALID,
    source: TRANSACT_WRITE,
  },
  transactionBytes: {
    operation: 'TransactWriteItems',
    limit: 'Items of a transaction together, bytes',
    max: 4_194_304,
    error: INVALID,
    source: TRANSACT_WRITE,
  },
  transactionDuplicate: {
    operation: 'TransactWriteItems',
    limit: 'Two actions on one item',
    error: INVALID,
    source: TRANSACT_WRITE,
  },
  transactionAction: {
    operation: 'TransactWriteItems',
    limit: 'A member of TransactItems without an action, or with two',
    error: INVALID,
    source: TRANSACT_WRITE,
  },
  transactionCancelled: {
    operation: 'TransactWriteItems',
    limit:
      'A condition that does not hold, or an update that the item does not allow (reasons ConditionalCheckFailed, ValidationError)',
    error: CANCELLED,
    source: TRANSACT_WRITE,
  },
  conditionFailed: {
    operation: 'PutItem, UpdateItem, DeleteItem',
    limit: 'A condition that does not hold',
    error: 'ConditionalCheckFailedException',
    source: `${GUIDE}/Programming.Errors.html`,
  },
  tokenLength: {
    operation: 'TransactWriteItems',
    limit: 'ClientRequestToken, characters',
    min: 1,
    max: 36,
    error: INVALID,
    source: TRANSACT_WRITE,
  },
  tokenReuse: {
    operation: 'TransactWriteItems',
    limit: 'A client request token of another request',
    error: 'IdempotentParameterMismatchException',
    source: TRANSACT_WRITE,
  },
  tokenMemory: {
    operation: 'TransactWriteItems',
    limit: 'Seconds for which a client request token is remembered',
    max: 600,
    effect: 'A repeat performs the transaction again',
    source: TRANSACT_WRITE,
  },
  transactionConflict: {
    operation: 'TransactWriteItems',
    limit: 'An item that another transaction in flight holds (reason TransactionConflict)',
    error: CANCELLED,
    source: TRANSACTIONS,
  },
  writeConflict: {
    operation: 'PutItem, UpdateItem, DeleteItem',
    limit: 'An item that a transaction in flight holds',
    error: 'TransactionConflictException',
    source: TRANSACTIONS,
  },
  tokenInProgress: {
    operation: 'TransactWriteItems',
    limit: 'A client request token whose first request is in flight',
    error: 'TransactionInProgressException',
    source: TRANSACT_WRITE,
  },
} as const;

/** Throughput of a partition. */
export const THROUGHPUT = {
  partitionWrites: {
    operation: 'PutItem, UpdateItem, DeleteItem',
    limit: 'Write units of a partition key value in a second',
    max: 1000,
    error: 'ThrottlingException',
    source: PARTITIONS,
  },
  partitionReads: {
    operation: 'GetItem, Query',
    limit: 'Read units of a partition key value in a second',
    max: 3000,
    error: 'ThrottlingException',
    source: PARTITIONS,
  },
  transactionThrottled: {
    operation: 'TransactWriteItems',
    limit: 'Write units of a partition key value in a second, two for each KB (reason ThrottlingError)',
    max: 1000,
    error: CANCELLED,
    source: `${API}/API_TransactWriteItems.html`,
  },
} as const;

/** What happens in the background, and what a stream keeps. */
export const BACKGROUND = {
  expiryType: {
    operation: 'TTL',
    limit: 'A TTL attribute that is no Number',
    effect: 'The item never expires',
    source: EXPIRY,
  },
  expiryAge: {
    operation: 'TTL',
    limit: 'Years since the time in the TTL attribute',
    max: 5,
    effect: 'The item never expires',
    source: EXPIRY,
  },
  streamRetention: {
    operation: 'Streams',
    limit: 'Hours for which a stream keeps a record',
    max: 24,
    effect: 'The record is gone, handled or not',
    source: `${GUIDE}/Streams.html`,
  },
  streamReaders: {
    operation: 'Streams',
    limit: 'Readers of a stream',
    max: 2,
    effect: 'The engine does not start: AWS throttles the readers',
    source: CONSTRAINTS,
  },
} as const;

/** What DynamoDB refuses. */
export const DYNAMODB_LIMITS = limitTable('DynamoDB', {
  ...TABLES,
  ...ITEMS,
  ...EXPRESSION_LIMITS,
  ...QUERIES,
  ...TRANSACTION_LIMITS,
  ...THROUGHPUT,
  ...BACKGROUND,
});
