import { listOf } from '../../../template/policy-statements';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { type Origin, originsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

const CLOUDFRONT = 'cloudfront.amazonaws.com';
const SOURCE_ARN = /^aws:sourcearn$/i;

/** Whether a statement lets CloudFront in, and for one distribution alone. */
function letsIn(
  statement: Readonly<Record<string, unknown>>,
  distribution: TemplateResource,
  policies: readonly TemplateResource[],
  inventory: Inventory,
): boolean {
  const { Service } = (statement['Principal'] ?? {}) as { Service?: unknown };
  if (statement['Effect'] !== 'Allow' || !listOf(Service).includes(CLOUDFRONT)) return false;
  const conditions = Object.values((statement['Condition'] ?? {}) as Record<string, Record<string, unknown>>);
  return conditions.some((condition) =>
    Object.entries(condition).some(
      ([key, value]) =>
        SOURCE_ARN.test(key) && policies.some((policy) => inventory.mentions(policy, value, distribution)),
    ),
  );
}

function findings(origin: Origin, distribution: TemplateResource, inventory: Inventory): (string | false)[] {
  const { settings, source, kind } = origin;
  const name = source?.logicalId ?? String(settings['Id']);
  if (kind === 'website') return [`${name} is fetched from as a public website; allowed: its REST endpoint with OAC`];
  const { OriginAccessIdentity: identity = '' } = (settings['S3OriginConfig'] ?? {}) as {
    OriginAccessIdentity?: unknown;
  };
  const control = settings['OriginAccessControlId'];
  const wrong = [
    (control === undefined || control === '') && `the origin ${name} has no OriginAccessControlId`,
    identity !== '' && `the origin ${name} has an origin access identity, the old way; allowed: ''`,
  ];
  if (wrong.some((finding) => finding !== false)) return wrong;
  if (source === undefined) throw new CannotTell('the bucket, and so its policy, is in none of these templates');
  const policies = inventory.referrers('AWS::S3::BucketPolicy', 'Bucket', source);
  return [
    !inventory.resourceStatements(source).some((statement) => letsIn(statement, distribution, policies, inventory)) &&
      `the policy of ${name} does not let this distribution in; allowed: ${CLOUDFRONT} with AWS:SourceArn`,
  ];
}

export const cloudfrontS3Oac: Rule = {
  id: 'cloudfront-s3-oac',
  title: 'A bucket behind CloudFront is read by origin access control, for this distribution alone',
  why: 'A bucket that answers the internet directly goes around the firewall and the TLS settings of CloudFront. A policy for every distribution lets one of another account read it.',
  fix: 'Set OriginAccessControlId on the origin, and allow cloudfront.amazonaws.com in the bucket policy with AWS:SourceArn of the distribution (S3BucketOrigin.withOriginAccessControl in the CDK).',
  severity: 'error',
  profile: 'security',
  address:
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
  example: {
    fixed: {
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              {
                Id: 'pages',
                DomainName: { 'Fn::GetAtt': ['Pages', 'RegionalDomainName'] },
                S3OriginConfig: { OriginAccessIdentity: '' },
                OriginAccessControlId: { Ref: 'AccessControl' },
              },
            ],
          },
        },
      },
      AccessControl: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: {
            Name: 'pages',
            OriginAccessControlOriginType: 's3',
            SigningBehavior: 'always',
            SigningProtocol: 'sigv4',
          },
        },
      },
      Pages: { Type: 'AWS::S3::Bucket' },
      PagesPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Pages' },
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'cloudfront.amazonaws.com' },
                Action: 's3:GetObject',
                Resource: { 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Pages', 'Arn'] }, '*']] },
                Condition: {
                  StringEquals: {
                    'AWS:SourceArn': {
                      'Fn::Join': ['/', ['arn:aws:cloudfront::111122223333:distribution', { Ref: 'Site' }]],
                    },
                  },
                },
              },
            ],
          },
        },
      },
    },
    broken: [
      { 'Site.Properties.DistributionConfig.Origins.0.OriginAccessControlId': null },
      {
        'Site.Properties.DistributionConfig.Origins.0.S3OriginConfig.OriginAccessIdentity':
          'origin-access-identity/cloudfront/E1ABCDEFGHIJKL',
      },
      { 'Site.Properties.DistributionConfig.Origins.0.S3OriginConfig': null },
      { PagesPolicy: null },
      { 'PagesPolicy.Properties.PolicyDocument.Statement.0.Condition': null },
      {
        'PagesPolicy.Properties.PolicyDocument.Statement.0.Condition': {
          StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/E1ABCDEFGHIJKL' },
        },
      },
    ],
  },
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const buckets = originsOf(distribution, inventory).filter(({ kind }) => kind === 'bucket' || kind === 'website');
    if (buckets.length === 0) return notApplicable;
    return verdict(buckets.flatMap((origin) => findings(origin, distribution, inventory)));
  },
};
