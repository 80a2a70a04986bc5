import type { TemplateResource } from '../../../template/template-resource';
import { distributionsOf } from '../../distribution';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

const DEPLOYMENT = 'Custom::CDKBucketDeployment';
const YEAR_SECONDS = 31_536_000;

function cacheControl(deployment: TemplateResource): string {
  const metadata = deployment.map('SystemMetadata');
  return String(metadata['cache-control'] ?? '');
}

/** Whether browsers may keep a file for good. */
function isForGood(control: string): boolean {
  return /\bimmutable\b/.test(control) && Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0) >= YEAR_SECONDS;
}

/** Whether browsers must ask each time. */
const isAskedFor = (control: string): boolean => /\bno-cache\b|\bno-store\b|max-age=0\b/.test(control);

function bucketOf(deployment: TemplateResource, inventory: Inventory): TemplateResource {
  return inventory.mustFind(deployment, deployment.get('DestinationBucketName'), 'the bucket');
}

export const cloudfrontVersionedAssets: Rule = {
  id: 'cloudfront-versioned-assets',
  title: 'Files with a hash in their names are kept for a year, and pages are asked for anew',
  why: 'Without Cache-Control, browsers and edges guess how long a file is good, and users mix old scripts with new pages for hours after a release. Invalidations do not reach browsers, and cost money beyond 1,000 paths a month.',
  fix: 'Deploy hashed files with public,max-age=31536000,immutable, and index.html with no-cache (cacheControl of BucketDeployment in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/UpdatingExistingObjects.html',
  example: {
    fixed: {
      Assets: {
        Type: 'Custom::CDKBucketDeployment',
        Properties: {
          DestinationBucketName: { Ref: 'Pages' },
          SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
        },
      },
      Html: {
        Type: 'Custom::CDKBucketDeployment',
        Properties: {
          DestinationBucketName: { Ref: 'Pages' },
          SystemMetadata: { 'cache-control': 'no-cache' },
        },
      },
      Pages: { Type: 'AWS::S3::Bucket' },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Origins: [
              {
                Id: 'pages',
                DomainName: { 'Fn::GetAtt': ['Pages', 'RegionalDomainName'] },
                S3OriginConfig: {},
              },
            ],
          },
        },
      },
    },
    broken: [
      { 'Assets.Properties.SystemMetadata': null },
      { 'Html.Properties.SystemMetadata': null },
      { Assets: null },
      { Html: null },
      { 'Assets.Properties.SystemMetadata.cache-control': 'public, max-age=31535999, immutable' },
      { 'Assets.Properties.SystemMetadata.cache-control': 'public, max-age=31536000' },
      { 'Html.Properties.SystemMetadata.cache-control': 'public, max-age=60' },
    ],
  },
  types: [DEPLOYMENT],
  check: (deployment, inventory) => {
    const bucket = bucketOf(deployment, inventory);
    if (distributionsOf(bucket, inventory).length === 0) return notApplicable;
    const controls = inventory.referrers(DEPLOYMENT, 'DestinationBucketName', bucket).map(cacheControl);
    return verdict([
      cacheControl(deployment) === '' &&
        'its files have no Cache-Control, so edges and browsers keep them as they like',
      !controls.some(isForGood) &&
        `no file is kept for good; allowed: public,max-age=${YEAR_SECONDS},immutable on files with a hash in their names`,
      !controls.some(isAskedFor) && 'no page is asked for anew; allowed: no-cache on index.html',
    ]);
  },
};
