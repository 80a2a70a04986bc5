import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';

/** What CDK's function calls to empty a bucket (aws-cdk-lib: custom-resource-handlers, auto-delete-objects-handler). */
const EMPTYING = {
  // It lets nobody write any more before it begins.
  bucket: ['GetBucketPolicy', 'GetBucketTagging', 'ListBucketVersions', 'PutBucketPolicy'],
  objects: ['DeleteObject', 'DeleteObjectVersion'],
};

/** What the function does that empties the buckets of a stack which goes. */
export function emptierRequests(template: ResolvedTemplate): AccessRequest[] {
  return template.ofType('Custom::S3AutoDeleteObjects').flatMap(({ properties }) => {
    const principal = roleOf(template, template.byArn(String(properties['ServiceToken']))?.logicalId ?? '');
    const bucket = template.ofType('AWS::S3::Bucket').find(({ name }) => name === properties['BucketName']);
    const request = (action: string, resource: string) => ({
      principal,
      action: `s3:${action}`,
      resource,
      policyOf: bucket?.logicalId,
    });
    return [
      ...EMPTYING.bucket.map((action) => request(action, `${bucket?.arn}`)),
      ...EMPTYING.objects.map((action) => request(action, `${bucket?.arn}/any/object`)),
    ];
  });
}
