import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/lambda/latest/dg';
const QUOTAS = `${GUIDE}/gettingstarted-limits.html`;
const CREATE = 'docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html';
const MAPPING = 'docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html';
const ASYNC = 'docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html';
const VARIABLES = `${GUIDE}/configuration-envvars.html`;
const MIB = 1024 * 1024;
/** What CreateFunction and CreateEventSourceMapping answer to settings that cannot be. */
const INVALID = 'InvalidParameterValueException';
const CONSTRAINT = 'ValidationException';

/** What Lambda refuses. */
export const LAMBDA_LIMITS = limitTable('Lambda', {
  payload: {
    operation: 'Invoke, synchronous',
    limit: 'Payload, bytes of JSON',
    max: 6 * MIB,
    error: 'RequestEntityTooLargeException',
    source: QUOTAS,
  },
  asynchronousPayload: {
    operation: 'Invoke, asynchronous',
    limit: 'Payload, bytes of JSON',
    max: MIB,
    error: 'RequestEntityTooLargeException',
    source: QUOTAS,
  },
  answer: {
    operation: 'Invoke',
    limit: 'Answer, bytes of JSON; a hundred bytes more than the payload, as the error message says',
    max: 6_291_556,
    error: 'Function.ResponseSizeTooLarge',
    source: QUOTAS,
  },
  streamedAnswer: {
    operation: 'InvokeWithResponseStream',
    limit: 'Streamed answer, bytes; the error of a larger one was not seen in AWS',
    max: 200 * MIB,
    error: 'Function.ResponseSizeTooLarge',
    source: QUOTAS,
  },
  unserializable: {
    operation: 'Node.js runtime',
    limit: 'An answer that JSON cannot say: a BigInt, or a cycle',
    error: 'Error',
    source: `${GUIDE}/nodejs-handler.html`,
  },
  concurrency: {
    operation: 'Invoke',
    limit: 'Concurrent executions beyond the reserved concurrency, or beyond what the account has left',
    error: 'TooManyRequestsException',
    source: `${GUIDE}/lambda-concurrency.html`,
  },
  accountConcurrency: {
    operation: 'Account and Region',
    limit: 'Concurrent executions, unless a raise was granted',
    max: 1000,
    error: 'TooManyRequestsException',
    source: QUOTAS,
  },
  environment: {
    operation: 'CreateFunction',
    limit: 'Environment variables, bytes of their JSON',
    max: 4096,
    error: INVALID,
    source: VARIABLES,
  },
  variableName: {
    operation: 'CreateFunction',
    limit:
      'A name of an environment variable that is reserved, or is not a letter and more letters, digits or underscores',
    error: INVALID,
    source: VARIABLES,
  },
  timeout: {
    operation: 'CreateFunction',
    limit: 'Timeout, seconds',
    min: 1,
    max: 900,
    error: CONSTRAINT,
    source: QUOTAS,
  },
  memory: {
    operation: 'CreateFunction',
    limit: 'MemorySize, MB',
    min: 128,
    max: 10_240,
    error: CONSTRAINT,
    source: QUOTAS,
  },
  functionName: {
    operation: 'CreateFunction',
    limit: 'FunctionName, characters',
    min: 1,
    max: 64,
    error: CONSTRAINT,
    source: CREATE,
  },
  asynchronousRetries: {
    operation: 'PutFunctionEventInvokeConfig',
    limit: 'MaximumRetryAttempts',
    min: 0,
    max: 2,
    error: CONSTRAINT,
    source: ASYNC,
  },
  eventAge: {
    operation: 'PutFunctionEventInvokeConfig',
    limit: 'MaximumEventAgeInSeconds, seconds',
    min: 60,
    max: 21_600,
    error: CONSTRAINT,
    source: ASYNC,
  },
  queueBatch: {
    operation: 'CreateEventSourceMapping of a standard queue',
    limit: 'BatchSize, messages',
    min: 1,
    max: 10_000,
    error: INVALID,
    source: MAPPING,
  },
  fifoBatch: {
    operation: 'CreateEventSourceMapping of a FIFO queue',
    limit: 'BatchSize, messages',
    min: 1,
    max: 10,
    error: INVALID,
    source: MAPPING,
  },
  queueBatchWithoutWindow: {
    operation: 'CreateEventSourceMapping of a queue, without MaximumBatchingWindowInSeconds',
    limit: 'BatchSize, messages',
    max: 10,
    error: INVALID,
    source: MAPPING,
  },
  batchingWindow: {
    operation: 'CreateEventSourceMapping',
    limit: 'MaximumBatchingWindowInSeconds, seconds',
    min: 0,
    max: 300,
    error: CONSTRAINT,
    source: MAPPING,
  },
  maximumConcurrency: {
    operation: 'CreateEventSourceMapping of a queue',
    limit: 'ScalingConfig.MaximumConcurrency',
    min: 2,
    max: 1000,
    error: CONSTRAINT,
    source: MAPPING,
  },
  queueVisibility: {
    operation: 'CreateEventSourceMapping of a queue',
    limit: 'A queue whose visibility timeout is less than the timeout of the function',
    error: INVALID,
    source: `${GUIDE}/services-sqs-configure.html`,
  },
  streamBatch: {
    operation: 'CreateEventSourceMapping of a stream',
    limit: 'BatchSize, records',
    min: 1,
    max: 10_000,
    error: INVALID,
    source: MAPPING,
  },
  parallelization: {
    operation: 'CreateEventSourceMapping of a stream',
    limit: 'ParallelizationFactor',
    min: 1,
    max: 10,
    error: CONSTRAINT,
    source: MAPPING,
  },
  streamRetries: {
    operation: 'CreateEventSourceMapping of a stream',
    limit: 'MaximumRetryAttempts; -1 is without end',
    min: -1,
    max: 10_000,
    error: CONSTRAINT,
    source: MAPPING,
  },
  recordAge: {
    operation: 'CreateEventSourceMapping of a stream',
    limit: 'MaximumRecordAgeInSeconds, seconds, unless it is -1: without end',
    min: 60,
    max: 604_800,
    error: INVALID,
    source: MAPPING,
  },
  batchPayload: {
    operation: 'Event source mapping',
    limit: 'Records of an invocation, bytes of JSON',
    max: 6 * MIB,
    effect: 'The batch ends there; what follows comes with the next',
    source: `${GUIDE}/invocation-eventsourcemapping.html`,
  },
});
