import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import { type Inventory, statementsIn } from '../../inventory';
import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

const WRITES = ['PUT', 'POST'];
const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/;
/** Objects of a whole bucket, as opposed to those below a prefix. */
const ANYWHERE = /^[^/]*\/?\*$/;

/** An origin that browsers may upload from, when it is too wide. */
function tooWide(origin: unknown, bucket: TemplateResource, inventory: Inventory): string | undefined {
  if (!isIntrinsic(origin)) {
    const text = String(origin);
    return text.includes('*') || (text.startsWith('http://') && !LOCAL.test(text)) ? text : undefined;
  }
  const text = textOf(origin);
  if (text.includes('*')) return text.replaceAll(UNKNOWN, '...');
  if (inventory.referent(bucket, origin) === undefined) throw new CannotTell('an origin is known only at deployment');
  return undefined;
}

/** Roles that may put objects anywhere in a bucket. */
function unbounded(bucket: TemplateResource, inventory: Inventory): readonly string[] {
  const policies = inventory.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role');
  return policies
    .filter((policy) => {
      const inline = policy.type === 'AWS::IAM::Role' ? policy.list('Policies') : [policy.properties];
      return inline
        .flatMap((each) => statementsIn((each as { PolicyDocument?: unknown }).PolicyDocument))
        .filter((statement) => permits(statement, 's3:PutObject'))
        .flatMap(({ resources }) => resources)
        .some((arn) => inventory.mentions(policy, arn, bucket) && ANYWHERE.test(textOf(arn)));
    })
    .map(({ logicalId }) => logicalId);
}

function checkBucket(bucket: TemplateResource, inventory: Inventory): Verdict {
  const rules = bucket.list('CorsConfiguration.CorsRules') as {
    readonly AllowedMethods?: readonly string[];
    readonly AllowedOrigins?: readonly unknown[];
  }[];
  const writing = rules.filter(({ AllowedMethods = [] }) => AllowedMethods.some((method) => WRITES.includes(method)));
  if (writing.length === 0) return notApplicable;
  const wide = writing
    .flatMap(({ AllowedOrigins = [] }) => AllowedOrigins)
    .flatMap((origin) => tooWide(origin, bucket, inventory) ?? []);
  const roles = unbounded(bucket, inventory);
  return verdict([
    wide.length > 0 && `pages of ${wide.join(', ')} may upload; allowed: the site's own origin, with https`,
    roles.length > 0 && `${roles.join(', ')} may put objects anywhere in it; allowed: below one prefix`,
  ]);
}

/** Never proxy user files through the API; hand out a presigned URL. */
export const s3PresignedUploads: Rule = {
  id: 's3-presigned-uploads',
  types: ['AWS::S3::Bucket', 'AWS::ApiGateway::RestApi'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::S3::Bucket') return checkBucket(resource, inventory);
    const types = resource.list('BinaryMediaTypes');
    return mustHold(
      types.length === 0,
      `files pass through the API (BinaryMediaTypes ${types.join(', ')}); allowed: presigned requests to S3`,
    );
  },
};
