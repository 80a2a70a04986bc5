import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { type Origin, originsOf } from '../../distribution';
import { type Inventory, listOf } from '../../inventory';
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
  const policies = inventory
    .ofType('AWS::S3::BucketPolicy')
    .filter((policy) => inventory.names(policy, policy.get('Bucket'), source));
  return [
    !inventory.resourceStatements(source).some((statement) => letsIn(statement, distribution, policies, inventory)) &&
      `the policy of ${name} does not let this distribution in; allowed: ${CLOUDFRONT} with AWS:SourceArn`,
  ];
}

/** The S3 origin stays private behind CloudFront. */
export const cloudfrontS3Oac: Rule = {
  id: 'cloudfront-s3-oac',
  types: ['AWS::CloudFront::Distribution'],
  check: (distribution, inventory) => {
    const buckets = originsOf(distribution, inventory).filter(({ kind }) => kind === 'bucket' || kind === 'website');
    if (buckets.length === 0) return notApplicable;
    return verdict(buckets.flatMap((origin) => findings(origin, distribution, inventory)));
  },
};
