import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  type MethodOptions,
  ResponseTransferMode,
  RestApi,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles, markPublic } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { tellProblems } from './gateway-problems';

/** Props of {@link JwtRestApi}. */
export interface JwtRestApiProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly userPool: IUserPool;
  /**
   * Scopes of access tokens, such as `openid`: one of them lets in. Not empty: without scopes API Gateway takes identity tokens in
   * place of access tokens (AWS: Integrate a REST API with an Amazon Cognito user pool).
   */
  readonly scopes: readonly string[];
  /**
   * Whether this sets the role that API Gateway writes access logs with, which is one for an account and region. Without any role
   * no stage with access logs can be deployed. `false` where someone else looks after it.
   *
   * @default true
   */
  readonly setsLogRole?: boolean;
}

/** Methods that a route may have. */
export type RestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** AWS: API Gateway quotas for REST APIs: what an integration may take, unless a raise was asked for. */
const BUFFERED_TIMEOUT = Duration.seconds(29);
/** AWS: API Gateway, response streaming: how long an answer may stream. */
const LONGEST_STREAM = Duration.minutes(15);

/** The path that the stage is under. CloudFront adds it; neither clients nor handlers see it. */
const STAGE_NAME = 'v1';

/**
 * A Regional REST API for users of a user pool: API Gateway checks the access token of every request, and answers may stream, which
 * an HTTP API cannot (apigw-http-api-default). Throttled, with JSON access logs and traces. Its own refusals are problem+json.
 */
export class JwtRestApi extends Construct {
  readonly api: RestApi;
  readonly deploymentStage: Stage;
  readonly authorizer: CognitoUserPoolsAuthorizer;
  private readonly scopes: string[];

  /** @throws RefusedValueError for no scopes. */
  constructor(scope: Construct, id: string, props: JwtRestApiProps) {
    super(scope, id);
    const { stage, encryptionKey, userPool, setsLogRole = true } = props;
    if (props.scopes.length === 0) {
      refuse(this, {
        prop: 'scopes',
        value: '[]',
        allowed: 'at least one scope of access tokens',
        fix: 'pass the scopes that your users sign in with, such as openid; without scopes the API would accept identity tokens instead',
        catalogueId: 'cognito-native-jwt-authorizer',
      });
    }
    this.scopes = [...props.scopes];
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    this.api = new RestApi(this, 'Api', {
      // Metrics know an API by its name alone: of two with one name in an account and region they would be mixed up.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      endpointTypes: [EndpointType.REGIONAL],
      // The setting outlives this stack, and so must its role: other stages of the account log with it from now on, and would fail
      // at their next deployment (AWS: Set up CloudWatch logging for REST APIs).
      cloudWatchRole: setsLogRole,
      ...(setsLogRole && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }),
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: stage.apiThrottle.rateLimit,
        throttlingBurstLimit: stage.apiThrottle.burstLimit,
        tracingEnabled: true,
        // Execution logs go to a group that API Gateway makes, without our key and forever; there are none of streams anyway.
        loggingLevel: MethodLoggingLevel.OFF,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.deploymentStage = this.api.deploymentStage;
    // CDK's output of the address: people use the distribution's.
    this.api.node.tryRemoveChild('Endpoint');
    tellProblems(this.api);
    this.authorizer = new CognitoUserPoolsAuthorizer(this, 'Jwt', { cognitoUserPools: [userPool] });
    handles(this.api, 'apigw-http-api-default');
    handles(this.deploymentStage, 'apigw-throttling', 'apigw-access-logs', 'logs-everywhere', 'tracing-on');
    handles(accessLog, 'cw-log-retention', 'encrypt-everything-at-rest');
    this.acknowledgeFindings();
  }

  /** Adds a route that only a caller with a token reaches. Its answer is sent when it is whole, after 29 s at the latest. */
  route(method: RestMethod, path: string, handler: IFunction): void {
    const integration = new LambdaIntegration(handler, { timeout: BUFFERED_TIMEOUT, allowTestInvoke: false });
    this.guarded(this.add(method, path, integration, this.forUsers()));
  }

  /**
   * Adds a route whose answer is sent while it is made. Its handler is one of `awslambda.streamifyResponse`.
   *
   * @param timeout from the request to the end of the answer: 1 s to 15 min, and no shorter than the function's own
   * @throws RefusedValueError for another timeout
   */
  streamRoute(method: RestMethod, path: string, handler: IFunction, timeout: Duration): void {
    const seconds = timeout.toSeconds({ integral: false });
    if (seconds < 1 || seconds > LONGEST_STREAM.toSeconds()) {
      refuse(this, {
        prop: 'timeout',
        value: `${seconds} s`,
        allowed: '1 s to 15 min',
        fix: 'do longer work in the background, and let clients poll for the result',
        catalogueId: 'apigw-29s-timeout',
      });
    }
    const integration = new LambdaIntegration(handler, {
      timeout,
      responseTransferMode: ResponseTransferMode.STREAM,
      allowTestInvoke: false,
    });
    this.guarded(this.add(method, path, integration, this.forUsers()));
  }

  /**
   * Adds a route that takes no token: for what tells nothing of anyone, such as a health check. The template names it as meant
   * (apigw-authorizer-on-every-route).
   */
  publicRoute(method: RestMethod, path: string, handler: IFunction): void {
    const integration = new LambdaIntegration(handler, { timeout: BUFFERED_TIMEOUT, allowTestInvoke: false });
    const route = this.add(method, path, integration, { authorizationType: AuthorizationType.NONE });
    handles(route, 'apigw-29s-timeout');
    markPublic(route);
    const meant = 'Public on purpose: it answers to everyone alike and tells nothing of anyone (a health check).';
    acknowledge(route, { 'AwsSolutions::AwsSolutions-APIG4': meant, 'AwsSolutions::AwsSolutions-COG4': meant });
  }

  /** A metric of the API's stage (AWS: API Gateway, metrics and dimensions). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.deploymentStage.metric(metricName, options);
  }

  /** Requests. @default - the count of five minutes */
  metricRequests(options?: MetricOptions): Metric {
    return this.deploymentStage.metricCount(options);
  }

  /** Answers of 4xx. @default - the sum of five minutes */
  metricClientErrors(options?: MetricOptions): Metric {
    return this.deploymentStage.metricClientError(options);
  }

  /** Answers of 5xx. @default - the sum of five minutes */
  metricServerErrors(options?: MetricOptions): Metric {
    return this.deploymentStage.metricServerError(options);
  }

  /** Milliseconds from a request to the end of its answer. @default - the average of five minutes */
  metricLatency(options?: MetricOptions): Metric {
    return this.deploymentStage.metricLatency(options);
  }

  private add(method: RestMethod, path: string, integration: LambdaIntegration, options: MethodOptions): Method {
    return this.api.root.resourceForPath(path).addMethod(method, integration, options);
  }

  private forUsers(): MethodOptions {
    return {
      authorizationType: AuthorizationType.COGNITO,
      authorizer: this.authorizer,
      authorizationScopes: this.scopes,
    };
  }

  private guarded(route: Method): void {
    handles(route, 'apigw-authorizer-on-every-route', 'apigw-29s-timeout', 'cognito-native-jwt-authorizer');
  }

  private acknowledgeFindings(): void {
    acknowledge(this.api, {
      'AwsSolutions::AwsSolutions-APIG2':
        'Handlers check every parameter and body against one schema and answer with the field at fault; a second schema here would drift from it.',
    });
    const firewall =
      'The firewall is in front of CloudFront, and handlers refuse what does not come through it (x-origin-verify).';
    const executionLogs =
      'Access logs have every request. Execution logs would be in a group without our key and retention, and there are none of streamed answers.';
    const cache = 'Nothing is cached here: answers differ by user, and a cache cluster is paid by the hour.';
    const certificate =
      'Its integrations are functions, which are called by IAM. A client certificate is shown to HTTP servers alone.';
    acknowledge(this.deploymentStage, {
      'AwsSolutions::AwsSolutions-APIG3': firewall,
      'AwsSolutions::AwsSolutions-APIG6': executionLogs,
      'NIST.800.53.R5::NIST.800.53.R5-APIGWAssociatedWithWAF': firewall,
      'PCI.DSS.321::PCI.DSS.321-APIGWAssociatedWithWAF': firewall,
      ...Object.fromEntries(
        ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].flatMap((pack) => [
          [`${pack}::${pack}-APIGWCacheEnabledAndEncrypted`, cache],
          [`${pack}::${pack}-APIGWExecutionLoggingEnabled`, executionLogs],
          [`${pack}::${pack}-APIGWSSLEnabled`, certificate],
        ]),
      ),
    });
    const role = this.api.node.tryFindChild('CloudWatchRole');
    if (role === undefined) return;
    acknowledge(role, {
      'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'AWS makes this policy for this one role of an account, and API Gateway checks that the role has it.',
    });
  }
}

/** One line for each request (AWS: API Gateway, variables for access logging; troubleshooting of response streaming). */
const ACCESS_LOG: Readonly<Record<string, string>> = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  // Of a streamed answer the latencies above are of all of it.
  firstContentMs: '$context.integration.timeToFirstContent',
  transferMode: '$context.integration.responseTransferMode',
  integrationError: '$context.integration.error',
  error: '$context.error.responseType',
  authorizerError: '$context.authorizer.error',
  // It tells whose the token was without storing more of it.
  sub: '$context.authorizer.claims.sub',
  sourceIp: '$context.identity.sourceIp',
  bytes: '$context.responseLength',
};
