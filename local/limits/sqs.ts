import { limitTable } from './limit';

const QUOTAS = 'docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html';

/** What SQS refuses. */
export const SQS_LIMITS = limitTable('SQS', {
  emptyBatch: {
    operation: 'SendMessageBatch, DeleteMessageBatch',
    limit: 'Entries of a batch, at the least',
    min: 1,
    error: 'EmptyBatchRequest',
    source: 'docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html',
  },
  batchEntries: {
    operation: 'SendMessageBatch, DeleteMessageBatch',
    limit: 'Entries of a batch, at the most',
    max: 10,
    error: 'TooManyEntriesInBatchRequest',
    source: QUOTAS,
  },
});
