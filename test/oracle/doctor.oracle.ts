import { expect, it } from 'vitest';
import { createCaller } from '../../lib/operations/doctor/aws/caller';

const region = 'eu-west-1';
const endpoint = process.env['MOTO_ENDPOINT'];
if (endpoint === undefined) throw new Error('MOTO_ENDPOINT is not set: run with scripts/with-moto.sh');
const aws = createCaller({ region, endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
const error = (name: string, status: number) => ({ name, status });

/** Calls that moto knows, too: it reads requests and writes answers as AWS does, and is not ours. */
it.each([
  ['cloudfront:ListDistributions', {}, { IsTruncated: 'false', Quantity: '0' }],
  ['cognito-idp:DescribeUserPoolDomain', { Domain: 'none' }, { DomainDescription: {} }],
  [
    'ec2:DescribeAvailabilityZones',
    { 'Filter.1.Name': 'zone-type', 'Filter.1.Value.1': 'availability-zone' },
    {
      availabilityZoneInfo: [
        { zoneName: 'eu-west-1a', zoneId: 'euw1-az3', zoneState: 'available' },
        { zoneName: 'eu-west-1b', zoneId: 'euw1-az1', zoneState: 'available' },
        { zoneName: 'eu-west-1c', zoneId: 'euw1-az2', zoneState: 'available' },
      ],
    },
  ],
  [
    'ec2:DescribeRegions',
    { AllRegions: true },
    {
      regionInfo: expect.arrayContaining([
        expect.objectContaining({ regionName: region, optInStatus: 'opt-in-not-required' }),
      ]),
    },
  ],
  [
    'ec2:DescribeSubnets',
    { 'Filter.1.Name': 'default-for-az', 'Filter.1.Value.1': 'true' },
    {
      subnetSet: [
        { availabilityZone: 'eu-west-1a' },
        { availabilityZone: 'eu-west-1b' },
        { availabilityZone: 'eu-west-1c' },
      ],
    },
  ],
  ['ec2:DescribeVpcs', { MaxResults: 1000 }, { vpcSet: [{ isDefault: 'true' }] }],
  [
    'lakeformation:GetDataLakeSettings',
    {},
    {
      DataLakeSettings: {
        CreateTableDefaultPermissions: [
          { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
        ],
      },
    },
  ],
  ['logs:DescribeLogGroups', { logGroupNamePrefix: '/none' }, { logGroups: [] }],
  ['logs:DescribeResourcePolicies', {}, { resourcePolicies: [] }],
  [
    'servicequotas:GetServiceQuota',
    { ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' },
    { Quota: { QuotaName: 'VPCs per Region' } },
  ],
  ['sts:GetCallerIdentity', {}, { Account: '123456789012' }],
] as const)("moto answers the doctor's %s", async (action, input, expected) => {
  expect(await aws.call(action, input, region)).toMatchObject(expected);
});

it.each([
  ['cloudformation:DescribeStacks', { StackName: 'none' }, error('ValidationError', 400)],
  ['dynamodb:DescribeTable', { TableName: 'none' }, error('ResourceNotFoundException', 400)],
  ['iam:GetRole', { RoleName: 'none' }, error('NoSuchEntity', 404)],
  ['s3:ListBucket', { Bucket: 'none-there' }, error('HTTP 404', 404)],
  ['ses:GetEmailIdentity', { EmailIdentity: 'none@example.com' }, error('NotFoundException', 404)],
  ['ssm:GetParameter', { Name: '/none' }, error('ParameterNotFound', 400)],
] as const)("moto refuses the doctor's %s", async (action, input, expected) => {
  await expect(aws.call(action, input, region)).rejects.toMatchObject(expected);
});
