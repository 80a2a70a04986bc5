import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';

/**
 * What a Fargate task calls before and while it runs: its image's registry and its logs. The image's layers come from S3, by the
 * gateway endpoint. Interface endpoints for them cost more than one NAT gateway in most regions (vpc-interface-endpoint-breakeven).
 *
 * Cognito is not among them, and no endpoint can replace it: a user pool with a domain answers nothing through PrivateLink
 * (AWS: Cognito, access using an interface endpoint). A task that fetches the pool's public keys needs NAT.
 */
export const FARGATE_ENDPOINTS: readonly InterfaceVpcEndpointAwsService[] = [
  InterfaceVpcEndpointAwsService.ECR,
  InterfaceVpcEndpointAwsService.ECR_DOCKER,
  InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
];

/** What else, when the container takes secrets (secrets-ecs-injection). */
export const FARGATE_SECRETS_ENDPOINT = InterfaceVpcEndpointAwsService.SECRETS_MANAGER;
