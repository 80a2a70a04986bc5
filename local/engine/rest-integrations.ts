import type { ResolvedResource } from '../assembly/resolved-template';
import type { Cancel, Clock } from '../clock/clock';
import { type LocalFunction, PayloadTooLargeError } from '../lambda/local-function';
import { REST_API_LIMITS } from '../limits/api-gateway';
import { exceeds } from '../limits/limit';
import { isFailure } from './failure';
import type { GatewayResponseType } from './gateway-responses';
import { inTimeOr } from './integration-time';
import { scalars } from './proxy-answer';
import { BrokenAnswer, Chunks, inOnePart, type StreamedAnswer } from './streamed-answer';

/** What stands behind a method: a function's answer, or why there is none. */
export type RestIntegration = (event: object) => Promise<StreamedAnswer | GatewayResponseType>;

interface Settings {
  readonly Type?: string;
  readonly Uri?: string;
  readonly ResponseTransferMode?: 'BUFFERED' | 'STREAM';
  readonly TimeoutInMillis?: number;
}

const LIMITS = REST_API_LIMITS.rows;
/** Between metadata and what streams (docs.aws.amazon.com/apigateway: response-transfer-mode-lambda). */
const DELIMITER = Buffer.alloc(8);

/** What integrations need from outside. */
export interface RestContext {
  readonly clock: Clock;
  readonly functionOf: (arn: string) => LocalFunction;
  /** Milliseconds that a streamed answer may pause. */
  readonly idleMs: number;
}

/** What stands behind a method. @throws Error naming the method, for an integration that is not known here */
export function restIntegrationOf(
  { logicalId, properties }: ResolvedResource,
  { clock, functionOf, idleMs }: RestContext,
): RestIntegration {
  const {
    Type,
    Uri = '',
    ResponseTransferMode,
    TimeoutInMillis = LIMITS.time.max,
  } = (properties['Integration'] ?? {}) as Settings;
  const [, arn, action] = /\/functions\/(.+)\/((?:response-streaming-)?invocations)$/.exec(Uri) ?? [];
  const streams = ResponseTransferMode === 'STREAM';
  if (Type !== 'AWS_PROXY' || arn === undefined || streams !== (action === 'response-streaming-invocations'))
    throw new Error(`${logicalId}: the integration ${String(Type)} of ${Uri} is not known here`);
  const limit = streams ? LIMITS.streamTime : LIMITS.time;
  if (exceeds(limit, TimeoutInMillis)) throw new Error(`${logicalId}: ${limit.limit}: ${TimeoutInMillis}`);
  return (event) => {
    const fn = functionOf(arn);
    return streams
      ? streamed(fn, event, clock, { timeout: TimeoutInMillis, idleMs })
      : inTimeOr(clock, TimeoutInMillis, invoke(fn, event), 'INTEGRATION_TIMEOUT' as const);
  };
}

async function invoke(fn: LocalFunction, event: object): Promise<StreamedAnswer | GatewayResponseType> {
  try {
    const answer = (await fn.invoke(event)) as Metadata & { readonly body?: unknown };
    const head = headOf(answer);
    const { body } = answer ?? {};
    const text = body === null ? undefined : body;
    if (head === undefined || !['string', 'undefined'].includes(typeof text)) return 'INTEGRATION_FAILURE';
    return inOnePart({ ...head, body: text as string | undefined });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return failureOf(error);
  }
}

function failureOf(error: unknown): GatewayResponseType {
  return error instanceof PayloadTooLargeError ? 'REQUEST_TOO_LARGE' : 'INTEGRATION_FAILURE';
}

/** A function's answer while it is made. What fails once it has begun breaks the connection. */
function streamed(
  fn: LocalFunction,
  event: object,
  clock: Clock,
  { timeout, idleMs }: { readonly timeout: number; readonly idleMs: number },
): Promise<StreamedAnswer | GatewayResponseType> {
  return new Promise((resolve, reject) => {
    const body = new Chunks();
    // Undefined once the body has begun.
    let prelude: Buffer | undefined = Buffer.alloc(0);
    const fail = (why: GatewayResponseType, message: string) => {
      resolve(why);
      body.close(new BrokenAnswer(message));
    };
    const late = () => fail('INTEGRATION_TIMEOUT', 'The answer took too long');
    const timers: { whole: Cancel; pause: Cancel } = {
      whole: clock.after(timeout, late, { idle: true }),
      pause: () => undefined,
    };
    const cancel = () => {
      timers.whole();
      timers.pause();
    };
    // Before the first byte, too: AWS does not say that the pause begins with one.
    const heard = () => {
      timers.pause();
      timers.pause = clock.after(idleMs, late, { idle: true });
    };
    heard();
    const onChunk = (chunk: Uint8Array) => {
      heard();
      if (prelude === undefined) return body.push(chunk);
      prelude = Buffer.concat([prelude, chunk]);
      const end = prelude.indexOf(DELIMITER);
      if (end < 0 && !exceeds(LIMITS.streamMetadata, prelude.length)) return;
      const whole = end >= 0 && !exceeds(LIMITS.streamMetadata, end + DELIMITER.length);
      const head = whole ? headOf(parsed(prelude.subarray(0, end))) : undefined;
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
        if (isFailure(error)) fail(failureOf(error), (error as Error).message);
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
  const several = Object.entries(answer?.multiValueHeaders ?? {}).map(([name, values]) => [
    name,
    Array.isArray(values) ? values.join(', ') : values,
  ]);
  const headers = scalars({ ...answer?.headers, ...Object.fromEntries(several) });
  return headers === undefined ? undefined : { statusCode: status, headers };
}

function parsed(text: Buffer): Metadata | undefined {
  try {
    return JSON.parse(text.toString('utf8')) as Metadata;
  } catch {
    return undefined;
  }
}
