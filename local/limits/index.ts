import { DYNAMODB_LIMITS } from './dynamodb';
import { EVENT_BRIDGE_LIMITS } from './event-bridge';
import { EVENT_FILTER_LIMITS } from './event-filters';
import type { LimitTable } from './limit';
import { PIPES_LIMITS } from './pipes';
import { SNS_LIMITS } from './sns';
import { SQS_LIMITS } from './sqs';
import { STEP_FUNCTIONS_LIMITS } from './step-functions';

/** The limits that the local engine enforces, by service. */
export const LIMIT_TABLES: readonly LimitTable[] = [
  DYNAMODB_LIMITS,
  EVENT_BRIDGE_LIMITS,
  EVENT_FILTER_LIMITS,
  PIPES_LIMITS,
  SNS_LIMITS,
  SQS_LIMITS,
  STEP_FUNCTIONS_LIMITS,
];
