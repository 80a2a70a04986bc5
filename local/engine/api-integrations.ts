import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { AwsError, type LocalInput, type LocalService } from '../aws/service';
import type { Clock } from '../clock/clock';
import { type LocalFunction, PayloadTooLargeError, ThrottledError } from '../lambda/local-function';
import { HTTP_API_LIMITS } from '../limits/api-gateway';
import { exceeds } from '../limits/limit';
import { type ApiAnswer, message, refusalAnswer } from './api-answer';
import { isFailure } from './failure';
import { inTimeOr } from './integration-time';
import { proxyAnswer } from './proxy-answer';

export { type ApiAnswer, message } from './api-answer';

const LIMITS = HTTP_API_LIMITS.rows;

/** What stands behind a route; it gets the event that a function would get. */
export type Integration = (event: Readonly<Record<string, unknown>>) => Promise<ApiAnswer>;

/** What integrations call. */
export interface IntegrationTargets {
  readonly clock: Clock;
  readonly functionOf: (arn: string) => LocalFunction;
  readonly kinesis: LocalService;
}

/** What stands behind a route. @throws Error naming the route, for an integration that is not known here */
export function integrationOf(
  template: ResolvedTemplate,
  { logicalId, properties }: ResolvedResource,
  targets: IntegrationTargets,
): Integration {
  const id = String(properties['Target']).replace('integrations/', '');
  const integration = template.ofType('AWS::ApiGatewayV2::Integration').find(({ name }) => name === id)?.properties;
  const { IntegrationType, IntegrationSubtype, IntegrationUri, PayloadFormatVersion, RequestParameters } =
    integration ?? {};
  const timeout = Number(integration?.['TimeoutInMillis'] ?? LIMITS.time.max);
  if (exceeds(LIMITS.time, timeout)) throw new Error(`${logicalId}: ${LIMITS.time.limit}: ${timeout}`);
  if (IntegrationSubtype === 'Kinesis-PutRecord') {
    return putRecord(targets.kinesis, RequestParameters as Record<string, string>);
  }
  const uri = String(IntegrationUri);
  if (IntegrationType !== 'AWS_PROXY' || !uri.includes(':lambda:') || PayloadFormatVersion !== '2.0') {
    throw new Error(`${logicalId}: the integration ${String(IntegrationType)} of ${uri} is not known here`);
  }
  return (event) =>
    inTimeOr(targets.clock, timeout, invoke(targets.functionOf(uri), event), refusalAnswer(LIMITS.time));
}

async function invoke(fn: LocalFunction, event: unknown): Promise<ApiAnswer> {
  try {
    return proxyAnswer(await fn.invoke(event)) ?? refusalAnswer(LIMITS.answer);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error instanceof PayloadTooLargeError) return refusalAnswer(LIMITS.functionPayload);
    // A throttled function is an unavailable service, one that fails an internal error (AWS: http-api-troubleshooting).
    return error instanceof ThrottledError ? message(503, 'Service Unavailable') : refusalAnswer(LIMITS.answer);
  }
}

/**
 * The first-class integration with Kinesis (docs.aws.amazon.com/apigateway: http-api-develop-integrations-aws-services). A
 * parameter that a request leaves empty is a 400, and an error of Kinesis a 500: AWS documents neither, LocalStack's tests
 * that were validated against AWS do (test_apigw_v2_http_kinesis_put_record_no_stream). The texts are ours.
 */
function putRecord(kinesis: LocalService, parameters: Readonly<Record<string, string>>): Integration {
  return async ({ body = '', isBase64Encoded }) => {
    const bytes = Buffer.from(String(body), isBase64Encoded === true ? 'base64' : 'utf8');
    const input: LocalInput = {};
    for (const [name, expression] of Object.entries(parameters)) {
      const value = mapped(expression, bytes);
      if (value === undefined) return refusalAnswer(LIMITS.mappedParameter, ` ${name}`);
      input[name] = value;
    }
    try {
      const answer = await kinesis.call('PutRecord', input);
      return {
        statusCode: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(answer),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return refusalAnswer(LIMITS.answer);
    }
  };
}

/**
 * The value of a parameter's mapping: a member of the body that is text, or a constant. A body that was cut is no JSON; AWS does
 * not say which kilobyte it cuts at, the limit is the smaller.
 */
function mapped(expression: string, body: Buffer): string | undefined {
  const member = /^\$request\.body\.(\w+)$/.exec(expression)?.[1];
  if (member === undefined) {
    if (expression.startsWith('$')) throw new Error(`The parameter mapping ${expression} is not known here`);
    return expression;
  }
  try {
    const seen = body.subarray(0, LIMITS.mappedBody.max).toString();
    const value = (JSON.parse(seen) as Record<string, unknown> | null)?.[member];
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
