import type { Action } from './answers';

/** What goes into a call: as the service names it, lists of the Query protocol as `Name.1`. */
export type Input = Readonly<Record<string, string | boolean | number>>;

/** How a service is asked (AWS: API reference of each; the SDK's own requests are in the tests). */
export interface Operation {
  /** The first label of the host. */
  readonly host: string;
  /** What the signature calls the service. @default - the host's */
  readonly signs?: string;
  /** Whether it has one place in a partition. @default - one in each region */
  readonly global?: boolean;
  readonly protocol: Protocol;
}

/** The protocols of AWS's services. */
export type Protocol =
  | { readonly kind: 'json'; readonly target: string; readonly version: '1.0' | '1.1' }
  | { readonly kind: 'query'; readonly version: string }
  | {
      readonly kind: 'rest';
      readonly method: 'GET' | 'HEAD' | 'POST';
      /** `{Name}` stands for a value of the input. */
      readonly path: string;
      readonly answer: 'json' | 'xml';
    };

const json = (host: string, target: string, version: '1.0' | '1.1' = '1.1'): Operation => ({
  host,
  protocol: { kind: 'json', target, version },
});
const query = (host: string, version: string): Operation => ({ host, protocol: { kind: 'query', version } });
const get = (host: string, path: string): Operation => ({
  host,
  protocol: { kind: 'rest', method: 'GET', path, answer: 'json' },
});

const EC2 = query('ec2', '2016-11-15');
const CLOUDFORMATION = query('cloudformation', '2010-05-15');
const LOGS = json('logs', 'Logs_20140328');
const QUOTAS = json('servicequotas', 'ServiceQuotasV20190624');

/**
 * Every call that the doctor may make, by the IAM action that it needs. All of them read; `groundplan doctor --policy` prints this list.
 * Adding one that writes fails a test.
 */
export const OPERATIONS: Readonly<Record<Action, Operation>> = {
  'apigateway:GET': get('apigateway', '/account'),
  'bedrock:GetFoundationModelAvailability': get('bedrock', '/foundation-model-availability/{modelId}'),
  'bedrock:GetInferenceProfile': get('bedrock', '/inference-profiles/{inferenceProfileIdentifier}'),
  'cloudformation:DescribeStackResource': CLOUDFORMATION,
  'cloudformation:DescribeStacks': CLOUDFORMATION,
  'cloudfront:ListDistributions': {
    host: 'cloudfront',
    global: true,
    protocol: { kind: 'rest', method: 'GET', path: '/2020-05-31/distribution', answer: 'xml' },
  },
  'cognito-idp:DescribeUserPoolDomain': json('cognito-idp', 'AWSCognitoIdentityProviderService'),
  'dynamodb:DescribeTable': json('dynamodb', 'DynamoDB_20120810', '1.0'),
  'ec2:DescribeAddresses': EC2,
  'ec2:DescribeAvailabilityZones': EC2,
  'ec2:DescribeRegions': EC2,
  'ec2:DescribeSubnets': EC2,
  'ec2:DescribeVpcs': EC2,
  'iam:GetRole': { ...query('iam', '2010-05-08'), global: true },
  'lakeformation:GetDataLakeSettings': {
    host: 'lakeformation',
    protocol: { kind: 'rest', method: 'POST', path: '/GetDataLakeSettings', answer: 'json' },
  },
  'lambda:GetAccountSettings': get('lambda', '/2016-08-19/account-settings'),
  'logs:DescribeLogGroups': LOGS,
  'logs:DescribeResourcePolicies': LOGS,
  's3:ListBucket': {
    host: 's3',
    protocol: { kind: 'rest', method: 'HEAD', path: '/{Bucket}/', answer: 'xml' },
  },
  'servicequotas:GetAWSDefaultServiceQuota': QUOTAS,
  'servicequotas:GetServiceQuota': QUOTAS,
  'ses:GetAccount': { ...get('email', '/v2/email/account'), signs: 'ses' },
  'ses:GetEmailIdentity': { ...get('email', '/v2/email/identities/{EmailIdentity}'), signs: 'ses' },
  'ssm:GetParameter': json('ssm', 'AmazonSSM'),
  'sts:GetCallerIdentity': query('sts', '2011-06-15'),
};

/** The partitions whose global services are known here: where they are, and where their requests are signed for. */
const GLOBAL: readonly {
  readonly regions: RegExp;
  readonly hosts: Readonly<Record<string, readonly [host: string, region: string]>>;
}[] = [
  {
    regions: /^cn-/,
    hosts: {
      iam: ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
      cloudfront: ['cloudfront.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    },
  },
  { regions: /^us-gov-/, hosts: { iam: ['iam.us-gov.amazonaws.com', 'us-gov-west-1'] } },
  // Other partitions (us-iso, eusc and so on) have hosts of their own.
  { regions: /^(us|eu|isob)-?iso|^eusc-/, hosts: {} },
  {
    regions: /./,
    hosts: { iam: ['iam.amazonaws.com', 'us-east-1'], cloudfront: ['cloudfront.amazonaws.com', 'us-east-1'] },
  },
];

/** Where a call goes, and the region that its signature is for; undefined where that is not known. */
export function placeOfCall(
  { host, global = false }: Operation,
  region: string,
  dnsSuffix: string,
): { readonly hostname: string; readonly region: string } | undefined {
  if (!global) return { hostname: `${host}.${region}.${dnsSuffix}`, region };
  const [hostname, signed] = GLOBAL.find(({ regions }) => regions.test(region))?.hosts[host] ?? [];
  return hostname === undefined || signed === undefined ? undefined : { hostname, region: signed };
}
