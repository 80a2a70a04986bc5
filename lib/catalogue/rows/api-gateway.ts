import type { CatalogueRow } from '../catalogue-row';

/** API Gateway (guide 288-296). */
export const apiGatewayRows = [
  {
    id: 'apigw-http-api-default',
    guideLines: ['291', '508'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'HTTP API is the right default; REST only for features HTTP lacks.',
    condition:
      '`AWS::ApiGatewayV2::Api.ProtocolType == "HTTP"`; props for request validation, API keys, caching, X-Ray, direct WAF or response streaming with `type: http` => synth error naming REST',
  },
  {
    id: 'apigw-throttling',
    guideLines: ['292'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Set stage and route throttles below the 10,000 rps account limit.',
    condition:
      '`AWS::ApiGatewayV2::Stage.DefaultRouteSettings.ThrottlingRateLimit/BurstLimit` or `AWS::ApiGateway::Stage.MethodSettings[]` set (cdk-nag `APIGWDefaultThrottling`); sum <= account limit',
  },
  {
    id: 'apigw-cache-rest-only',
    guideLines: ['294'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim: 'Response caching exists on REST only.',
    condition:
      'cache prop + HTTP API => error; REST: `CacheClusterEnabled`, `MethodSettings[].CacheDataEncrypted: true`, cache key includes Authorization',
  },
  {
    id: 'apigw-payload-10mb',
    guideLines: ['296'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'Bodies over 10 MB are refused.',
    condition: 'client-facing contract: files via presigned URL; handler test for 413 path',
  },
  {
    id: 'apigw-29s-timeout',
    guideLines: ['296'],
    tier: 1,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Integrations are cut at 29 s, so nothing slower may sit behind a synchronous route.',
    condition:
      'function behind a route has `Timeout <= 29` (HTTP `TimeoutInMillis <= 30000`, REST <= 29000 unless `raisedTimeoutQuota` declared, or <= 900000 with `ResponseTransferMode: STREAM`). NOT caught by CDK (60 s REST passes)',
  },
  {
    id: 'apigw-async-long-work',
    guideLines: ['296'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default', 'handler'],
    claim: 'Long operations answer 202 and finish behind SQS with polling or WebSocket.',
    condition: 'POST => enqueue + 202 `{jobId}`; GET status route; handler test: no downstream wait in request path',
  },
  {
    id: 'apigw-websocket-state',
    guideLines: ['293'],
    tier: 3,
    derived: false,
    patterns: ['genai-rag'],
    mechanisms: ['handler'],
    claim: 'WebSocket connections have state you must track and clean.',
    condition:
      '`$connect` stores id with TTL; `$disconnect` deletes; `GoneException` (410) on post => delete, not fail',
  },
  {
    id: 'apigw-authorizer-on-every-route',
    guideLines: ['289', '330'],
    tier: 1,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Tokens are checked by the gateway, on every route.',
    condition:
      '`AWS::ApiGatewayV2::Route.AuthorizationType` is `JWT` or `AWS_IAM` (`AWS::ApiGateway::Method.AuthorizationType != "NONE"`) except public routes, which say so by `Metadata.groundplan.public: true` (cdk-nag `AwsSolutions-APIG4`)',
  },
  {
    id: 'apigw-access-logs',
    guideLines: ['535'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Log every request.',
    condition:
      '`AccessLogSettings.DestinationArn` on every stage (cdk-nag `AwsSolutions-APIG1`), JSON format with requestId, latency, authorizer subject',
  },
] as const satisfies readonly CatalogueRow[];
