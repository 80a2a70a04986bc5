import { cloudfrontVersionedAssets } from '../../../../../lib/checks/rules/cloudfront/cloudfront-versioned-assets';
import { att, type Case, cases, type Literal, type Literals, ref } from '../../literal-fixture';

const DEPLOYMENT = 'Custom::CDKBucketDeployment';
const deployment = (control?: unknown): Literal => [
  DEPLOYMENT,
  {
    DestinationBucketName: ref('Pages'),
    ...(control === undefined ? {} : { SystemMetadata: { 'cache-control': control } }),
  },
];
const site: Literals = {
  Assets: deployment('public,max-age=31536000,immutable'),
  Index: deployment('no-cache'),
  Pages: ['AWS::S3::Bucket', {}],
  Site: [
    'AWS::CloudFront::Distribution',
    { DistributionConfig: { Origins: [{ Id: 'pages', DomainName: att('Pages', 'DomainName'), S3OriginConfig: {} }] } },
  ],
};
const forGood = 'no file is kept for good; allowed: public,max-age=31536000,immutable';
const asked = 'no page is asked for anew; allowed: no-cache on index.html';
const assets = (control: unknown) => ({ Assets: deployment(control) });

cases(cloudfrontVersionedAssets, site, [
  ['compliant', 'assets are kept, and pages asked for'],
  ['compliant', 'assets are kept for longer', assets('max-age=31536001, immutable')],
  ['violation', 'a second too few', assets('max-age=31535999,immutable'), forGood],
  ['violation', 'they may change', assets('public,max-age=31536000'), forGood],
  ['violation', 'they have no age', assets('immutable'), forGood],
  ...['no-store', 'max-age=0', 'max-age=0,must-revalidate'].map(
    (control): Case => ['compliant', control, { Index: deployment(control) }],
  ),
  ...['max-age=60', 'max-age=05'].map((control): Case => ['violation', control, { Index: deployment(control) }, asked]),
  ['violation', 'there are no pages', { Index: undefined }, asked],
  ['violation', 'pages go elsewhere', { 'Index.DestinationBucketName': ref('Site') }, asked],
  ['violation', 'nothing is said of assets', { Assets: deployment() }, ['its files have no Cache-Control', forGood]],
  ['not-applicable', 'no distribution is in front', { Site: undefined }],
  ['cannot-tell', 'the bucket is elsewhere', { 'Assets.DestinationBucketName': 'theirs' }],
]);
