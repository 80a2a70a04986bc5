import type { Action } from '../../../../../lib/operations/doctor/aws/answers';
import type { Input } from '../../../../../lib/operations/doctor/aws/operations';

/** A request as a client of AWS's sends it. */
export interface SdkRequest {
  readonly action: Action;
  /** What the doctor's call is given for it. */
  readonly input: Input;
  /** Host and signed region, by the region of the client. */
  readonly hosts: Readonly<Record<string, readonly [host: string, region: string]>>;
  readonly signs: string;
  readonly method: string;
  readonly path: string;
  readonly target?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/**
 * What AWS's own clients send, recorded once in December 2026: they are 67 MB, and no dependency. Their versions:
 * api-gateway 3.1142.0, bedrock 3.1164.0, cloudformation 3.1164.0, cloudfront 3.1164.0, cognito-identity-provider 3.1169.0, dynamodb 3.1164.0, ec2 3.1169.0, iam 3.1169.0, lakeformation 3.1048.0, lambda 3.1164.0, cloudwatch-logs 3.1169.0, s3 3.1164.0, service-quotas 3.1138.0, sesv2 3.1176.0, ssm 3.1169.0, sts 3.1177.0.
 */
export const SDK_REQUESTS: readonly SdkRequest[] = [
  {
    action: 'apigateway:GET',
    input: {},
    hosts: {
      'eu-west-1': ['apigateway.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['apigateway.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['apigateway.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'apigateway',
    method: 'GET',
    path: '/account',
  },
  {
    action: 'bedrock:GetFoundationModelAvailability',
    input: { modelId: 'amazon.nova-lite-v1:0' },
    hosts: {
      'eu-west-1': ['bedrock.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['bedrock.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['bedrock.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'bedrock',
    method: 'GET',
    path: '/foundation-model-availability/amazon.nova-lite-v1%3A0',
  },
  {
    action: 'bedrock:GetInferenceProfile',
    input: { inferenceProfileIdentifier: 'eu.amazon.nova-lite-v1:0' },
    hosts: {
      'eu-west-1': ['bedrock.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['bedrock.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['bedrock.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'bedrock',
    method: 'GET',
    path: '/inference-profiles/eu.amazon.nova-lite-v1%3A0',
  },
  {
    action: 'cloudformation:DescribeStackResource',
    input: { StackName: 'S', LogicalResourceId: 'L' },
    hosts: {
      'eu-west-1': ['cloudformation.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['cloudformation.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['cloudformation.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'cloudformation',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeStackResource&Version=2010-05-15&StackName=S&LogicalResourceId=L',
  },
  {
    action: 'cloudformation:DescribeStacks',
    input: { StackName: 'S' },
    hosts: {
      'eu-west-1': ['cloudformation.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['cloudformation.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['cloudformation.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'cloudformation',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeStacks&Version=2010-05-15&StackName=S',
  },
  {
    action: 'cloudfront:ListDistributions',
    input: {},
    hosts: {
      'eu-west-1': ['cloudfront.amazonaws.com', 'us-east-1'],
      'cn-north-1': ['cloudfront.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
      'us-gov-west-1': ['cloudfront.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'cloudfront',
    method: 'GET',
    path: '/2020-05-31/distribution',
  },
  {
    action: 'cognito-idp:DescribeUserPoolDomain',
    input: { Domain: 'd' },
    hosts: {
      'eu-west-1': ['cognito-idp.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['cognito-idp.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['cognito-idp.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'cognito-idp',
    method: 'POST',
    path: '/',
    target: 'AWSCognitoIdentityProviderService.DescribeUserPoolDomain',
    contentType: 'application/x-amz-json-1.1',
    body: '{"Domain":"d"}',
  },
  {
    action: 'dynamodb:DescribeTable',
    input: { TableName: 't' },
    hosts: {
      'eu-west-1': ['dynamodb.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['dynamodb.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['dynamodb.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'dynamodb',
    method: 'POST',
    path: '/',
    target: 'DynamoDB_20120810.DescribeTable',
    contentType: 'application/x-amz-json-1.0',
    body: '{"TableName":"t"}',
  },
  {
    action: 'ec2:DescribeAddresses',
    input: {},
    hosts: {
      'eu-west-1': ['ec2.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ec2',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeAddresses&Version=2016-11-15',
  },
  {
    action: 'ec2:DescribeAvailabilityZones',
    input: { 'Filter.1.Name': 'zone-type', 'Filter.1.Value.1': 'availability-zone' },
    hosts: {
      'eu-west-1': ['ec2.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ec2',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeAvailabilityZones&Version=2016-11-15&Filter.1.Name=zone-type&Filter.1.Value.1=availability-zone',
  },
  {
    action: 'ec2:DescribeRegions',
    input: { AllRegions: true },
    hosts: {
      'eu-west-1': ['ec2.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ec2',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeRegions&Version=2016-11-15&AllRegions=true',
  },
  {
    action: 'ec2:DescribeSubnets',
    input: { 'Filter.1.Name': 'default-for-az', 'Filter.1.Value.1': 'true' },
    hosts: {
      'eu-west-1': ['ec2.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ec2',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeSubnets&Version=2016-11-15&Filter.1.Name=default-for-az&Filter.1.Value.1=true',
  },
  {
    action: 'ec2:DescribeVpcs',
    input: { MaxResults: 1000 },
    hosts: {
      'eu-west-1': ['ec2.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ec2.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ec2',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=DescribeVpcs&Version=2016-11-15&MaxResults=1000',
  },
  {
    action: 'iam:GetRole',
    input: { RoleName: 'AWSServiceRoleForECS' },
    hosts: {
      'eu-west-1': ['iam.amazonaws.com', 'us-east-1'],
      'cn-north-1': ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['iam.us-gov.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'iam',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=GetRole&Version=2010-05-08&RoleName=AWSServiceRoleForECS',
  },
  {
    action: 'lakeformation:GetDataLakeSettings',
    input: {},
    hosts: {
      'eu-west-1': ['lakeformation.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['lakeformation.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['lakeformation.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'lakeformation',
    method: 'POST',
    path: '/GetDataLakeSettings',
    contentType: 'application/json',
    body: '{}',
  },
  {
    action: 'lambda:GetAccountSettings',
    input: {},
    hosts: {
      'eu-west-1': ['lambda.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['lambda.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['lambda.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'lambda',
    method: 'GET',
    path: '/2016-08-19/account-settings',
  },
  {
    action: 'logs:DescribeLogGroups',
    input: { logGroupNamePrefix: '/shop' },
    hosts: {
      'eu-west-1': ['logs.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['logs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['logs.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'logs',
    method: 'POST',
    path: '/',
    target: 'Logs_20140328.DescribeLogGroups',
    contentType: 'application/x-amz-json-1.1',
    body: '{"logGroupNamePrefix":"/shop"}',
  },
  {
    action: 'logs:DescribeResourcePolicies',
    input: {},
    hosts: {
      'eu-west-1': ['logs.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['logs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['logs.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'logs',
    method: 'POST',
    path: '/',
    target: 'Logs_20140328.DescribeResourcePolicies',
    contentType: 'application/x-amz-json-1.1',
    body: '{}',
  },
  {
    action: 's3:ListBucket',
    input: { Bucket: 'shop-data' },
    hosts: {
      'eu-west-1': ['s3.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['s3.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 's3',
    method: 'HEAD',
    path: '/shop-data/',
  },
  {
    action: 'servicequotas:GetAWSDefaultServiceQuota',
    input: { ServiceCode: 'ec2', QuotaCode: 'L-0263D0A3' },
    hosts: {
      'eu-west-1': ['servicequotas.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['servicequotas.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['servicequotas.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'servicequotas',
    method: 'POST',
    path: '/',
    target: 'ServiceQuotasV20190624.GetAWSDefaultServiceQuota',
    contentType: 'application/x-amz-json-1.1',
    body: '{"ServiceCode":"ec2","QuotaCode":"L-0263D0A3"}',
  },
  {
    action: 'servicequotas:GetServiceQuota',
    input: { ServiceCode: 'ec2', QuotaCode: 'L-0263D0A3' },
    hosts: {
      'eu-west-1': ['servicequotas.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['servicequotas.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['servicequotas.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'servicequotas',
    method: 'POST',
    path: '/',
    target: 'ServiceQuotasV20190624.GetServiceQuota',
    contentType: 'application/x-amz-json-1.1',
    body: '{"ServiceCode":"ec2","QuotaCode":"L-0263D0A3"}',
  },
  {
    action: 'ses:GetAccount',
    input: {},
    hosts: {
      'eu-west-1': ['email.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['email.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['email.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ses',
    method: 'GET',
    path: '/v2/email/account',
  },
  {
    action: 'ses:GetEmailIdentity',
    input: { EmailIdentity: "o'hara@example.com" },
    hosts: {
      'eu-west-1': ['email.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['email.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['email.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ses',
    method: 'GET',
    path: '/v2/email/identities/o%27hara%40example.com',
  },
  {
    action: 'ssm:GetParameter',
    input: { Name: '/cdk-bootstrap/hnb659fds/version' },
    hosts: {
      'eu-west-1': ['ssm.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['ssm.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['ssm.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'ssm',
    method: 'POST',
    path: '/',
    target: 'AmazonSSM.GetParameter',
    contentType: 'application/x-amz-json-1.1',
    body: '{"Name":"/cdk-bootstrap/hnb659fds/version"}',
  },
  {
    action: 'sts:GetCallerIdentity',
    input: {},
    hosts: {
      'eu-west-1': ['sts.eu-west-1.amazonaws.com', 'eu-west-1'],
      'cn-north-1': ['sts.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      'us-gov-west-1': ['sts.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    },
    signs: 'sts',
    method: 'POST',
    path: '/',
    contentType: 'application/x-www-form-urlencoded',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  },
];
