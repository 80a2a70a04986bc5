import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { callTimeouts } from './call-timeouts';

/**
 * One client for the life of the process, with the SDK's standard retries (ddb-partition-limit-visible). DynamoDB answers in
 * milliseconds, and four tries fit the 10 s of the shortest function that has a table.
 */
export const documents = DynamoDBDocumentClient.from(
  new DynamoDBClient({ maxAttempts: 4, requestHandler: callTimeouts({ answerMs: 2000 }) }),
  { marshallOptions: { removeUndefinedValues: true } },
);
