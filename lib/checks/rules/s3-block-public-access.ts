import { type Rule, verdict } from '../rule';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A policy or an ACL that someone adds later must not make the bucket public. */
export const s3BlockPublicAccess: Rule = {
  id: 's3-block-public-access',
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
