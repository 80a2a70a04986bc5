import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/apigateway/latest/developerguide';
const HTTP_QUOTAS = `${GUIDE}/http-api-quotas.html`;
const HTTP_LAMBDA = `${GUIDE}/http-api-develop-integrations-lambda.html`;
const REST_QUOTAS = `${GUIDE}/api-gateway-execution-service-limits-table.html`;
const REST_STREAMING = `${GUIDE}/response-transfer-mode.html`;
const MIB = 1024 * 1024;

/**
 * What an HTTP API refuses: status and message. AWS documents the quotas; the status of a head that is too large, of a path
 * that is not percent-encoded and of a payload that Lambda does not accept it does not, and they were not seen in AWS.
 */
export const HTTP_API_LIMITS = limitTable('API Gateway HTTP API', {
  head: {
    operation: 'Request',
    limit: 'Request line and header values together, bytes',
    max: 10_240,
    error: '431 Request Header Fields Too Large',
    source: HTTP_QUOTAS,
  },
  path: {
    operation: 'Request',
    limit: 'A path that is not well-formed percent encoding',
    error: '400 Bad Request',
    source: `${GUIDE}/http-api-develop-routes.html`,
  },
  throttle: {
    operation: 'Request',
    limit: 'More requests than the rate and burst of the stage',
    error: '429 Too Many Requests',
    source: `${GUIDE}/http-api-throttling.html`,
  },
  token: {
    operation: 'JWT authorizer',
    limit: 'A token that is missing, has expired, or is of another issuer, audience or key',
    error: '401 Unauthorized',
    source: `${GUIDE}/http-api-jwt-authorizer.html`,
  },
  scope: {
    operation: 'JWT authorizer',
    limit: 'A token with none of the scopes of the route',
    error: '403 Forbidden',
    source: `${GUIDE}/http-api-jwt-authorizer.html`,
  },
  payload: {
    operation: 'Request',
    limit: 'Payload, bytes',
    max: 10 * MIB,
    error: '413 Request Entity Too Large',
    source: HTTP_QUOTAS,
  },
  functionPayload: {
    operation: 'Request to a Lambda integration',
    limit: 'An event that Lambda refuses for its size',
    error: '413 Request Entity Too Large',
    source: 'docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  time: {
    operation: 'Integration',
    limit: 'Time that an integration takes, milliseconds; the function goes on',
    max: 30_000,
    error: '503 Service Unavailable',
    source: HTTP_QUOTAS,
  },
  answer: {
    operation: 'Lambda integration',
    limit: 'An answer that has a status code and is not in format 2.0, or a function that failed',
    error: '500 Internal Server Error',
    source: HTTP_LAMBDA,
  },
  mappedBody: {
    operation: 'Parameter mapping $request.body.name',
    limit: 'Body that is looked at, bytes',
    max: 100_000,
    effect: 'The body is cut there: a parameter that follows is missing',
    source: `${GUIDE}/http-api-develop-integrations-aws-services.html`,
  },
  mappedParameter: {
    operation: 'Kinesis-PutRecord integration',
    limit: 'A required parameter that the request leaves empty',
    error: '400 Missing required parameter',
    source: `${GUIDE}/http-api-develop-integrations-aws-services.html`,
  },
});

/** What a REST API refuses: status and message of the gateway response, unless the template says otherwise. */
export const REST_API_LIMITS = limitTable('API Gateway REST API', {
  head: {
    operation: 'Request',
    limit: 'Request line and header values together, bytes',
    max: 10_240,
    error: '431 Request Header Fields Too Large',
    source: REST_QUOTAS,
  },
  path: {
    operation: 'Request',
    limit: 'A path that is not well-formed percent encoding',
    error: '400 Bad Request',
    source: `${GUIDE}/supported-gateway-response-types.html`,
  },
  methodArn: {
    operation: 'Request to a method with authorization',
    limit: 'ARN of the method with the path of the request, bytes',
    max: 1600,
    error: '414 Request URI too long',
    source: `${GUIDE}/limits.html`,
  },
  throttle: {
    operation: 'Request',
    limit: 'More requests than the rate and burst of the stage',
    error: '429 Too Many Requests',
    source: `${GUIDE}/supported-gateway-response-types.html`,
  },
  payload: {
    operation: 'Request',
    limit: 'Payload, bytes',
    max: 10 * MIB,
    error: '413 Request Entity Too Large',
    source: REST_QUOTAS,
  },
  functionPayload: {
    operation: 'Request to a Lambda integration',
    limit: 'An event that Lambda refuses for its size',
    error: '413 Request Entity Too Large',
    source: 'docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  time: {
    operation: 'Integration',
    limit: 'Time that an integration takes unless the method says otherwise, milliseconds; the function goes on',
    max: 29_000,
    error: '504 Endpoint request timed out',
    source: REST_QUOTAS,
  },
  answer: {
    operation: 'Lambda integration',
    limit: 'An answer that is not a proxy answer, or a function that failed',
    error: '502 Internal server error',
    source: `${GUIDE}/set-up-lambda-proxy-integrations.html`,
  },
  streamTime: {
    operation: 'Streamed answer',
    limit: 'Time from the request to the end of the answer, milliseconds',
    max: 900_000,
    effect: 'The connection is closed',
    source: REST_STREAMING,
  },
  streamIdle: {
    operation: 'Streamed answer of a Regional or private API',
    limit: 'Time without a byte, milliseconds',
    max: 300_000,
    effect: 'The connection is closed',
    source: REST_STREAMING,
  },
  streamIdleAtEdge: {
    operation: 'Streamed answer of an edge-optimized API',
    limit: 'Time without a byte, milliseconds',
    max: 30_000,
    effect: 'The connection is closed',
    source: REST_STREAMING,
  },
  streamMetadata: {
    operation: 'Streamed answer',
    limit: 'Metadata with its delimiter, bytes',
    max: 16 * 1024,
    error: '502 Internal server error',
    source: `${GUIDE}/response-transfer-mode-lambda.html`,
  },
});
