/** What AWS answers to the calls that the doctor makes, as far as it reads it. Each part may be missing: a stand-in may leave it out. */
export interface Answers {
  'apigateway:GET': { readonly cloudwatchRoleArn?: string | null };
  'bedrock:GetFoundationModelAvailability': {
    readonly agreementAvailability?: { readonly status?: string; readonly errorMessage?: string };
    readonly authorizationStatus?: string;
    readonly entitlementAvailability?: string;
    readonly regionAvailability?: string;
  };
  'bedrock:GetInferenceProfile': {
    readonly status?: string;
    readonly models?: readonly { readonly modelArn?: string }[];
  };
  'cloudformation:DescribeStackResource': {
    readonly StackResourceDetail?: { readonly PhysicalResourceId?: string; readonly ResourceStatus?: string };
  };
  'cloudformation:DescribeStacks': {
    readonly Stacks?: readonly {
      readonly StackStatus?: string;
      readonly StackStatusReason?: string;
      readonly EnableTerminationProtection?: string;
    }[];
  };
  'cloudfront:ListDistributions': { readonly Quantity?: string; readonly IsTruncated?: string };
  'cognito-idp:DescribeUserPoolDomain': { readonly DomainDescription?: { readonly UserPoolId?: string } };
  'dynamodb:DescribeTable': { readonly Table?: { readonly TableArn?: string } };
  'ec2:DescribeAddresses': { readonly addressesSet?: readonly unknown[] };
  'ec2:DescribeAvailabilityZones': {
    readonly availabilityZoneInfo?: readonly {
      readonly zoneName?: string;
      readonly zoneId?: string;
      readonly zoneState?: string;
      readonly zoneType?: string;
    }[];
  };
  'ec2:DescribeRegions': {
    readonly regionInfo?: readonly { readonly regionName?: string; readonly optInStatus?: string }[];
  };
  'ec2:DescribeSubnets': { readonly subnetSet?: readonly { readonly availabilityZone?: string }[] };
  'ec2:DescribeVpcs': { readonly vpcSet?: readonly unknown[] };
  'iam:GetRole': { readonly Role?: { readonly Arn?: string } };
  'lakeformation:GetDataLakeSettings': {
    readonly DataLakeSettings?: {
      readonly CreateDatabaseDefaultPermissions?: readonly PrincipalPermissions[];
      readonly CreateTableDefaultPermissions?: readonly PrincipalPermissions[];
    };
  };
  'lambda:GetAccountSettings': {
    readonly AccountLimit?: {
      readonly ConcurrentExecutions?: number;
      readonly UnreservedConcurrentExecutions?: number;
    };
  };
  'logs:DescribeLogGroups': { readonly logGroups?: readonly { readonly logGroupName?: string }[] };
  'logs:DescribeResourcePolicies': {
    readonly resourcePolicies?: readonly { readonly policyName?: string; readonly policyDocument?: string }[];
    readonly nextToken?: string;
  };
  's3:ListBucket': object;
  'servicequotas:GetAWSDefaultServiceQuota': { readonly Quota?: { readonly Value?: number } };
  'servicequotas:GetServiceQuota': { readonly Quota?: { readonly Value?: number } };
  'ses:GetAccount': {
    readonly ProductionAccessEnabled?: boolean;
    readonly SendingEnabled?: boolean;
    readonly EnforcementStatus?: string;
  };
  'ses:GetEmailIdentity': { readonly VerifiedForSendingStatus?: boolean };
  'ssm:GetParameter': { readonly Parameter?: { readonly Value?: string } };
  'sts:GetCallerIdentity': { readonly Account?: string; readonly Arn?: string };
}

interface PrincipalPermissions {
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Permissions?: readonly string[];
}

/** A call, by the IAM action that it needs. */
export type Action = keyof Answers;
