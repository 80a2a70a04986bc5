import { setTimeout } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Action, Answers } from './answers';
import { type Input, OPERATIONS, type Operation, placeOfCall } from './operations';
import { AwsAnswerError, answerOf, type Reply, wireOf } from './protocol';

/** Milliseconds for an answer, and how often a call is tried. */
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;

/** Makes calls that read. */
export interface Caller {
  /** The region of the AWS CLI's settings, or of `--region`. */
  region(): Promise<string>;
  /**
   * Makes a call, once for each input: asked again, it gives the answer of before.
   *
   * @throws AwsAnswerError for what AWS refuses, and Error for what did not reach it
   */
  call<A extends Action>(action: A, input: Input, region: string): Promise<Answers[A]>;
}

/** Makes the caller for a region; a test makes its own. */
export type CallerFor = (region: string | undefined) => Caller;

export const callerFor: CallerFor = (region) => createCaller({ region, endpoint: process.env['AWS_ENDPOINT_URL'] });

/** What a caller may be told. */
export interface CallerConfig extends Pick<CloudFormationClientConfig, 'credentials'> {
  /** @default - as the AWS CLI */
  readonly region?: string | undefined;
  /** Where every call goes. @default - to AWS */
  readonly endpoint?: string | undefined;
  /** Milliseconds for an answer. @default 10000 */
  readonly timeoutMs?: number;
}

/**
 * Makes a caller. It calls by signed requests, without a client for each of the services: the twelve clients that are no dependency of this package are
 * 67 MB, and what signs and sends a request is here already. Credentials, region, retries and endpoints are those of the SDK.
 */
export function createCaller(config: CallerConfig = {}): Caller {
  return new SignedCaller(config);
}

class SignedCaller implements Caller {
  /** Not called: it knows credentials, region, retries and the partition's suffix as any client does. */
  private readonly client: CloudFormationClient;
  private readonly elsewhere: string | undefined;
  private readonly timeoutMs: number;
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor({ region, credentials, endpoint, timeoutMs = TIMEOUT_MS }: CallerConfig) {
    this.elsewhere = endpoint;
    this.timeoutMs = timeoutMs;
    this.client = new CloudFormationClient({
      maxAttempts: ATTEMPTS,
      ...(region === undefined ? {} : { region }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  region(): Promise<string> {
    return this.client.config.region();
  }

  call<A extends Action>(action: A, input: Input, region: string): Promise<Answers[A]> {
    const key = JSON.stringify([action, input, region]);
    const known = this.answers.get(key) ?? this.retried(action, input, region);
    this.answers.set(key, known);
    // What a service answers is its own; the checks take each part for one that may be missing.
    return known as Promise<Answers[A]>;
  }

  private async retried(action: Action, input: Input, region: string): Promise<unknown> {
    const strategy = await this.client.config.retryStrategy();
    if (!('acquireInitialRetryToken' in strategy)) return this.once(action, input, region);
    let token = await strategy.acquireInitialRetryToken(action);
    for (;;) {
      try {
        return await this.once(action, input, region);
      } catch (error) {
        const errorType = retryTypeOf(error);
        if (errorType === undefined) throw error;
        const next = await strategy.refreshRetryTokenForRetry(token, { errorType }).catch(() => undefined);
        if (next === undefined) throw error;
        token = next;
        await setTimeout(next.getRetryDelay());
      }
    }
  }

  private async once(action: Action, input: Input, region: string): Promise<unknown> {
    const operation = OPERATIONS[action];
    const [, name = ''] = action.split(':');
    const { url, signedFor } = this.endpoint(operation, region);
    const { method, path, headers, body } = wireOf(operation, name, input);
    const signer = new SignatureV4({
      service: operation.signs ?? operation.host,
      region: signedFor,
      credentials: this.client.config.credentials,
      sha256: Sha256,
      // S3 alone signs a path as it is sent (AWS: Signature Version 4).
      uriEscapePath: operation.host !== 's3',
    });
    const { host, ...signed } = (
      await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path,
        query: {},
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
      })
    ).headers;
    const reply = await sent(new URL(path, url), {
      method,
      headers: signed,
      signal: AbortSignal.timeout(this.timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return answerOf(operation, name, reply);
  }

  private endpoint(operation: Operation, region: string): { readonly url: URL; readonly signedFor: string } {
    const { hostname } = this.client.config.endpointProvider({ Region: region }).url;
    const place = placeOfCall(operation, region, hostname.slice(`cloudformation.${region}.`.length));
    if (this.elsewhere !== undefined) return { url: new URL(this.elsewhere), signedFor: place?.region ?? region };
    if (place === undefined)
      throw new Error(`${operation.host} has an endpoint of its own in the partition of ${region}`);
    return { url: new URL(`https://${place.hostname}`), signedFor: place.region };
  }
}

/** Sends a request. @throws Error with the code of what failed on the way */
async function sent(url: URL, request: RequestInit): Promise<Reply> {
  try {
    const answer = await fetch(url, {
      ...request,
      redirect: 'manual',
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  } catch (error) {
    // "fetch failed": what failed is in the cause.
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  }
}

/** Why a call may be tried again; undefined where another try ends alike. */
function retryTypeOf(error: unknown): 'THROTTLING' | 'TRANSIENT' | undefined {
  if (error instanceof AwsAnswerError) {
    if (error.status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(error.name))
      return 'THROTTLING';
    return error.status >= 500 ? 'TRANSIENT' : undefined;
  }
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  return error.name === 'TimeoutError' || /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_\w+)$/.test(code)
    ? 'TRANSIENT'
    : undefined;
}
