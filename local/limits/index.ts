import { HTTP_API_LIMITS, REST_API_LIMITS } from './api-gateway';
import { BEDROCK_RUNTIME_LIMITS, KNOWLEDGE_BASE_LIMITS } from './bedrock';
import { COGNITO_LIMITS } from './cognito';
import { DYNAMODB_LIMITS } from './dynamodb';
import { FIREHOSE_LIMITS } from './firehose';
import { KINESIS_LIMITS } from './kinesis';
import { LAMBDA_LIMITS } from './lambda';
import type { LimitTable } from './limit';
import { S3_LIMITS } from './s3';
import { SQS_LIMITS } from './sqs';
import { STEP_FUNCTIONS_LIMITS } from './step-functions';

/** The limits that the local engine enforces, by service. */
export const LIMIT_TABLES: readonly LimitTable[] = [
  BEDROCK_RUNTIME_LIMITS,
  COGNITO_LIMITS,
  DYNAMODB_LIMITS,
  FIREHOSE_LIMITS,
  HTTP_API_LIMITS,
  KINESIS_LIMITS,
  KNOWLEDGE_BASE_LIMITS,
  LAMBDA_LIMITS,
  REST_API_LIMITS,
  S3_LIMITS,
  SQS_LIMITS,
  STEP_FUNCTIONS_LIMITS,
];
