import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { namingActions } from '../aws-errors';

/** The clients of the services that letters come from and go back to. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly eventBridge: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly stepFunctions: SFNClient;
  readonly sqs: SQSClient;
}

/** What all clients have in common. */
export type ClientConfig = Pick<
  SQSClientConfig,
  'region' | 'endpoint' | 'credentials' | 'maxAttempts' | 'useQueueUrlAsEndpoint'
>;

/** Makes the clients. @param config @default - as the AWS CLI's, and `AWS_ENDPOINT_URL` */
export function createClients({ useQueueUrlAsEndpoint, ...config }: ClientConfig = {}): Clients {
  // Where another endpoint is meant, a queue's URL is not to be called instead of it.
  const elsewhere = process.env['AWS_ENDPOINT_URL'] ?? process.env['AWS_ENDPOINT_URL_SQS'];
  return {
    cloudFormation: namingActions(new CloudFormationClient(config)),
    dynamodb: namingActions(new DynamoDBClient(config)),
    streams: namingActions(new DynamoDBStreamsClient(config)),
    eventBridge: namingActions(new EventBridgeClient(config)),
    lambda: namingActions(new LambdaClient(config)),
    stepFunctions: namingActions(new SFNClient(config)),
    sqs: namingActions(
      new SQSClient({ ...config, useQueueUrlAsEndpoint: useQueueUrlAsEndpoint ?? elsewhere === undefined }),
    ),
  };
}

/** Makes the clients for a region; a test makes its own. */
export type ClientsFor = (region: string | undefined) => Clients;

export const clientsFor: ClientsFor = (region) => createClients(region === undefined ? {} : { region });
