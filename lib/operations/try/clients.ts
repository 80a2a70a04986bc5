import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { namingActions } from '../aws-errors';

/** The clients of `groundplan try`. */
export interface TryClients {
  readonly cloudFormation: CloudFormationClient;
  readonly cognito: CognitoIdentityProviderClient;
}

/** Makes the clients for a region; a test makes its own. */
export type TryClientsFor = (region: string | undefined) => TryClients;

/** Makes the clients. @param config @default - as the AWS CLI's, and `AWS_ENDPOINT_URL` */
export function createTryClients(
  config: Pick<CloudFormationClientConfig, 'region' | 'endpoint' | 'credentials' | 'maxAttempts'> = {},
): TryClients {
  return {
    cloudFormation: namingActions(new CloudFormationClient(config)),
    cognito: namingActions(new CognitoIdentityProviderClient(config)),
  };
}

export const tryClientsFor: TryClientsFor = (region) => createTryClients(region === undefined ? {} : { region });
