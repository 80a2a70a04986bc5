import type { ResolvedResource } from '../assembly/resolved-template';
import type { Cancel, Clock } from '../clock/clock';
import type { LocalFunction } from '../lambda/local-function';
import { isFailure } from './failure';
import type { GatewayResponseType } from './gateway-responses';
import { BrokenAnswer, Chunks, inOnePart, type StreamedAnswer } from './streamed-answer';

/** What stands behind a method: a function's answer, or why there is none. */
export type RestIntegration = (event: object) => Promise<StreamedAnswer | GatewayResponseType>;

interface Settings {
  readonly Type?: string;
  readonly Uri?: string;
  readonly ResponseTransferMode?: 'BUFFERED' | 'STREAM';
  readonly TimeoutInMillis?: number;
}

/** AWS: API Gateway quotas for REST APIs, integration timeout. */
const TIMEOUT_MS = 29_000;
/** Between metadata and what streams (docs.aws.amazon.com/apigateway: response-transfer-mode-lambda). */
const DELIMITER = Buffer.alloc(8);
/** The same page: bytes within which both must come. */
const LONGEST_METADATA = 16 * 1024;

/** What stands behind a method. @throws Error naming the method, for an integration that is not known here */
export function restIntegrationOf(
  { logicalId, properties }: ResolvedResource,
  clock: Clock,
  functionOf: (arn: string) => LocalFunction,
): RestIntegration {
  const {
    Type,
    Uri = '',
    ResponseTransferMode,
    TimeoutInMillis = TIMEOUT_MS,
  } = (properties['Integration'] ?? {}) as Settings;
  const [, arn, action] = /\/functions\/(.+)\/((?:response-streaming-)?invocations)$/.exec(Uri) ?? [];
  const streams = ResponseTransferMode === 'STREAM';
  if (Type !== 'AWS_PROXY' || arn === undefined || streams !== (action === 'response-streaming-invocations'))
    throw new Error(`${logicalId}: the integration ${String(Type)} of ${Uri} is not known here`);
  return (event) => {
    const fn = functionOf(arn);
    return streams ? streamed(fn, event, clock, TimeoutInMillis) : buffered(fn, event, clock, TimeoutInMillis);
  };
}

async function buffered(
  fn: LocalFunction,
  event: object,
  clock: Clock,
  timeout: number,
): Promise<StreamedAnswer | GatewayResponseType> {
  let cancel: Cancel = () => undefined;
  const late = new Promise<GatewayResponseType>((resolve) => {
    // The function goes on, and nobody hears of it.
    cancel = clock.after(timeout, () => resolve('INTEGRATION_TIMEOUT'), true);
  });
  const answer = await Promise.race([invoke(fn, event), late]);
  cancel();
  return answer;
}

async function invoke(fn: LocalFunction, event: object): Promise<StreamedAnswer | GatewayResponseType> {
  try {
    const answer = (await fn.invoke(event)) as Metadata & { readonly body?: unknown };
    const head = headOf(answer);
    const { body } = answer ?? {};
    if (head === undefined || !['string', 'undefined'].includes(typeof body)) return 'INTEGRATION_FAILURE';
    return inOnePart({ ...head, body: body as string | undefined });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return 'INTEGRATION_FAILURE';
  }
}

/** A function's answer while it is made. What fails once it has begun breaks the connection. */
function streamed(
  fn: LocalFunction,
  event: object,
  clock: Clock,
  timeout: number,
): Promise<StreamedAnswer | GatewayResponseType> {
  return new Promise((resolve, reject) => {
    const body = new Chunks();
    // Undefined once the body has begun.
    let prelude: Buffer | undefined = Buffer.alloc(0);
    const fail = (why: GatewayResponseType, message: string) => {
      resolve(why);
      body.close(new BrokenAnswer(message));
    };
    const cancel = clock.after(timeout, () => fail('INTEGRATION_TIMEOUT', 'The answer took too long'), true);
    const onChunk = (chunk: Uint8Array) => {
      if (prelude === undefined) return body.push(chunk);
      prelude = Buffer.concat([prelude, chunk]);
      const end = prelude.indexOf(DELIMITER);
      if (end < 0 && prelude.length <= LONGEST_METADATA) return;
      const head = end < 0 || end > LONGEST_METADATA ? undefined : headOf(parsed(prelude.subarray(0, end)));
      const rest = prelude.subarray(end + DELIMITER.length);
      prelude = undefined;
      if (head === undefined) return fail('INTEGRATION_FAILURE', 'The answer has no metadata');
      resolve({ ...head, body });
      if (rest.length > 0) body.push(rest);
    };
    fn.stream(event, onChunk).then(
      () => {
        // An answer that never began has no status to send.
        if (prelude !== undefined) fail('INTEGRATION_FAILURE', 'The answer has no metadata');
        body.close();
        cancel();
      },
      (error: unknown) => {
        cancel();
        if (isFailure(error)) fail('INTEGRATION_FAILURE', (error as Error).message);
        else reject(error as Error);
      },
    );
  });
}

interface Metadata {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>;
}

/** Status and headers; undefined where there is no status (AWS: output format of a Lambda function for proxy integration). */
function headOf(
  answer: Metadata | undefined | null,
): { readonly statusCode: number; readonly headers: Record<string, string> } | undefined {
  const status = Number(answer?.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const several = Object.entries(answer?.multiValueHeaders ?? {}).map(([name, values]) => [name, values.join(', ')]);
  const headers = [...Object.entries(answer?.headers ?? {}), ...several];
  return {
    statusCode: status,
    headers: Object.fromEntries(headers.map(([name, value]) => [String(name).toLowerCase(), String(value)])),
  };
}

function parsed(text: Buffer): Metadata | undefined {
  try {
    return JSON.parse(text.toString('utf8')) as Metadata;
  } catch {
    return undefined;
  }
}
