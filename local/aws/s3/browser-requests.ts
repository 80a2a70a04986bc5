import type { LocalS3 } from '../s3';
import { readS3Request, s3Error } from '../s3-protocol';
import { AwsError } from '../service';
import type { OnCall, WireAnswer, WireRequest } from '../wire';
import { corsHeaders, preflightHeaders } from './cors';
import { readForm } from './form-data';
import { userMetadata } from './object-limits';
import { checkPostPolicy } from './post-policy';
import { checkQuerySignature } from './query-signature';

/** Whether a request comes without an SDK: a browser's, by a presigned URL or form, or one that asks whether it may. */
export function isBrowserRequest({ method, url, headers }: WireRequest): boolean {
  if (headers['authorization'] !== undefined) return false;
  return method === 'OPTIONS' || url.includes('X-Amz-Signature=') || isForm(headers);
}

function isForm(headers: WireRequest['headers']): boolean {
  return headers['content-type']?.startsWith('multipart/form-data') === true;
}

/** Answers a browser's request: no one is let in but by a signature of the moment. */
export function answerBrowser(request: WireRequest, s3: LocalS3, onCall?: OnCall): WireAnswer {
  const [, bucket = ''] = decodeURIComponent(request.url.split('?')[0] ?? '').split('/');
  let cors: Readonly<Record<string, string>> = {};
  try {
    const rules = s3.settings(bucket).cors;
    if (request.method === 'OPTIONS') return { status: 200, headers: preflightHeaders(rules, request), body: '' };
    cors = corsHeaders(rules ?? [], request);
    const answer = isForm(request.headers) ? post(bucket, request, s3, onCall) : presigned(request, s3, onCall);
    return { ...answer, headers: { ...answer.headers, ...cors } };
  } catch (error) {
    const answer = s3Error(knownError(error));
    return { ...answer, headers: { ...answer.headers, ...cors } };
  }
}

function knownError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  // An escape that is none (docs.aws.amazon.com/AmazonS3: ErrorResponses).
  if (error instanceof URIError) return new AwsError('InvalidURI', 'The specified URI could not be parsed.');
  return new AwsError('InternalError', String(error), 500);
}

function presigned(request: WireRequest, s3: LocalS3, onCall?: OnCall): WireAnswer {
  const accessKeyId = checkQuerySignature(request, s3.secretAccessKey, s3.now());
  const { action, input, answer } = readS3Request(request);
  onCall?.({ accessKeyId, service: 's3', action, input });
  return answer(s3.call(action, input));
}

function post(bucket: string, { url, headers, body }: WireRequest, s3: LocalS3, onCall?: OnCall): WireAnswer {
  const form = readForm(headers['content-type'] ?? '', body);
  const accessKeyId = checkPostPolicy(bucket, form, s3.secretAccessKey, s3.now());
  const { fields, file } = form;
  const Key = (fields.get('key') ?? '').replace(/\$\{filename\}/g, () => file.filename);
  const input = {
    Bucket: bucket,
    Key,
    Body: file.content,
    ContentType: fields.get('content-type'),
    Metadata: userMetadata(fields),
  };
  onCall?.({ accessKeyId, service: 's3', action: 'PutObject', input });
  const { ETag } = s3.call('PostObject', input);
  const location = `http://${headers['host']}${url.replace(/\/$/, '')}/${encodeURIComponent(Key)}`;
  return { status: 204, headers: { etag: String(ETag), location }, body: '' };
}
