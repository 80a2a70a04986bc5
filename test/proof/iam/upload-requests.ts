import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { requestsOfCall } from './handler-requests';
import { find } from './harness';
import type { AccessRequest } from './policies';

/** What whoever signs does with files, itself or by those who hold what it signed. @param by logical id of its function or task */
export function presigningRequests(template: ResolvedTemplate, by: string, bucketPart = ''): AccessRequest[] {
  const { call, know } = caller(template, by, bucketPart);
  const signs = ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'ListParts'];
  return [
    ...[...signs, 'HeadObject', 'GetObject'].flatMap((action) => call(action, { Key: KEY })),
    ...call('DeleteObjects', { Keys: [KEY, `${KEY}0`] }),
    know,
  ];
}

/** What whoever inspects does with files that came. @param by logical id of its function */
export function inspectingRequests(template: ResolvedTemplate, by: string, bucketPart = ''): AccessRequest[] {
  const { name, call, know } = caller(template, by, bucketPart);
  return [
    ...call('GetObject', { Key: KEY }),
    ...call('CopyObject', { Key: KEY.replace('uploads/', 'quarantine/'), CopySource: `${name}/${KEY}` }),
    ...call('DeleteObject', { Key: KEY }),
    know,
  ];
}

const KEY = 'uploads/ada/1';

function caller(template: ResolvedTemplate, accessKeyId: string, bucketPart: string) {
  const { name, arn, logicalId: policyOf } = find(template, 'AWS::S3::Bucket', bucketPart);
  const call = (action: string, input: Record<string, unknown>) =>
    requestsOfCall({ accessKeyId, service: 's3', action, input: { Bucket: name, ...input } }, template);
  const [{ principal = '' } = {}] = call('DeleteObject', { Key: KEY });
  // Without it S3 says 403 of what is not there, not 404 (AWS: S3 API, HeadObject).
  return { name, call, know: { principal, action: 's3:ListBucket', resource: arn, policyOf } };
}
