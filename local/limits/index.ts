import { HTTP_API_LIMITS, REST_API_LIMITS } from './api-gateway';
import { BEDROCK_RUNTIME_LIMITS, KNOWLEDGE_BASE_LIMITS } from './bedrock';
import { COGNITO_LIMITS } from './cognito';
import { DYNAMODB_LIMITS } from './dynamodb';
import { EVENT_BRIDGE_LIMITS } from './event-bridge';
import { EVENT_FILTER_LIMITS } from './event-filters';
import { FIREHOSE_LIMITS } from './firehose';
import { KINESIS_LIMITS } from './kinesis';
import { LAMBDA_LIMITS } from './lambda';
import type { LimitTable } from './limit';
import { PIPES_LIMITS } from './pipes';
import { S3_LIMITS } from './s3';
import { SNS_LIMITS } from './sns';
import { SQS_LIMITS } from './sqs';
import { STEP_FUNCTIONS_LIMITS } from './step-functions';

/** The limits that the local engine enforces, by service. */
export const LIMIT_TABLES: readonly LimitTable[] = [
  BEDROCK_RUNTIME_LIMITS,
  COGNITO_LIMITS,
  DYNAMODB_LIMITS,
  EVENT_BRIDGE_LIMITS,
  EVENT_FILTER_LIMITS,
  FIREHOSE_LIMITS,
  HTTP_API_LIMITS,
  KINESIS_LIMITS,
  KNOWLEDGE_BASE_LIMITS,
  LAMBDA_LIMITS,
  PIPES_LIMITS,
  REST_API_LIMITS,
  S3_LIMITS,
  SNS_LIMITS,
  SQS_LIMITS,
  STEP_FUNCTIONS_LIMITS,
];
