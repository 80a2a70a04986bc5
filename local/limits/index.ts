import { DYNAMODB_LIMITS } from './dynamodb';
import type { LimitTable } from './limit';
import { SQS_LIMITS } from './sqs';

/** The limits that the local engine enforces, by service. */
export const LIMIT_TABLES: readonly LimitTable[] = [DYNAMODB_LIMITS, SQS_LIMITS];
