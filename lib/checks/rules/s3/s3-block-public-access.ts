import { type Rule, verdict } from '../../rule';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

export const s3BlockPublicAccess: Rule = {
  id: 's3-block-public-access',
  title: 'A bucket blocks public access by all four settings, and has no ACL',
  why: 'Without the block, one line in a policy or an ACL that is added later makes every file of the bucket public. Most leaks from S3 began so.',
  fix: 'Set all four of PublicAccessBlockConfiguration to true, and take AccessControl out. In the CDK, blockPublicAccess: BlockPublicAccess.BLOCK_ALL.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  example: {
    fixed: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      },
    },
    broken: [
      { 'Bucket.Properties.PublicAccessBlockConfiguration': null },
      { 'Bucket.Properties.PublicAccessBlockConfiguration.BlockPublicAcls': false },
      { 'Bucket.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy': null },
      { 'Bucket.Properties.PublicAccessBlockConfiguration.IgnorePublicAcls': false },
      { 'Bucket.Properties.PublicAccessBlockConfiguration.RestrictPublicBuckets': false },
      { 'Bucket.Properties.AccessControl': 'PublicRead' },
    ],
  },
  types: ['AWS::S3::Bucket'],
  check: (bucket) =>
    verdict([
      ...BLOCKS.map(
        (name) =>
          bucket.flag(`PublicAccessBlockConfiguration.${name}`) !== true &&
          `PublicAccessBlockConfiguration.${name} is not true`,
      ),
      bucket.has('AccessControl') && 'AccessControl is set; ACLs are a thing of the past',
    ]),
};
