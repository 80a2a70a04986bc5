import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { namingActions } from '../aws-errors';

/** How AWS is reached. */
export type TryConfig = Pick<CloudFormationClientConfig, 'region' | 'endpoint' | 'credentials' | 'maxAttempts'>;

/** The clients of `groundplan try`. */
export interface TryClients {
  /** For the clients of a first request. */
  readonly config: TryConfig;
  readonly cloudFormation: CloudFormationClient;
  readonly cognito: CognitoIdentityProviderClient;
}

/** Makes the clients for a region; a test makes its own. */
export type TryClientsFor = (region: string | undefined) => TryClients;

/** Makes the clients. @param config @default - as the AWS CLI's, and `AWS_ENDPOINT_URL` */
export function createTryClients(config: TryConfig = {}): TryClients {
  return {
    config,
    cloudFormation: namingActions(new CloudFormationClient(config)),
    cognito: namingActions(new CognitoIdentityProviderClient(config)),
  };
}

export const tryClientsFor: TryClientsFor = (region) => createTryClients(region === undefined ? {} : { region });
