import { ConnectionCut } from './bedrock/errors';
import { readBedrockRequest } from './bedrock/routes';
import { queryAnswer, queryError, readQuery } from './query-protocol';
import { LocalS3 } from './s3';
import { answerBrowser, isBrowserRequest } from './s3/browser-requests';
import { readS3Request, s3Error } from './s3-protocol';
import { AwsError, type LocalInput, type LocalService } from './service';
import { queryCode } from './sqs-message';

/** Services that can be served, by the name that signs their requests. */
export type ServiceName =
  | 'bedrock'
  | 'cloudformation'
  | 'cognito-idp'
  | 'dynamodb'
  | 'events'
  | 'glue'
  | 'kinesis'
  | 'lambda'
  | 'rds-data'
  | 'redshift-data'
  | 's3'
  | 'sns'
  | 'sqs'
  | 'states';

/** Stores by service. */
export type Services = Partial<Record<ServiceName, LocalService>>;

/** One call as it came over the wire. */
export interface RecordedCall {
  /** Access key that signed the request: tells who called. Signatures of presigned requests alone are checked. */
  readonly accessKeyId: string;
  readonly service: ServiceName;
  /** As AWS's API names it, for example `PutItem`. */
  readonly action: string;
  readonly input: LocalInput;
}

/** Hears of every call before it is performed; throwing an {@link AwsError} refuses it (throttling, for example). */
export type OnCall = (call: RecordedCall) => void;

/** A request of the SDK. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What the SDK reads. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent piece by piece as it comes; when it throws, the connection is cut. */
  readonly body: string | Buffer | AsyncIterable<Buffer>;
}

interface Protocol {
  readonly action: string;
  readonly input: LocalInput;
  readonly answer: (output: LocalInput) => WireAnswer;
  readonly refuse: (error: AwsError) => WireAnswer;
}

/** Answers a request of the SDK from the store that its signature names, and a browser's from S3. */
export async function answerWire(request: WireRequest, services: Services, onCall?: OnCall): Promise<WireAnswer> {
  const { s3 } = services;
  const answer = await (s3 instanceof LocalS3 && isBrowserRequest(request)
    ? unlessMalformed(() => answerBrowser(request, s3, onCall), 'InvalidURI')
    : answerSdk(request, services, onCall));
  return request.method === 'HEAD' ? { ...answer, body: '' } : answer;
}

async function answerSdk(request: WireRequest, services: Services, onCall?: OnCall): Promise<WireAnswer> {
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers['authorization'] ?? '') ?? [];
  const read = unlessMalformed(() => protocol(service, request), service === 's3' ? 'InvalidURI' : undefined);
  if ('status' in read) return read;
  const { action, input, answer, refuse } = read;
  try {
    const store = services[service as ServiceName];
    if (store === undefined) throw new AwsError('UnknownOperationException', `No local store for ${service}`);
    onCall?.({ accessKeyId, service: service as ServiceName, action, input });
    return answer(await store.call(action, input));
  } catch (error) {
    if (error instanceof ConnectionCut) return cutOff(error);
    return refuse(error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500));
  }
}

/**
 * What a request that cannot be read is answered: a body that is no JSON (docs.aws.amazon.com/amazondynamodb: SerializationException), or
 * for S3 an address with an escape that is none (AmazonS3: InvalidURI).
 */
function unlessMalformed<Read>(read: () => Read, code = 'SerializationException'): Read | WireAnswer {
  try {
    return read();
  } catch (error) {
    const refusal = new AwsError(code, `The request cannot be read: ${String(error)}`);
    return code === 'InvalidURI' ? s3Error(refusal) : jsonError('application/x-amz-json-1.0', refusal);
  }
}

function jsonError(type: string, { status, code, message, members }: AwsError): WireAnswer {
  return {
    status,
    headers: { 'content-type': type, 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: `local#${code}`, message, ...members }),
  };
}

/** An answer that ends before its first byte. */
function cutOff(error: ConnectionCut): WireAnswer {
  const body = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject<IteratorResult<Buffer>>(error) }),
  };
  return { status: 200, headers: {}, body };
}

/** Lambda is REST, too; of it functions are invoked for an event here (AWS: API_Invoke). */
function readInvocation({ url, headers, body }: WireRequest): Protocol {
  const [, name = ''] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(url) ?? [];
  const type = { 'content-type': 'application/json' };
  return {
    action: name === '' ? url : 'Invoke',
    input: {
      FunctionName: decodeURIComponent(name),
      InvocationType: headers['x-amz-invocation-type'],
      Payload: body.toString('utf8'),
    },
    answer: () => ({ status: 202, headers: type, body: '' }),
    refuse: ({ status, code, message }) => ({
      status,
      headers: { ...type, 'x-amzn-errortype': code },
      body: JSON.stringify({ Message: message }),
    }),
  };
}

function protocol(service: string, request: WireRequest): Protocol {
  if (service === 's3') return { ...readS3Request(request), refuse: s3Error };
  if (service === 'bedrock') return readBedrockRequest(request);
  if (service === 'lambda') return readInvocation(request);
  // The RDS Data API is REST: what is asked for is the path.
  const target = service === 'rds-data' ? request.url.slice(1) : request.headers['x-amz-target'];
  if (target === undefined) {
    const { action, input } = readQuery(request.body.toString('utf8'));
    return { action, input, answer: (output) => queryAnswer(action, output), refuse: queryError };
  }
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  return {
    action: target.split('.').pop() ?? '',
    input: JSON.parse(request.body.toString('utf8')) as LocalInput,
    answer: (output) => ({ status: 200, headers: { 'content-type': type }, body: JSON.stringify(output) }),
    refuse: (error) => {
      const answer = jsonError(type, error);
      if (service !== 'sqs') return answer;
      return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${queryCode(error)};Sender` } };
    },
  };
}
