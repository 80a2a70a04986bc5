import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  type HttpRouteIntegration,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import type { EventStream } from '../streaming/event-stream';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { StreamIntegration } from './stream-integration';

/** Props of {@link JwtHttpApi}. */
export interface JwtHttpApiProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly userPool: IUserPool;
  /** Clients whose tokens are taken. Not empty. */
  readonly userPoolClients: readonly IUserPoolClient[];
  /** Origins that browsers may call from, such as `https://shop.example.com`; never `*`. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
}

/** An origin as browsers send it: scheme, host and optional port, nothing behind. Plain HTTP for localhost only. */
const ORIGIN = /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/i;

/** What HTTP APIs allow an integration at the most is 30 s; REST APIs end at 29 s, and clients should not wait longer. */
const INTEGRATION_TIMEOUT = Duration.seconds(29);

/**
 * An HTTP API on which API Gateway itself checks the token of every route, with throttling, JSON access logs and CORS
 * by explicit origin.
 */
export class JwtHttpApi extends Construct {
  readonly api: HttpApi;
  readonly httpStage: HttpStage;
  private readonly authorizer: HttpUserPoolAuthorizer;
  private readonly integrations = new Map<IFunction, HttpLambdaIntegration>();

  /** @throws RefusedValueError for an origin that is not one, or no client. */
  constructor(scope: Construct, id: string, props: JwtHttpApiProps) {
    super(scope, id);
    this.refuseBadOrigins(props.allowedOrigins ?? []);
    if (props.userPoolClients.length === 0) {
      refuse(this, {
        prop: 'userPoolClients',
        value: '[]',
        allowed: 'at least one client',
        fix: 'pass the client that your users sign in with',
        catalogueId: 'cognito-native-jwt-authorizer',
      });
    }
    this.authorizer = new HttpUserPoolAuthorizer('Jwt', props.userPool, {
      userPoolClients: [...props.userPoolClients],
    });
    this.api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      corsPreflight:
        props.allowedOrigins === undefined || props.allowedOrigins.length === 0
          ? undefined
          : {
              allowOrigins: [...props.allowedOrigins],
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
              allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
              exposeHeaders: ['location', 'retry-after'],
              maxAge: Duration.hours(1),
            },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    this.httpStage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: props.stage.apiThrottle,
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
    handles(this.api, 'apigw-http-api-default');
    handles(this.httpStage, 'apigw-throttling', 'apigw-access-logs', 'logs-everywhere');
    handles(accessLog, 'cw-log-retention', 'encrypt-everything-at-rest');
  }

  /** Adds a route that only a caller with a valid token reaches. */
  route(method: HttpMethod, path: string, handler: IFunction): void {
    const integration =
      this.integrations.get(handler) ??
      new HttpLambdaIntegration(`${handler.node.id}Integration`, handler, {
        timeout: INTEGRATION_TIMEOUT,
        scopePermissionToRoute: false,
      });
    this.integrations.set(handler, integration);
    this.add(method, path, integration);
  }

  /**
   * Adds a route that puts records into a stream, for callers with a valid token.
   * The body is JSON with the members of {@link StreamRequestBody}.
   */
  streamRoute(method: HttpMethod, path: string, stream: EventStream): void {
    this.add(method, path, new StreamIntegration(`${stream.node.id}Integration`, stream));
  }

  private add(method: HttpMethod, path: string, integration: HttpRouteIntegration): void {
    for (const route of this.api.addRoutes({ path, methods: [method], integration, authorizer: this.authorizer })) {
      handles(route, 'apigw-authorizer-on-every-route', 'cognito-native-jwt-authorizer', 'apigw-29s-timeout');
    }
  }

  private refuseBadOrigins(origins: readonly string[]): void {
    const bad = origins.find((origin) => !ORIGIN.test(origin));
    if (bad === undefined) return;
    refuse(this, {
      prop: 'allowedOrigins',
      value: bad,
      allowed: 'origins such as https://shop.example.com, or http://localhost:5173 for development',
      fix: 'name each origin without a path; with * any site could call as the visitor',
    });
  }
}

/** One line for each request; `sub` tells whose it was without storing more of the token. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  sub: '$context.authorizer.claims.sub',
  sourceIp: '$context.identity.sourceIp',
  bytes: '$context.responseLength',
};
