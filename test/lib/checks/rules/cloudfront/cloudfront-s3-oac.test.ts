import { cloudfrontS3Oac } from '../../../../../lib/checks/rules/cloudfront/cloudfront-s3-oac';
import { att, type Case, cases, join, type Literals, ref } from '../../literal-fixture';

const ARN = join('arn:aws:cloudfront::111111111111:distribution/', ref('Site'));
const statement = (more: object = {}, Condition: object = { StringEquals: { 'AWS:SourceArn': ARN } }) => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Condition,
  ...more,
});
const ORIGIN = 'Site.DistributionConfig.Origins.0';
const STATEMENT = 'Policy.PolicyDocument.Statement.0';
const site: Literals = {
  Site: [
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        Origins: [
          {
            Id: 'pages',
            DomainName: att('Pages', 'RegionalDomainName'),
            S3OriginConfig: { OriginAccessIdentity: '' },
            OriginAccessControlId: 'abc',
          },
        ],
      },
    },
  ],
  Pages: ['AWS::S3::Bucket', {}],
  Policy: ['AWS::S3::BucketPolicy', { Bucket: ref('Pages'), PolicyDocument: { Statement: [statement()] } }],
};
const control = 'the origin Pages has no OriginAccessControlId';
const identity = "the origin Pages has an origin access identity, the old way; allowed: ''";
const shut =
  'the policy of Pages does not let this distribution in; allowed: cloudfront.amazonaws.com with AWS:SourceArn';

cases(cloudfrontS3Oac, site, [
  ['compliant', 'this distribution alone gets in'],
  ['violation', 'it has no control', { [`${ORIGIN}.OriginAccessControlId`]: undefined }, control],
  ['violation', 'its control is empty', { [`${ORIGIN}.OriginAccessControlId`]: '' }, control],
  ['violation', 'it goes the old way', { [`${ORIGIN}.S3OriginConfig.OriginAccessIdentity`]: 'E1' }, identity],
  [
    'violation',
    'it goes the old way alone',
    { [`${ORIGIN}.S3OriginConfig.OriginAccessIdentity`]: 'E1', [`${ORIGIN}.OriginAccessControlId`]: undefined },
    [control, identity],
  ],
  ['violation', 'there is no policy', { Policy: undefined }, shut],
  ['violation', 'the policy is of another bucket', { 'Policy.Bucket': 'other' }, shut],
  ['violation', 'the policy denies', { [STATEMENT]: statement({ Effect: 'Deny' }) }, shut],
  [
    'violation',
    'another service gets in',
    { [STATEMENT]: statement({ Principal: { Service: 's3.amazonaws.com' } }) },
    shut,
  ],
  ['violation', 'roles get in', { [STATEMENT]: statement({ Principal: { AWS: '*' } }) }, shut],
  ['compliant', 'several services get in', { [`${STATEMENT}.Principal.Service`]: ['a', 'cloudfront.amazonaws.com'] }],
  ['violation', 'every distribution gets in', { [`${STATEMENT}.Condition`]: undefined }, shut],
  [
    'violation',
    'another one gets in',
    { [STATEMENT]: statement({}, { StringEquals: { 'AWS:SourceArn': 'arn' } }) },
    shut,
  ],
  [
    'violation',
    'another key is asked for',
    { [STATEMENT]: statement({}, { StringEquals: { 'AWS:SourceAccount': ARN } }) },
    shut,
  ],
  ...['x-AWS:SourceArn', 'AWS:SourceArn-x'].map(
    (key): Case => [
      'violation',
      `the key is ${key}`,
      { [STATEMENT]: statement({}, { StringEquals: { [key]: ARN } }) },
      shut,
    ],
  ),
  [
    'compliant',
    'an account is asked for, too',
    { [`${STATEMENT}.Condition.StringEquals.aws:SourceAccount`]: '111111111111' },
  ],
  ['compliant', 'the key is in small letters', { [STATEMENT]: statement({}, { ArnLike: { 'aws:sourcearn': [ARN] } }) }],
  [
    'violation',
    'it is a public website',
    { [`${ORIGIN}.S3OriginConfig`]: undefined },
    'Pages is fetched from as a public website',
  ],
  [
    'violation',
    'it is somebody’s website',
    { [ORIGIN]: { Id: 'theirs', DomainName: 'theirs.s3-website-eu-west-1.amazonaws.com', CustomOriginConfig: {} } },
    'theirs is fetched from as a public website',
  ],
  ['cannot-tell', 'the bucket is elsewhere', { [`${ORIGIN}.DomainName`]: 'theirs.s3.amazonaws.com' }],
  ['not-applicable', 'it is no bucket', { [ORIGIN]: { Id: 'api', DomainName: 'api.example.com' } }],
]);
