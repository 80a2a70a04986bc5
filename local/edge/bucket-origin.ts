import type { ResolvedTemplate } from '../assembly/resolved-template';
import { below, listBelow, type Settings } from './known-settings';
import { type SiteFile, siteFiles } from './site-files';
import type { EdgeAnswer, FetchFromOrigin } from './viewer';

/** A bucket that a distribution reads by its origin access control. */
export function bucketOrigin(
  template: ResolvedTemplate,
  distributionArn: string,
  origin: Settings,
  assetFolder: (objectKey: string) => string,
): FetchFromOrigin {
  const bucket = template
    .ofType('AWS::S3::Bucket')
    .find(({ attributes }) => attributes['RegionalDomainName'] === origin['DomainName']);
  if (bucket === undefined) throw new Error(`The bucket ${String(origin['DomainName'])} is not in the template`);
  const signs = origin['OriginAccessControlId'] !== undefined;
  const allowed = signs ? actionsFor(template, bucket.name, distributionArn) : [];
  const files = siteFiles(template.ofType('Custom::CDKBucketDeployment'), bucket.name, assetFolder);
  return async ({ url }) => {
    if (!allowed.includes('s3:GetObject')) return refusal(403, 'AccessDenied');
    const file = files.get(keyOf(url));
    if (file !== undefined) return found(file);
    // Who may not list must not learn what is there (AWS: API_GetObject, permissions).
    return allowed.includes('s3:ListBucket') ? refusal(404, 'NoSuchKey') : refusal(403, 'AccessDenied');
  };
}

/** What the bucket's policy lets CloudFront do for this distribution. */
function actionsFor(template: ResolvedTemplate, bucketName: string, distributionArn: string): unknown[] {
  return template
    .ofType('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties['Bucket'] === bucketName)
    .flatMap(({ properties }) => listBelow(below(properties, 'PolicyDocument'), 'Statement'))
    .filter(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' &&
        (Principal as Settings)['Service'] === 'cloudfront.amazonaws.com' &&
        below((Condition ?? {}) as Settings, 'StringEquals')['AWS:SourceArn'] === distributionArn,
    )
    .flatMap(({ Action }) => Action);
}

function keyOf(url: string): string {
  const path = url.split('?')[0] ?? '';
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
}

function found({ content, contentType, cacheControl, etag }: SiteFile): EdgeAnswer {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      etag,
      server: 'AmazonS3',
      ...(cacheControl !== undefined && { 'cache-control': cacheControl }),
    },
    body: content,
  };
}

function refusal(status: number, code: string): EdgeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml', server: 'AmazonS3' },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`),
  };
}
