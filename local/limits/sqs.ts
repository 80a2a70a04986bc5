import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';
const API = 'docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const MESSAGES = `${GUIDE}/quotas-messages.html`;
const QUEUES = `${GUIDE}/quotas-queues.html`;
const ATTRIBUTES = `${GUIDE}/sqs-message-metadata.html`;
const CREATE = `${API}/API_CreateQueue.html`;
const SEND = `${API}/API_SendMessage.html`;
const SEND_BATCH = `${API}/API_SendMessageBatch.html`;
const RECEIVE = `${API}/API_ReceiveMessage.html`;
const VISIBILITY = `${API}/API_ChangeMessageVisibility.html`;
const MOVE = `${API}/API_StartMessageMoveTask.html`;

const SENDS = 'SendMessage, SendMessageBatch';
const BATCHES = 'SendMessageBatch, DeleteMessageBatch';
const INVALID = 'InvalidParameterValue';
const MAX_BYTES = 1_048_576;
const MAX_VISIBILITY_SECONDS = 43_200;

const BATCH = {
  emptyBatch: {
    operation: BATCHES,
    limit: 'Entries of a batch, minimum',
    min: 1,
    error: 'EmptyBatchRequest',
    source: SEND_BATCH,
  },
  batchEntries: {
    operation: BATCHES,
    limit: 'Entries of a batch, maximum',
    max: 10,
    error: 'TooManyEntriesInBatchRequest',
    source: MESSAGES,
  },
  batchIdLength: {
    operation: BATCHES,
    limit: 'Id of an entry, characters',
    min: 1,
    max: 80,
    error: 'InvalidBatchEntryId',
    source: MESSAGES,
  },
  batchIdCharacters: {
    operation: BATCHES,
    limit: 'Id of an entry: other than letters, digits, hyphens and underscores',
    error: 'InvalidBatchEntryId',
    source: MESSAGES,
  },
  batchIdsDistinct: {
    operation: BATCHES,
    limit: 'Two entries with the same Id',
    error: 'BatchEntryIdsNotDistinct',
    source: SEND_BATCH,
  },
  batchSize: {
    operation: 'SendMessageBatch',
    limit: 'All messages of a batch with their attributes, bytes',
    max: MAX_BYTES,
    error: 'BatchRequestTooLong',
    source: SEND_BATCH,
  },
} as const;

const MESSAGE = {
  bodyLength: {
    operation: SENDS,
    limit: 'Message body, characters',
    min: 1,
    error: 'MissingParameter',
    source: MESSAGES,
  },
  characters: {
    operation: SENDS,
    limit:
      'Message body or attribute: characters other than #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF',
    error: 'InvalidMessageContents',
    source: SEND,
  },
  messageSize: {
    operation: SENDS,
    limit: 'Message with its attributes, bytes, where the queue sets no MaximumMessageSize',
    max: MAX_BYTES,
    error: INVALID,
    source: MESSAGES,
  },
  attributes: { operation: SENDS, limit: 'Message attributes', max: 10, error: INVALID, source: ATTRIBUTES },
  attributeName: {
    operation: SENDS,
    limit: 'Name of a message attribute, characters',
    min: 1,
    max: 256,
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeNameCharacters: {
    operation: SENDS,
    limit:
      'Name of a message attribute: other than letters, digits, _, - and single periods inside; or beginning with AWS. or Amazon.',
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeType: {
    operation: SENDS,
    limit: 'DataType of a message attribute: other than String, Number or Binary, with or without a label',
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeTypeLength: {
    operation: SENDS,
    limit: 'DataType of a message attribute, characters',
    min: 1,
    max: 256,
    error: INVALID,
    source: ATTRIBUTES,
  },
  attributeValue: {
    operation: SENDS,
    limit: 'Value of a message attribute: empty, not of its DataType, or a Number that is none',
    error: INVALID,
    source: ATTRIBUTES,
  },
  delaySeconds: { operation: SENDS, limit: 'DelaySeconds', min: 0, max: 900, error: INVALID, source: SEND },
  fifoDelay: {
    operation: SENDS,
    limit: 'DelaySeconds of a message to a FIFO queue',
    max: 0,
    error: INVALID,
    source: SEND,
  },
  groupLength: {
    operation: SENDS,
    limit: 'MessageGroupId, characters',
    min: 1,
    max: 128,
    error: INVALID,
    source: SEND,
  },
  deduplicationLength: {
    operation: SENDS,
    limit: 'MessageDeduplicationId, characters',
    min: 1,
    max: 128,
    error: INVALID,
    source: SEND,
  },
  idCharacters: {
    operation: SENDS,
    limit: 'MessageGroupId or MessageDeduplicationId: other than ASCII letters, digits and punctuation',
    error: INVALID,
    source: SEND,
  },
  groupMissing: {
    operation: SENDS,
    limit: 'A message to a FIFO queue without a MessageGroupId',
    error: 'MissingParameter',
    source: SEND,
  },
  deduplicationMissing: {
    operation: SENDS,
    limit: 'A message to a FIFO queue without a MessageDeduplicationId or ContentBasedDeduplication',
    error: INVALID,
    source: SEND,
  },
  deduplicationOnStandard: {
    operation: SENDS,
    limit: 'MessageDeduplicationId for a standard queue',
    error: INVALID,
    source: SEND,
  },
} as const;

const HANDLING = {
  maxNumberOfMessages: {
    operation: 'ReceiveMessage',
    limit: 'MaxNumberOfMessages',
    min: 1,
    max: 10,
    error: INVALID,
    source: RECEIVE,
  },
  waitTimeSeconds: {
    operation: 'ReceiveMessage',
    limit: 'WaitTimeSeconds',
    min: 0,
    max: 20,
    error: INVALID,
    source: RECEIVE,
  },
  visibilityTimeout: {
    operation: 'ReceiveMessage, ChangeMessageVisibility',
    limit: 'VisibilityTimeout, seconds',
    min: 0,
    max: MAX_VISIBILITY_SECONDS,
    error: INVALID,
    source: VISIBILITY,
  },
  totalVisibility: {
    operation: 'ChangeMessageVisibility',
    limit: 'VisibilityTimeout in total since the message was received, seconds',
    max: MAX_VISIBILITY_SECONDS,
    error: INVALID,
    source: VISIBILITY,
  },
  inFlight: {
    operation: 'ReceiveMessage (short polling)',
    limit: 'Messages in flight of a standard queue, before one more is received',
    max: 119_999,
    error: 'OverLimit',
    source: QUEUES,
  },
  inFlightUnnoticed: {
    operation: 'ReceiveMessage (long polling, and FIFO queues)',
    limit: 'Messages in flight, before one more is received',
    max: 119_999,
    effect: 'No message is received',
    source: QUEUES,
  },
  receiptHandle: {
    operation: 'DeleteMessage, DeleteMessageBatch, ChangeMessageVisibility',
    limit: 'A receipt handle of another queue',
    error: 'ReceiptHandleIsInvalid',
    source: `${API}/API_DeleteMessage.html`,
  },
  notInFlight: {
    operation: 'ChangeMessageVisibility',
    limit: 'A message that is not in flight',
    error: 'MessageNotInflight',
    source: VISIBILITY,
  },
  queueExists: {
    operation: 'Every operation',
    limit: 'A queue that does not exist (AWS.SimpleQueueService.NonExistentQueue in the Query protocol)',
    error: 'QueueDoesNotExist',
    source: `${API}/API_GetQueueUrl.html`,
  },
} as const;

const QUEUE = {
  queueName: {
    operation: 'CreateQueue',
    limit: 'Queue name with .fifo, characters',
    min: 1,
    max: 80,
    error: INVALID,
    source: QUEUES,
  },
  queueNameCharacters: {
    operation: 'CreateQueue',
    limit: 'Queue name: other than letters, digits, hyphens, underscores and .fifo at its end',
    error: INVALID,
    source: QUEUES,
  },
  VisibilityTimeout: {
    operation: 'CreateQueue',
    limit: 'VisibilityTimeout, seconds',
    min: 0,
    max: MAX_VISIBILITY_SECONDS,
    error: 'InvalidAttributeValue',
    source: CREATE,
  },
  MessageRetentionPeriod: {
    operation: 'CreateQueue',
    limit: 'MessageRetentionPeriod, seconds',
    min: 60,
    max: 1_209_600,
    error: 'InvalidAttributeValue',
    source: CREATE,
  },
  MaximumMessageSize: {
    operation: 'CreateQueue',
    limit: 'MaximumMessageSize, bytes',
    min: 1024,
    max: MAX_BYTES,
    error: 'InvalidAttributeValue',
    source: CREATE,
  },
  DelaySeconds: {
    operation: 'CreateQueue',
    limit: 'DelaySeconds',
    min: 0,
    max: 900,
    error: 'InvalidAttributeValue',
    source: CREATE,
  },
  ReceiveMessageWaitTimeSeconds: {
    operation: 'CreateQueue',
    limit: 'ReceiveMessageWaitTimeSeconds',
    min: 0,
    max: 20,
    error: 'InvalidAttributeValue',
    source: CREATE,
  },
  maxReceiveCount: {
    operation: 'CreateQueue',
    limit: 'maxReceiveCount of the redrive policy',
    min: 1,
    max: 1000,
    error: INVALID,
    source: CREATE,
  },
  deadLetterQueueKind: {
    operation: 'CreateQueue',
    limit: 'A dead-letter queue of another kind: FIFO for standard, or standard for FIFO',
    error: INVALID,
    source: `${GUIDE}/sqs-dead-letter-queues.html`,
  },
} as const;

const MOVES = {
  moveSource: {
    operation: 'StartMessageMoveTask',
    limit: 'A SourceArn of no queue',
    error: 'ResourceNotFoundException',
    source: MOVE,
  },
  moveSourceIsDeadLetterQueue: {
    operation: 'StartMessageMoveTask',
    limit: 'A source that is the dead-letter queue of no queue',
    error: INVALID,
    source: MOVE,
  },
  moveRate: {
    operation: 'StartMessageMoveTask',
    limit: 'MaxNumberOfMessagesPerSecond',
    min: 1,
    max: 500,
    error: INVALID,
    source: MOVE,
  },
  listedMoves: {
    operation: 'ListMessageMoveTasks',
    limit: 'MaxResults',
    min: 1,
    max: 10,
    error: 'InvalidParameterValue',
    source: 'docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html',
  },
  activeMoves: {
    operation: 'StartMessageMoveTask',
    limit: 'Active tasks of a source queue, before one more is started',
    max: 0,
    error: 'InvalidParameterValue',
    source: MOVE,
  },
  activeMovesOfAccount: {
    operation: 'StartMessageMoveTask',
    limit: 'Active tasks of an account, before one more is started',
    max: 99,
    error: 'UnsupportedOperation',
    source: `${GUIDE}/sqs-configure-dead-letter-queue-redrive.html`,
  },
  moveWithoutOrigin: {
    operation: 'StartMessageMoveTask without DestinationArn',
    limit: 'A message that no queue dead-lettered',
    effect: 'The task ends as FAILED with CouldNotDetermineMessageSource; the message stays',
    source: `${GUIDE}/troubleshooting-dlq-redrive.html`,
  },
} as const;

/** What SQS refuses. */
export const SQS_LIMITS = limitTable('SQS', { ...BATCH, ...MESSAGE, ...HANDLING, ...QUEUE, ...MOVES });
