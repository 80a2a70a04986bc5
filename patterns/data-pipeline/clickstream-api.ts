import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AuthorizedHttpApi } from '../../lib/api/authorized-http-api';
import { IamHttpApi } from '../../lib/api/iam-http-api';
import { JwtHttpApi } from '../../lib/api/jwt-http-api';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { refusePoolSettings } from '../../lib/security/pool-settings';
import { UserDirectory } from '../../lib/security/user-directory';
import type { StageSettings } from '../../lib/stage/stage';
import type { EventStream } from '../../lib/streaming/event-stream';
import { AllowedEmailDomains } from '../../lib/users/allowed-email-domains';
import { refuse } from '../../lib/validation/refuse';
import type { ClickstreamApiOptions, ExistingPipelineResources } from './clickstream-pipeline-props';
import { EVENTS_PATH, PostEventEnvironment } from './contract';

/** Props of {@link ClickstreamApi}. */
export interface ClickstreamApiProps extends ClickstreamApiOptions {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly stream: EventStream;
  readonly alarms: Alarms;
  readonly dashboard?: FlowDashboard;
  /** For the authorizer `jwt` only. @default - a new user pool */
  readonly users?: ExistingPipelineResources['users'];
}

/** Events that are put into the stream at once: each takes some 20 ms, so that this is far more than the API's throttle lets in. */
const POST_CONCURRENCY = 50;
/** What an event takes, tries against a throttled shard included; API Gateway waits for 29 s. */
const POST_TIMEOUT = Duration.seconds(25);

/**
 * The way in by HTTP, for users with a token or for roles of AWS: a function checks an event by the one schema and puts it into the
 * stream. API Gateway could put it there itself, and would answer a client's mistake with the 500 that pages the operator.
 */
export class ClickstreamApi extends Construct {
  readonly http: AuthorizedHttpApi;
  /** Checks what is posted, and puts it into the stream. */
  readonly handler: HandlerFunction;
  /** Undefined when you bring users of your own, and with the authorizer `iam`. */
  readonly users?: UserDirectory;

  /**
   * @throws RefusedValueError for an origin that is not one, no client, users with the authorizer `iam`, or an address for mail that
   * is none or that no user pool would use.
   */
  constructor(scope: Construct, id: string, props: ClickstreamApiProps) {
    super(scope, id);
    const { stage, encryptionKey, stream, alarms, dashboard, allowedOrigins } = props;
    const common = { stage, encryptionKey, allowedOrigins };
    this.refuseMail(props);
    if (props.authorizer === 'iam' || props.users !== undefined) refusePoolSettings(this, 'api.', props);
    if (props.authorizer === 'iam') {
      this.refuseUsers(props.users);
      this.http = new IamHttpApi(this, 'Http', common);
    } else {
      let users = props.users;
      if (users === undefined) {
        const { mailFrom, selfSignUp, allowedEmailDomains, mfa } = props;
        const email = mailFrom === undefined ? undefined : { from: mailFrom };
        this.users = new UserDirectory(this, 'Users', { stage, email, selfSignUp, mfa });
        if (allowedEmailDomains !== undefined) {
          new AllowedEmailDomains(this, 'SignUp', { stage, encryptionKey, users: this.users, allowedEmailDomains });
        }
        users = { userPool: this.users.userPool, clients: [this.users.client] };
      }
      const { userPool, clients: userPoolClients } = users;
      this.http = new JwtHttpApi(this, 'Http', { ...common, userPool, userPoolClients });
    }
    this.handler = new HandlerFunction(this, 'PostEvent', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('data-pipeline', 'post-event'),
      serviceName: 'post-event',
      timeout: POST_TIMEOUT,
      reservedConcurrency: reservable(this, stage, POST_CONCURRENCY, 'POST /events'),
      environment: { [PostEventEnvironment.stream]: stream.stream.streamName },
    });
    stream.grantPut(this.handler.function);
    for (const route of this.http.route(HttpMethod.POST, EVENTS_PATH, this.handler.alias)) {
      // Before Firehose is there an event would be counted and never kept.
      route.node.addDependency(stream.latecomers);
    }
    alarms.watchHttpApi(this.http.api);
    alarms.watchHandler('PostEvent', this.handler);
    const { httpStage } = this.http;
    dashboard?.addRow({
      title: 'API',
      graphs: {
        Requests: [httpStage.metricCount(), httpStage.metricClientError(), httpStage.metricServerError()],
        'Latency p99': [httpStage.metricLatency({ statistic: 'p99' })],
        Handler: [this.handler.function.metricErrors(), this.handler.function.metricThrottles()],
      },
    });
  }

  /**
   * Lets a role send events, by requests that it signs: it may call `POST /events` and nothing else.
   *
   * @throws RefusedValueError with the authorizer `jwt`, which asks for a token whatever a role may do
   */
  grantSend(grantee: IGrantable): void {
    if (!(this.http instanceof IamHttpApi)) {
      refuse(this, {
        prop: 'api.authorizer',
        value: 'jwt',
        allowed:
          "'iam' for grantSend: with 'jwt' a token authorizes the request, and the policies of a role have no effect",
        fix: "set api: { authorizer: 'iam' }, or let the role use the producer",
      });
    }
    this.http.grantInvoke(grantee, HttpMethod.POST, EVENTS_PATH);
  }

  private refuseMail({ mailFrom, authorizer, users }: ClickstreamApiProps): void {
    if (mailFrom === undefined || (authorizer !== 'iam' && users === undefined)) return;
    refuse(this, {
      prop: 'api.mailFrom',
      value: mailFrom,
      allowed: "only without existing.users and api.authorizer 'iam'",
      fix:
        users === undefined
          ? 'omit it: roles receive no e-mail'
          : 'omit it, and set it where your user pool is created',
      catalogueId: 'cognito-ses-for-email',
    });
  }

  private refuseUsers(users: ClickstreamApiProps['users']): void {
    if (users === undefined) return;
    refuse(this, {
      prop: 'existing.users',
      value: users.userPool.node.path,
      allowed: "no value with api.authorizer 'iam': roles send events, and no user signs in",
      fix: "omit existing.users, or set api.authorizer to 'jwt'",
    });
  }
}
