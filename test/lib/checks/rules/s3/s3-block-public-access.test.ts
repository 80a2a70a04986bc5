import { s3BlockPublicAccess } from '../../../../../lib/checks/rules/s3/s3-block-public-access';
import { cases, type Literals, mustBe } from '../../literal-fixture';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const bucket: Literals = {
  Bucket: [
    'AWS::S3::Bucket',
    { PublicAccessBlockConfiguration: Object.fromEntries(BLOCKS.map((name) => [name, true])) },
  ],
};

for (const name of BLOCKS) {
  const path = `PublicAccessBlockConfiguration.${name}`;
  mustBe(s3BlockPublicAccess, bucket, `Bucket.${path}`, true, `${path} is not true`, 'violation');
}
cases(s3BlockPublicAccess, bucket, [
  ['violation', 'nothing is blocked', { 'Bucket.PublicAccessBlockConfiguration': undefined }, BLOCKS],
  ['violation', 'it has an ACL', { 'Bucket.AccessControl': 'Private' }, 'AccessControl is set'],
]);
