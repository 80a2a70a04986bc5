import { limitTable } from './limit';

const TRANSACTIONS = 'docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html';
const TRANSACT_WRITE = 'docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html';

/** What DynamoDB refuses. */
export const DYNAMODB_LIMITS = limitTable('DynamoDB', {
  transactionConflict: {
    operation: 'TransactWriteItems',
    limit: 'An item that another transaction in flight holds (reason TransactionConflict)',
    error: 'TransactionCanceledException',
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
});
