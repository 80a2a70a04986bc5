import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/eventbridge/latest/userguide';
const API = 'docs.aws.amazon.com/eventbridge/latest/APIReference';
const QUOTAS = `${GUIDE}/eb-quota.html`;
const SIZE = `${GUIDE}/eb-putevents.html`;
const ENTRY = `${API}/API_PutEventsRequestEntry.html`;
const OPERATORS = `${GUIDE}/eb-create-pattern-operators.html`;
const PATTERNS = `${GUIDE}/eb-event-patterns.html`;
const RETRIES = `${API}/API_RetryPolicy.html`;
const SCHEDULER = 'docs.aws.amazon.com/scheduler/latest/APIReference';

/** What EventBridge and EventBridge Scheduler refuse. */
export const EVENT_BRIDGE_LIMITS = limitTable('EventBridge', {
  entries: {
    operation: 'PutEvents',
    limit: 'Entries of a request',
    min: 1,
    max: 10,
    error: 'ValidationException',
    source: `${API}/API_PutEvents.html`,
  },
  requestSize: {
    operation: 'PutEvents',
    limit: 'All entries of a request: Source, DetailType, Detail, Resources as UTF-8, and 14 for Time, bytes',
    max: 262_143,
    error: 'ValidationException',
    source: SIZE,
  },
  source: {
    operation: 'PutEvents, for the entry alone',
    limit: 'Source, characters',
    min: 1,
    max: 256,
    error: 'InvalidArgument',
    source: ENTRY,
  },
  awsSource: {
    operation: 'PutEvents, for the entry alone',
    limit: 'A Source that begins with aws.',
    error: 'NotAuthorizedForSourceException',
    source: ENTRY,
  },
  detailType: {
    operation: 'PutEvents, for the entry alone',
    limit: 'DetailType, characters',
    min: 1,
    max: 128,
    error: 'InvalidArgument',
    source: ENTRY,
  },
  detail: {
    operation: 'PutEvents, for the entry alone',
    limit: 'A Detail that is no JSON object',
    error: 'MalformedDetail',
    source: ENTRY,
  },
  patternSize: {
    operation: 'PutRule',
    limit: 'Event pattern, characters, as long as AWS has not raised the quota',
    max: 2048,
    error: 'InvalidEventPatternException',
    source: QUOTAS,
  },
  patternShape: {
    operation: 'PutRule',
    limit: 'A pattern with an empty object or list, or with a field that is neither',
    error: 'InvalidEventPatternException',
    source: PATTERNS,
  },
  patternOperator: {
    operation: 'PutRule',
    limit: 'An operator that event patterns do not have, or an operand that is not of its kind',
    error: 'InvalidEventPatternException',
    source: OPERATORS,
  },
  numericOperand: {
    operation: 'PutRule',
    limit: 'Operand of numeric matching',
    min: -5_000_000_000,
    max: 5_000_000_000,
    error: 'InvalidEventPatternException',
    source: OPERATORS,
  },
  orCombinations: {
    operation: 'PutRule',
    limit: 'Combinations of the alternatives of $or',
    max: 1000,
    error: 'InvalidEventPatternException',
    source: OPERATORS,
  },
  targets: {
    operation: 'PutTargets',
    limit: 'Targets of a rule',
    max: 5,
    error: 'LimitExceededException',
    source: QUOTAS,
  },
  retryAttempts: {
    operation: 'PutTargets',
    limit: 'MaximumRetryAttempts of a retry policy',
    min: 0,
    max: 185,
    error: 'ValidationException',
    source: RETRIES,
  },
  eventAge: {
    operation: 'PutTargets',
    limit: 'MaximumEventAgeInSeconds of a retry policy',
    min: 60,
    max: 86_400,
    error: 'ValidationException',
    source: RETRIES,
  },
  deadLetterRefused: {
    operation: 'Delivery to a target',
    limit: 'An event that the dead-letter queue refuses as well',
    effect: 'The event is lost, and InvocationsFailedToBeSentToDlq counts it',
    source: `${GUIDE}/eb-rule-dlq.html`,
  },
  scheduleRetryAttempts: {
    operation: 'Scheduler CreateSchedule',
    limit: 'MaximumRetryAttempts of a retry policy',
    min: 0,
    max: 185,
    error: 'ValidationException',
    source: `${SCHEDULER}/API_RetryPolicy.html`,
  },
  scheduleEventAge: {
    operation: 'Scheduler CreateSchedule',
    limit: 'MaximumEventAgeInSeconds of a retry policy',
    min: 60,
    max: 86_400,
    error: 'ValidationException',
    source: `${SCHEDULER}/API_RetryPolicy.html`,
  },
  scheduleInput: {
    operation: 'Scheduler CreateSchedule',
    limit: 'Input of a target, bytes as UTF-8',
    max: 262_144,
    error: 'ValidationException',
    source: 'docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html',
  },
});
