import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Action } from '../../../../lib/operations/doctor/aws/answers';
import { bodyOf } from '../../../../local/aws/server';

/** The account of every test. */
const ACCOUNT = '111122223333';

/** One call as it came over the wire. */
export interface Asked {
  readonly action: Action;
  /** What the signature is for. */
  readonly region: string;
  /** The form, the JSON, or the path. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a call is answered: a body as AWS writes it, or a refusal. */
export type WireAnswer = string | object | Refusal | undefined;

/** An error as AWS writes it. */
export class Refusal {
  constructor(
    readonly code: string,
    readonly message = code,
    readonly status = 400,
  ) {}
}

export const denied = (): Refusal =>
  new Refusal('AccessDeniedException', `User: arn:aws:iam::${ACCOUNT}:user/ada is not authorized to perform this`, 403);

/** Answers by action. */
export type AccountAnswers = { readonly [A in Action]?: (asked: Asked) => WireAnswer };

/** An account that answers over HTTP. */
export interface FakeAccount {
  readonly endpoint: string;
  /** Every call, in order. */
  readonly asked: Asked[];
  /** What it answers from now on, in place of what a good account does. */
  answers: AccountAnswers;
  close(): Promise<void>;
}

const xml = (name: string, content: string) =>
  `<?xml version="1.0"?>\n<${name}Response xmlns="https://example.com/">${content}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${name}Response>`;
const query = (name: string, content: string) => xml(name, `<${name}Result>${content}</${name}Result>`);
export const ec2 = (name: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">\n    <requestId>1</requestId>\n    ${content}\n</${name}Response>`;
export const stackIn = (status: string, more = '') =>
  query(
    'DescribeStacks',
    `<Stacks><member><StackName>S</StackName><StackStatus>${status}</StackStatus>${more}</member></Stacks>`,
  );

/** Zones `a`, `b` and `c` of a region, with their ids in this account. */
export const zonesXml = (region: string, ids: readonly string[]) =>
  ec2(
    'DescribeAvailabilityZones',
    `<availabilityZoneInfo>${ids
      .map((id, at) => {
        const name = `${region}${'abcdef'[at]}`;
        return `<item><optInStatus>opt-in-not-required</optInStatus><zoneName>${name}</zoneName><zoneId>${id}</zoneId><zoneType>availability-zone</zoneType><zoneState>available</zoneState></item>`;
      })
      .join('')}</availabilityZoneInfo>`,
  );

const PERMISSIONS = [{ Permissions: ['ALL'], Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' } }];

/** An account that is ready: every answer as AWS's API reference has it. */
const GOOD: Required<AccountAnswers> = {
  'sts:GetCallerIdentity': () =>
    query(
      'GetCallerIdentity',
      `<Arn>arn:aws:iam::${ACCOUNT}:user/ada</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account>`,
    ),
  'ssm:GetParameter': ({ input }) => ({
    Parameter: { Name: input['Name'], Type: 'String', Value: '30', Version: 1, DataType: 'text' },
  }),
  'cloudformation:DescribeStacks': ({ input }) =>
    new Refusal('ValidationError', `Stack with id ${String(input['StackName'])} does not exist`),
  'cloudformation:DescribeStackResource': () => new Refusal('ValidationError', 'Resource X does not exist for stack S'),
  'lambda:GetAccountSettings': () => ({
    AccountLimit: {
      CodeSizeUnzipped: 262144000,
      CodeSizeZipped: 52428800,
      ConcurrentExecutions: 1000,
      TotalCodeSize: 80530636800,
      UnreservedConcurrentExecutions: 1000,
    },
    AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
  }),
  'servicequotas:GetServiceQuota': ({ input }) => ({
    Quota: { ServiceCode: input['ServiceCode'], QuotaCode: input['QuotaCode'], Value: 20, Adjustable: true },
  }),
  'servicequotas:GetAWSDefaultServiceQuota': () => ({ Quota: { Value: 5 } }),
  'ec2:DescribeAddresses': () => ec2('DescribeAddresses', '<addressesSet/>'),
  'ec2:DescribeVpcs': () =>
    ec2('DescribeVpcs', '<vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet>'),
  'ec2:DescribeRegions': () =>
    ec2(
      'DescribeRegions',
      `<regionInfo>${['eu-west-1', 'us-east-1', 'eu-south-1']
        .map(
          (name) =>
            `<item><regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>${name === 'eu-south-1' ? 'not-opted-in' : 'opt-in-not-required'}</optInStatus></item>`,
        )
        .join('')}</regionInfo>`,
    ),
  'ec2:DescribeAvailabilityZones': ({ region }) => zonesXml(region, ['euw1-az1', 'euw1-az2', 'euw1-az3']),
  'ec2:DescribeSubnets': () => ec2('DescribeSubnets', '<subnetSet/>'),
  'cloudfront:ListDistributions': () =>
    '<?xml version="1.0" encoding="UTF-8"?>\n<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary><Id>E1</Id></DistributionSummary></Items></DistributionList>',
  'iam:GetRole': ({ input }) =>
    query(
      'GetRole',
      `<Role><Path>/aws-service-role/</Path><RoleName>${String(input['RoleName'])}</RoleName><Arn>arn:aws:iam::${ACCOUNT}:role/aws-service-role/x</Arn></Role>`,
    ),
  'bedrock:GetFoundationModelAvailability': () => ({
    modelId: 'm',
    agreementAvailability: { status: 'AVAILABLE' },
    authorizationStatus: 'AUTHORIZED',
    entitlementAvailability: 'AVAILABLE',
    regionAvailability: 'AVAILABLE',
  }),
  'bedrock:GetInferenceProfile': ({ input }) => ({
    inferenceProfileId: input['id'],
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
    models: ['eu-central-1', 'eu-west-1'].map((region) => ({
      modelArn: `arn:aws:bedrock:${region}::foundation-model/${String(input['id']).replace(/^[a-z-]+\./, '')}`,
    })),
  }),
  'lakeformation:GetDataLakeSettings': () => ({
    DataLakeSettings: {
      DataLakeAdmins: [],
      CreateDatabaseDefaultPermissions: PERMISSIONS,
      CreateTableDefaultPermissions: PERMISSIONS,
    },
  }),
  'logs:DescribeResourcePolicies': () => ({ resourcePolicies: [] }),
  'logs:DescribeLogGroups': () => ({ logGroups: [] }),
  's3:ListBucket': () => new Refusal('', '', 404),
  'dynamodb:DescribeTable': () =>
    new Refusal('ResourceNotFoundException', 'Requested resource not found: Table: t not found'),
  'cognito-idp:DescribeUserPoolDomain': () => ({ DomainDescription: {} }),
  'ses:GetAccount': () => ({ ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'HEALTHY' }),
  'ses:GetEmailIdentity': () => ({ IdentityType: 'DOMAIN', VerifiedForSendingStatus: true }),
  'apigateway:GET': () => ({ cloudwatchRoleArn: `arn:aws:iam::${ACCOUNT}:role/logs`, features: ['UsagePlans'] }),
};

/** The services that answer in XML. */
const XML = /^(sts|iam|ec2|cloudformation|cloudfront|s3)$/;

/** Starts an account on 127.0.0.1, for the endpoint of a caller. */
export async function startAccount(): Promise<FakeAccount> {
  const asked: Asked[] = [];
  const account = { endpoint: '', asked, answers: {} as AccountAnswers, close: () => Promise.resolve() };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const call = readCall(method, url, headers, (await bodyOf(request)).toString('utf8'));
    if (call === undefined) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`Not understood: ${method} ${url}`);
      return;
    }
    asked.push(call);
    const answer = (account.answers[call.action] ?? GOOD[call.action])(call);
    const isXml = XML.test(call.action.split(':')[0] ?? '');
    if (answer instanceof Refusal) {
      const { code, message, status } = answer;
      response.writeHead(
        status,
        isXml ? {} : { 'content-type': 'application/json', 'x-amzn-errortype': `${code}:http://internal.amazon.com/` },
      );
      response.end(
        method === 'HEAD' ? undefined : isXml ? xmlError(call.action, code, message) : JSON.stringify({ message }),
      );
      return;
    }
    response.writeHead(200, { 'content-type': isXml ? 'text/xml' : 'application/json' });
    response.end(method === 'HEAD' ? undefined : typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  account.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  account.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return account;
}

function xmlError(action: Action, code: string, message: string): string {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  if (action.startsWith('ec2:'))
    return `<?xml version="1.0"?>\n<Response><Errors><Error>${error}</Error></Errors><RequestID>1</RequestID></Response>`;
  return `<ErrorResponse xmlns="https://example.com/"><Error><Type>Sender</Type>${error}</Error><RequestId>1</RequestId></ErrorResponse>`;
}

const PATHS: readonly (readonly [service: string, path: RegExp, action: Action])[] = [
  ['apigateway', /^GET \/account$/, 'apigateway:GET'],
  ['bedrock', /^GET \/foundation-model-availability\/(?<id>[^/]+)$/, 'bedrock:GetFoundationModelAvailability'],
  ['bedrock', /^GET \/inference-profiles\/(?<id>[^/]+)$/, 'bedrock:GetInferenceProfile'],
  ['cloudfront', /^GET \/2020-05-31\/distribution$/, 'cloudfront:ListDistributions'],
  ['lakeformation', /^POST \/GetDataLakeSettings$/, 'lakeformation:GetDataLakeSettings'],
  ['lambda', /^GET \/2016-08-19\/account-settings$/, 'lambda:GetAccountSettings'],
  ['s3', /^HEAD \/(?<id>[^/]+)\/$/, 's3:ListBucket'],
  ['ses', /^GET \/v2\/email\/account$/, 'ses:GetAccount'],
  ['ses', /^GET \/v2\/email\/identities\/(?<id>[^/]+)$/, 'ses:GetEmailIdentity'],
];

/** What a signed request asks for; undefined for one that AWS would not understand. */
function readCall(
  method: string,
  url: string,
  headers: NodeJS.Dict<string | string[]>,
  body: string,
): Asked | undefined {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(String(headers['authorization'])) ?? [];
  if (region === '' || headers['x-amz-date'] === undefined) return undefined;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return {
      action: `${service}:${target.split('.').pop()}` as Action,
      region,
      input: JSON.parse(body) as Asked['input'],
    };
  }
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    const input = Object.fromEntries(new URLSearchParams(body));
    return { action: `${service}:${input['Action']}` as Action, region, input };
  }
  for (const [name, path, action] of PATHS) {
    const found = name === service ? path.exec(`${method} ${url}`) : null;
    if (found !== null) return { action, region, input: { id: decodeURIComponent(found.groups?.['id'] ?? '') } };
  }
  return undefined;
}
