import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, isIntrinsic, itemsOf, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { ownStatements, permits } from '../../policy-holder';
import { Referrers } from '../../referrers';
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

/** Policies and roles that may put objects anywhere, by the buckets. */
const unboundedIn = (inventory: Inventory): Referrers =>
  new Referrers(inventory.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'), (policy) =>
    ownStatements(policy)
      .filter((statement) => permits(statement, 's3:PutObject'))
      .flatMap(({ resources }) => resources)
      .filter((arn) => ANYWHERE.test(textOf(arn)))
      .flatMap((arn) => [...inventory.references(policy, arn)].map(({ resource }) => resource)),
  );

/** Roles that may put objects anywhere in a bucket. */
function unbounded(bucket: TemplateResource, inventory: Inventory): readonly string[] {
  return inventory
    .once(unboundedIn)
    .of(bucket)
    .map(({ logicalId }) => logicalId);
}

function checkBucket(bucket: TemplateResource, inventory: Inventory): Verdict {
  const writing = bucket
    .maps('CorsConfiguration.CorsRules')
    .filter(({ AllowedMethods }) =>
      itemsOf(AllowedMethods, 'AllowedMethods').some((each) => WRITES.includes(textOf(each))),
    );
  if (writing.length === 0) return notApplicable;
  const wide = writing
    .flatMap(({ AllowedOrigins }) => itemsOf(AllowedOrigins, 'AllowedOrigins'))
    .flatMap((origin) => tooWide(origin, bucket, inventory) ?? []);
  const roles = unbounded(bucket, inventory);
  return verdict([
    wide.length > 0 && `pages of ${wide.join(', ')} may upload; allowed: the site's own origin, with https`,
    roles.length > 0 && `${roles.join(', ')} may put objects anywhere in it; allowed: below one prefix`,
  ]);
}

export const s3PresignedUploads: Rule = {
  id: 's3-presigned-uploads',
  title: "Browsers upload straight to one prefix of a bucket, from the site's own origin alone",
  why: 'API Gateway refuses a request of more than 10 MB, and Lambda one of more than 6 MB. A wildcard in the bucket lets the pages of strangers upload to it, or an error in the code overwrite the files of other users.',
  fix: 'Hand out presigned requests, and take BinaryMediaTypes off the API. Name the site in AllowedOrigins with https, and allow s3:PutObject below one prefix, such as uploads/*.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html',
  example: {
    fixed: {
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          CorsConfiguration: {
            CorsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['https://shop.example.com'] }],
          },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'uploads',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 's3:PutObject',
                    Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/uploads/*']] },
                  },
                ],
              },
            },
          ],
        },
      },
    },
    broken: [
      { 'Api.Properties.BinaryMediaTypes': ['image/png'] },
      { 'Bucket.Properties.CorsConfiguration.CorsRules.0.AllowedOrigins': ['*'] },
      { 'Bucket.Properties.CorsConfiguration.CorsRules.0.AllowedOrigins': ['http://shop.example.com'] },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0.Resource': {
          'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']],
        },
      },
    ],
  },
  types: ['AWS::S3::Bucket', 'AWS::ApiGateway::RestApi'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::S3::Bucket') return checkBucket(resource, inventory);
    const types = resource.list('BinaryMediaTypes');
    return mustHold(
      types.length === 0,
      `files pass through the API (BinaryMediaTypes ${types.map(textOf).join(', ')}); allowed: presigned requests to S3`,
    );
  },
};
