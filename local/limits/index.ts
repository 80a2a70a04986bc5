import { DYNAMODB_LIMITS } from './dynamodb';
import type { LimitTable } from './limit';
import { SQS_LIMITS } from './sqs';
import { STEP_FUNCTIONS_LIMITS } from './step-functions';

/** The limits that the local engine enforces, by service. */
export const LIMIT_TABLES: readonly LimitTable[] = [DYNAMODB_LIMITS, SQS_LIMITS, STEP_FUNCTIONS_LIMITS];
