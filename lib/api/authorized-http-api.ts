import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  type HttpRouteIntegration,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CatalogueId } from '../catalogue/catalogue';
import { vendedLogGroupName } from '../naming/vended-log-group-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles, markPublic } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** Props of every {@link AuthorizedHttpApi}. */
export interface AuthorizedHttpApiProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Origins that browsers may call from, such as `https://shop.example.com`; never `*`. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
}

/** How an API knows its callers: what the blocks on top of {@link AuthorizedHttpApi} differ in. */
export interface CallerCheck {
  readonly authorizer: IHttpRouteAuthorizer;
  /** Headers that browsers send for it, beside `authorization`. */
  readonly headers: readonly string[];
  /** Who called, as fields of the access log: names, never credentials. */
  readonly logged: Readonly<Record<string, string>>;
  /** Catalogue ids that each route handles. */
  readonly handles: readonly CatalogueId[];
}

/** An origin as browsers send it: scheme, host and optional port, nothing behind. Plain HTTP for localhost only. */
const ORIGIN = /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/i;

/** What HTTP APIs allow an integration at most is 30 s; REST APIs end at 29 s, and clients should not wait longer. */
const INTEGRATION_TIMEOUT = Duration.seconds(29);

/**
 * An HTTP API on which API Gateway itself checks the caller on every route, with throttling, JSON access logs and CORS by
 * explicit origin.
 */
export abstract class AuthorizedHttpApi extends Construct {
  readonly api: HttpApi;
  readonly httpStage: HttpStage;
  /** Method and path, for example `POST /events`. */
  protected readonly routeKeys = new Set<string>();
  private readonly integrations = new Map<IFunction, HttpLambdaIntegration>();

  /** @throws RefusedValueError for an origin that is not one. */
  protected constructor(
    scope: Construct,
    id: string,
    props: AuthorizedHttpApiProps,
    private readonly callerCheck: CallerCheck,
  ) {
    super(scope, id);
    this.refuseBadOrigins(props.allowedOrigins ?? []);
    this.api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      corsPreflight:
        props.allowedOrigins === undefined || props.allowedOrigins.length === 0
          ? undefined
          : {
              allowOrigins: [...props.allowedOrigins],
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
              allowHeaders: ['authorization', 'content-type', 'idempotency-key', ...callerCheck.headers],
              exposeHeaders: ['location', 'retry-after'],
              maxAge: Duration.hours(1),
            },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: vendedLogGroupName(this, 'apis'),
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
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields(callerCheck.logged))),
      },
    });
    handles(this.api, 'apigw-http-api-default');
    handles(this.httpStage, 'apigw-throttling', 'apigw-access-logs', 'logs-everywhere');
    handles(accessLog, 'cw-log-retention', 'encrypt-everything-at-rest');
  }

  /** Adds a route that only a caller who is let in reaches. */
  route(method: HttpMethod, path: string, handler: IFunction): readonly HttpRoute[] {
    return this.add(method, path, this.integrationOf(handler));
  }

  /**
   * Adds a route that takes no token: for what tells nothing of anyone, such as a health check. The template names it as
   * meant (apigw-authorizer-on-every-route).
   */
  publicRoute(method: HttpMethod, path: string, handler: IFunction): void {
    const authorizer = new HttpNoneAuthorizer();
    const integration = this.integrationOf(handler);
    for (const route of this.api.addRoutes({ path, methods: [method], integration, authorizer })) {
      handles(route, 'apigw-29s-timeout');
      markPublic(route);
      acknowledge(route, {
        'AwsSolutions::AwsSolutions-APIG4':
          'Public on purpose: it answers to everyone alike and tells nothing of anyone (a health check).',
      });
    }
    this.routeKeys.add(`${method} ${path}`);
  }

  /** A metric of the API's stage (AWS: API Gateway, metrics and dimensions). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.httpStage.metric(metricName, options);
  }

  /** Requests. @default - the count of five minutes */
  metricRequests(options?: MetricOptions): Metric {
    return this.httpStage.metricCount(options);
  }

  /** Answers of 4xx. @default - the sum of five minutes */
  metricClientErrors(options?: MetricOptions): Metric {
    return this.httpStage.metricClientError(options);
  }

  /** Answers of 5xx. @default - the sum of five minutes */
  metricServerErrors(options?: MetricOptions): Metric {
    return this.httpStage.metricServerError(options);
  }

  /** Milliseconds from a request to the end of its answer. @default - the average of five minutes */
  metricLatency(options?: MetricOptions): Metric {
    return this.httpStage.metricLatency(options);
  }

  private integrationOf(handler: IFunction): HttpLambdaIntegration {
    const integration =
      this.integrations.get(handler) ??
      new HttpLambdaIntegration(`${handler.node.id}Integration`, handler, {
        timeout: INTEGRATION_TIMEOUT,
        scopePermissionToRoute: false,
      });
    this.integrations.set(handler, integration);
    return integration;
  }

  private add(method: HttpMethod, path: string, integration: HttpRouteIntegration): HttpRoute[] {
    const { authorizer, handles: handled } = this.callerCheck;
    const routes = this.api.addRoutes({ path, methods: [method], integration, authorizer });
    for (const route of routes) {
      handles(route, 'apigw-authorizer-on-every-route', 'apigw-29s-timeout', ...handled);
    }
    this.routeKeys.add(`${method} ${path}`);
    return routes;
  }

  private refuseBadOrigins(origins: readonly string[]): void {
    const bad = origins.find((origin) => !ORIGIN.test(origin));
    if (bad === undefined) return;
    refuse(this, {
      prop: 'allowedOrigins',
      value: bad,
      allowed: 'origins such as https://shop.example.com, or http://localhost:5173 for development',
      fix: 'pass each origin without a path; with * any site could send requests on behalf of the visitor',
    });
  }
}

/** One line for each request. @param caller who it was from */
function accessLogFields(caller: CallerCheck['logged']): Readonly<Record<string, string>> {
  return {
    requestId: '$context.requestId',
    time: '$context.requestTime',
    route: '$context.routeKey',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integrationLatency',
    integrationError: '$context.integrationErrorMessage',
    authorizerError: '$context.authorizer.error',
    ...caller,
    sourceIp: '$context.identity.sourceIp',
    bytes: '$context.responseLength',
  };
}
