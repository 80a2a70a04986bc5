import { Duration, Size } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { JwtHttpApi } from '../../lib/api/jwt-http-api';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction, type HandlerFunctionProps } from '../../lib/compute/handler-function';
import { OriginSecret } from '../../lib/edge/origin-secret';
import { watchProxyClients } from '../../lib/monitoring/database-alarms';
import { refuse } from '../../lib/validation/refuse';
import { APPLICATION_SERVICE, type ApplicationCompute, type ComputeProps } from './application-compute';
import { API_PREFIX, HEALTH_PATH, WebAppEnvironment } from './contract';

/** A route of your own. */
export interface RouteOptions extends Pick<HandlerFunctionProps, 'timeout' | 'memory' | 'environment'> {
  /** A TypeScript or JavaScript file that exports `handler`; `groundplan/web-app/runtime` gives it the database and the cache. */
  readonly entry: string;
  /** At most 29 s (apigw-29s-timeout). */
  readonly timeout: Duration;
}

/** A request is answered in the time that API Gateway waits, less what it takes to say that it was not (apigw-29s-timeout). */
const TIMEOUT = Duration.seconds(28);
/** Functions at once by default: what a database of the stage's size has connections for, and a page's users ask for. */
const CONCURRENCY = { dev: 20, other: 100 } as const;
/** Of each route that is added. */
const ROUTE_CONCURRENCY = 10;
/** AWS: Lambda, managing provisioned concurrency with Application Auto Scaling. */
const WARM_UTILIZATION = 0.7;
/** One connection to the writer and one to a reader. */
const CONNECTIONS = 2;
const ROUTE = /^(GET|POST|PUT|PATCH|DELETE) (\/api(\/([a-z0-9._-]+|\{[a-z][A-Za-z0-9]*\}))+)$/;

/** The application as a function behind an HTTP API, which checks the token of every request but the health check's. */
export class LambdaCompute extends Construct implements ApplicationCompute {
  readonly api: JwtHttpApi;
  readonly application: HandlerFunction;
  readonly originSecret: OriginSecret;
  readonly origin: IOrigin;

  /** @throws RefusedValueError for more functions at once than the database has connections for. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ComputeProps,
  ) {
    super(scope, id);
    const { foundation, data, uploads, alarms } = props;
    const { stage } = foundation;
    const encryptionKey = foundation.dataKey.key;
    const concurrency =
      props.scaling?.concurrency ?? reservable(this, stage, stage.name === 'dev' ? CONCURRENCY.dev : CONCURRENCY.other);
    data.makeRoomFor(this, 'scaling.concurrency', concurrency ?? stage.accountConcurrency, CONNECTIONS);

    // The value goes to CloudFront, its hashes to the functions, which refuse what comes without it.
    this.originSecret = new OriginSecret(this, 'OriginSecret', { stage, encryptionKey });
    this.application = new HandlerFunction(this, 'Application', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('web-app', 'items-api'),
      serviceName: APPLICATION_SERVICE,
      timeout: TIMEOUT,
      memory: Size.mebibytes(1024),
      reservedConcurrency: concurrency,
      network: this.network(),
      environment: { ...props.environment, [WebAppEnvironment.originVerifiers]: this.originSecret.verifiers },
    });
    data.grantUse(this.application.function);
    uploads.grantPresign(this.application.function);
    // New code relies on the new schema.
    this.application.function.node.addDependency(data.schema);

    this.api = new JwtHttpApi(this, 'Http', {
      stage,
      encryptionKey,
      userPool: data.userPool,
      userPoolClients: [props.client],
    });
    this.api.publicRoute(HttpMethod.GET, HEALTH_PATH, this.application.alias);
    this.api.route(HttpMethod.ANY, `${API_PREFIX}/{proxy+}`, this.application.alias);
    if (props.scaling?.warmest !== undefined) this.scaleWarm(props.scaling.warmest, concurrency);
    this.origin = this.originSecret.originOf(this.api.api);

    alarms.watchHttpApi(this.api.api);
    if (data.proxy !== undefined) {
      const most = (concurrency ?? stage.accountConcurrency) * CONNECTIONS;
      watchProxyClients(alarms, 'Proxy', data.proxy.proxy.dbProxyName, most);
    }
    alarms.watchHandler('Application', this.application);
  }

  get before() {
    return [this.application.alias];
  }

  /** See {@link WebAppApplication.addRoute}. */
  addRoute(route: string, { entry, environment, ...options }: RouteOptions): HandlerFunction {
    const [, method, path] = ROUTE.exec(route) ?? [];
    const id = route.replace(/[^A-Za-z0-9]+/g, '-');
    const taken = this.node.tryFindChild(id) !== undefined || path === HEALTH_PATH;
    if (method === undefined || path === undefined || taken) {
      refuse(this, {
        prop: 'route',
        value: route,
        allowed: `a method and a path below ${API_PREFIX} that no route has, such as 'GET ${API_PREFIX}/reports/{month}'`,
        fix: taken ? 'choose another path' : 'write it in that form, with parameters in braces',
        catalogueId: 'apigw-authorizer-on-every-route',
      });
    }
    if (options.timeout.toSeconds() > 29) {
      refuse(this, {
        prop: 'timeout',
        value: `${options.timeout.toSeconds()} s`,
        allowed: 'at most 29 s for a route of an API',
        fix: 'answer 202 and do the work behind a queue',
        catalogueId: 'apigw-29s-timeout',
      });
    }
    const { foundation, data, alarms } = this.props;
    const added = new HandlerFunction(this, id, {
      ...options,
      stage: foundation.stage,
      encryptionKey: foundation.dataKey.key,
      code: HandlerCode.entry(entry),
      serviceName: id.toLowerCase(),
      reservedConcurrency: reservable(this, foundation.stage, ROUTE_CONCURRENCY),
      network: this.network(),
      environment: {
        ...this.props.environment,
        [WebAppEnvironment.originVerifiers]: this.originSecret.verifiers,
        ...environment,
      },
    });
    data.grantUse(added.function);
    this.api.route(method as HttpMethod, path, added.alias);
    alarms.watchHandler(id, added);
    return added;
  }

  private scaleWarm(warmest: number, concurrency: number | undefined): void {
    const { provisionedConcurrency: least, name } = this.props.foundation.stage;
    const most = concurrency ?? this.props.foundation.stage.accountConcurrency;
    if (!Number.isInteger(warmest) || least < 1 || warmest <= least || warmest > most) {
      refuse(this, {
        prop: 'scaling.warmest',
        value: warmest,
        allowed:
          least < 1
            ? `nothing in ${name}, which keeps none warm`
            : `a whole number above the ${least} that ${name} keeps warm, up to the ${most} that run at once`,
        fix: 'omit it, or set a provisionedConcurrency in the stage',
        catalogueId: 'lambda-provisioned-concurrency-user-facing',
      });
    }
    this.application.alias
      .addAutoScaling({ minCapacity: least, maxCapacity: warmest })
      .scaleOnUtilization({ utilizationTarget: WARM_UTILIZATION });
  }

  /** It holds the endpoints of the database and the cache, so it has a reason to be in the VPC (lambda-vpc-only-when-needed). */
  private network() {
    const { foundation, data } = this.props;
    return { vpc: foundation.vpc, subnets: foundation.appSubnets, securityGroups: [data.clients] };
  }
}
