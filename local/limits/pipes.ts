import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/eventbridge/latest/userguide';
const API = 'docs.aws.amazon.com/eventbridge/latest/pipes-reference';
const BATCHING = `${GUIDE}/eb-pipes-batching-concurrency.html`;
const STREAM = `${API}/API_PipeSourceDynamoDBStreamParameters.html`;
const OPERATORS = `${GUIDE}/eb-create-pattern-operators.html`;

/** What EventBridge Pipes refuses. */
export const PIPES_LIMITS = limitTable('EventBridge Pipes', {
  batchSize: {
    operation: 'CreatePipe',
    limit: 'BatchSize of a stream for a target that is a bus or a topic',
    min: 1,
    max: 10,
    error: 'ValidationException',
    source: BATCHING,
  },
  batchingWindow: {
    operation: 'CreatePipe',
    limit: 'MaximumBatchingWindowInSeconds',
    min: 0,
    max: 300,
    error: 'ValidationException',
    source: STREAM,
  },
  retryAttempts: {
    operation: 'CreatePipe',
    limit: 'MaximumRetryAttempts of a stream; -1 is no bound',
    min: -1,
    max: 10_000,
    error: 'ValidationException',
    source: STREAM,
  },
  recordAge: {
    operation: 'CreatePipe',
    limit: 'MaximumRecordAgeInSeconds of a stream; -1 is no bound',
    min: -1,
    max: 604_800,
    error: 'ValidationException',
    source: STREAM,
  },
  inputTemplate: {
    operation: 'CreatePipe',
    limit: 'InputTemplate, characters',
    max: 8192,
    error: 'ValidationException',
    source: `${API}/API_PipeTargetParameters.html`,
  },
  filters: {
    operation: 'CreatePipe',
    limit: 'Filters',
    max: 5,
    error: 'ValidationException',
    source: `${API}/API_FilterCriteria.html`,
  },
  filterPattern: {
    operation: 'CreatePipe',
    limit: 'Pattern of a filter, characters',
    min: 1,
    max: 4096,
    error: 'ValidationException',
    source: `${API}/API_Filter.html`,
  },
  filterOperator: {
    operation: 'CreatePipe',
    limit:
      'A filter that is no pattern, or an operator that pipes do not have: wildcard, or anything-but with an operator',
    error: 'ValidationException',
    source: OPERATORS,
  },
  fifoTopic: {
    operation: 'CreatePipe',
    limit: 'A FIFO topic as target',
    error: 'ValidationException',
    source: `${GUIDE}/eb-pipes-event-target.html`,
  },
  enrichedBatch: {
    operation: 'Pipe',
    limit: 'Events of an enrichment for a bus or a topic',
    max: 10,
    effect: 'The target is not invoked, and the batch fails',
    source: BATCHING,
  },
  enrichmentRequest: {
    operation: 'Pipe',
    limit: 'Batch for a Lambda function, bytes of its JSON',
    max: 6_291_456,
    effect: 'The function is not invoked, and the batch fails',
    source: BATCHING,
  },
});
