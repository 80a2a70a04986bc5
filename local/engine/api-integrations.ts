import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { AwsError, type LocalInput, type LocalService } from '../aws/service';
import { type LocalFunction, ThrottledError } from '../lambda/local-function';
import { isFailure } from './failure';

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What stands behind a route; it gets the event that a function would get. */
export type Integration = (event: Readonly<Record<string, unknown>>) => Promise<ApiAnswer>;

/** What integrations call. */
export interface IntegrationTargets {
  readonly functionOf: (arn: string) => LocalFunction;
  readonly kinesis: LocalService;
}

/** An answer of API Gateway itself. */
export function message(statusCode: number, text: string): ApiAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
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
  if (IntegrationSubtype === 'Kinesis-PutRecord') {
    return putRecord(targets.kinesis, RequestParameters as Record<string, string>);
  }
  const uri = String(IntegrationUri);
  if (IntegrationType !== 'AWS_PROXY' || !uri.includes(':lambda:') || PayloadFormatVersion !== '2.0') {
    throw new Error(`${logicalId}: the integration ${String(IntegrationType)} of ${uri} is not known here`);
  }
  return (event) => invoke(targets.functionOf(uri), event);
}

async function invoke(fn: LocalFunction, event: unknown): Promise<ApiAnswer> {
  try {
    return (await fn.invoke(event)) as ApiAnswer;
  } catch (error) {
    if (!isFailure(error)) throw error;
    // A throttled function is an unavailable service, one that fails an internal error (AWS: http-api-troubleshooting).
    return error instanceof ThrottledError
      ? message(503, 'Service Unavailable')
      : message(500, 'Internal Server Error');
  }
}

/**
 * Bytes of a body that a mapping of one of its members sees (docs.aws.amazon.com/apigateway:
 * http-api-develop-integrations-aws-services: "truncates the request body at 100 KB"). AWS does not say which kilobyte it
 * means: this is the smaller.
 */
const MAPPED_BODY_BYTES = 100_000;

/**
 * The first-class integration with Kinesis (docs.aws.amazon.com/apigateway: http-api-develop-integrations-aws-services). A
 * parameter that a request leaves empty is a 400, and an error of Kinesis a 500: AWS documents neither, LocalStack's tests
 * that were validated against AWS do (test_apigw_v2_http_kinesis_put_record_no_stream). The texts are ours.
 */
function putRecord(kinesis: LocalService, parameters: Readonly<Record<string, string>>): Integration {
  return async ({ body }) => {
    const input: LocalInput = {};
    for (const [name, expression] of Object.entries(parameters)) {
      const value = mapped(expression, body as string | undefined);
      if (value === undefined) return message(400, `Missing required parameter ${name}`);
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
      return message(500, 'Internal Server Error');
    }
  };
}

/** The value of a parameter's mapping: a member of the body that is text, or a constant. A body that was cut is no JSON. */
function mapped(expression: string, body: string | undefined): string | undefined {
  const member = /^\$request\.body\.(\w+)$/.exec(expression)?.[1];
  if (member === undefined) {
    if (expression.startsWith('$')) throw new Error(`The parameter mapping ${expression} is not known here`);
    return expression;
  }
  try {
    const seen = Buffer.from(body ?? '')
      .subarray(0, MAPPED_BODY_BYTES)
      .toString();
    const value = (JSON.parse(seen) as Record<string, unknown> | null)?.[member];
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
