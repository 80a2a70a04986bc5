import { join } from 'node:path';
import { Lazy, Stack } from 'aws-cdk-lib';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../../lib/compute/handler-function';
import { PACKAGE_ROOT } from '../../lib/compute/package-root';
import { AccessLogBucket } from '../../lib/edge/access-log-bucket';
import { EdgeAlarms } from '../../lib/edge/edge-alarms';
import { Firewall } from '../../lib/edge/firewall';
import { SiteBucket } from '../../lib/edge/site-bucket';
import { SiteDeployment } from '../../lib/edge/site-deployment';
import { SiteDistribution } from '../../lib/edge/site-distribution';
import { Alarms } from '../../lib/monitoring/alarms';
import { FlowDashboard } from '../../lib/monitoring/dashboard';
import { watchCacheUse } from '../../lib/monitoring/database-alarms';
import { stackUniqueName } from '../../lib/naming/stack-unique-name';
import { LoginClient } from '../../lib/security/login-client';
import { UploadsBucket } from '../../lib/storage/uploads-bucket';
import { refuse } from '../../lib/validation/refuse';
import { API_COUNTS_ERRORS, leaveWithoutAlarms } from '../../lib/validation/unwatched';
import { APPLICATION_SERVICE, type ApplicationCompute, type ComputeProps } from './application-compute';
import { CALLBACK_PATH, SIGNED_OUT_PATH, type SiteConfig, WebAppEnvironment } from './contract';
import { FargateCompute } from './fargate-compute';
import { LambdaCompute, type RouteOptions } from './lambda-compute';
import { UploadInspection } from './upload-inspection';
import { showApplication } from './web-app-dashboard';
import type { WebAppData } from './web-app-data';
import type { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/** The site that comes along, built. */
const OWN_SITE = join(PACKAGE_ROOT, 'dist', 'site', 'web-app');

/** Props of {@link WebAppApplication}. */
export interface WebAppApplicationProps extends Omit<WebAppProps, 'data'> {
  readonly foundation: WebAppFoundation;
  readonly data: WebAppData;
}

/**
 * What answers: the edge, the site behind it, the API in front of the database, and the files that people send. What is asked for
 * stands before what asks, so read this constructor from the bottom up as a request comes: past the firewall to the distribution,
 * from there to the site's files or to the API.
 */
export class WebAppApplication extends Construct {
  readonly uploads: UploadsBucket;
  /** What the site signs people in with. */
  readonly client: UserPoolClient;
  readonly inspection: UploadInspection;
  /** Undefined with Fargate. */
  readonly lambda?: LambdaCompute;
  /** Undefined with Lambda. */
  readonly fargate?: FargateCompute;
  readonly accessLogs: AccessLogBucket;
  readonly firewall: Firewall;
  readonly site: SiteDistribution;
  readonly alarms: Alarms;
  /** Undefined in stages without one. */
  readonly dashboard?: FlowDashboard;

  /** @throws RefusedValueError for a prop that cannot work; see {@link WebAppProps}. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(
    scope: Construct,
    id: string,
    private readonly props: WebAppApplicationProps,
  ) {
    super(scope, id);
    const { foundation, data, existing = {} } = props;
    const { stage } = foundation;
    const encryptionKey = foundation.dataKey.key;
    this.alarms = new Alarms(this, 'Alarms', { stage, topic: foundation.alarmTopic.topic });
    // The distribution comes last, and what comes before it must know its name.
    const names = props.site?.domain?.names ?? [
      Lazy.string({ produce: () => this.site.distribution.distributionDomainName }),
    ];

    // Files go to S3 by themselves. The bucket's name is known before the bucket is there: the bucket lets in the site's origin,
    // and the site's pages may call the bucket.
    const uploadsName = stackUniqueName(this, 'uploads-');
    this.uploads = new UploadsBucket(this, 'Uploads', {
      stage,
      encryptionKey,
      bucketName: uploadsName,
      allowedOrigins: names.map((name) => `https://${name}`),
      urlLifetime: props.uploads?.urlLifetime,
      maxSize: props.uploads?.maxSize,
    });

    // People sign in at Cognito's pages and come back to the site with a token.
    this.client = new LoginClient(this, 'LoginClient', {
      ...data.signIn,
      userPool: data.userPool,
      // A pool of yours may have other people in it.
      stage: existing.users === undefined ? stage : undefined,
      callbackUrls: names.map((name) => `https://${name}${CALLBACK_PATH}`),
      logoutUrls: names.map((name) => `https://${name}${SIGNED_OUT_PATH}`),
    }).client;

    // The application, with Lambda or on Fargate, and what looks at each file before anyone gets it.
    const parts: ComputeProps = {
      ...props,
      uploads: this.uploads,
      client: this.client,
      alarms: this.alarms,
      environment: {
        ...data.environment(),
        [WebAppEnvironment.uploadsBucket]: uploadsName,
        [WebAppEnvironment.uploadsMaxBytes]: String(this.uploads.maxBytes),
        [WebAppEnvironment.uploadUrlSeconds]: String(this.uploads.urlSeconds),
      },
    };
    this.inspection = new UploadInspection(this, 'Inspection', parts);
    const compute = this.createCompute(parts);
    if (compute instanceof LambdaCompute) this.lambda = compute;
    if (compute instanceof FargateCompute) this.fargate = compute;
    if (data.cache !== undefined) watchCacheUse(this.alarms, 'Cache', APPLICATION_SERVICE);

    // The edge, in us-east-1 as far as CloudFront demands it. What begins with /api goes to the application, the rest to the site.
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', { stage });
    const { domain, folder = OWN_SITE, ...lists } = props.site ?? {};
    this.firewall = new Firewall(this, 'Firewall', {
      ...lists,
      stage,
      logs: this.accessLogs,
      existing: existing.webAclArn,
      // Items are free text: SQL has it as parameters, and the site escapes it.
      ...(existing.webAclArn === undefined && { bodyRules: 'count' }),
    });
    const site = new SiteBucket(this, 'SiteBucket', { stage, encryptionKey });
    const { region, urlSuffix } = Stack.of(this);
    this.site = new SiteDistribution(this, 'Site', {
      stage,
      site,
      api: compute.origin,
      after: compute.before,
      firewall: this.firewall,
      accessLogs: this.accessLogs,
      connections: { connectSources: [data.loginUrl, `https://${uploadsName}.s3.${region}.${urlSuffix}`] },
      domain,
    });
    leaveWithoutAlarms(this.site.distribution, API_COUNTS_ERRORS);
    const config: SiteConfig = { loginUrl: data.loginUrl, clientId: this.client.userPoolClientId };
    new SiteDeployment(this, 'SiteFiles', {
      stage,
      encryptionKey,
      folder,
      config: { ...config },
      site,
      distribution: this.site.distribution,
    });

    const { metricName, listRules } = this.firewall;
    if (this.alarms.full && metricName !== undefined) {
      new EdgeAlarms(this, 'EdgeAlarms', {
        stage,
        metricName,
        listRules,
        topic: foundation.alarmTopic.topic,
        email: props.alarmEmail,
      });
    }
    this.alarms.watchAccountConcurrency(stage.accountConcurrency);
    if (stage.dashboard) {
      this.dashboard = new FlowDashboard(this, 'Dashboard');
      showApplication(this.dashboard, this, data);
      for (const { alarms } of [foundation, data]) alarms.showOn(this.dashboard);
    }
  }

  /**
   * Adds a route of yours to the API: its function, with the database and the cache in reach, its log group and its alarms. It takes
   * the same tokens as every other route.
   *
   * @param route method and path below `/api`, such as `GET /api/reports/{month}`
   * @throws RefusedValueError for a route that is taken or malformed, an entry that is no file, or with Fargate
   */
  addRoute(route: string, options: RouteOptions): HandlerFunction {
    if (this.lambda !== undefined) return this.lambda.addRoute(route, options);
    return refuse(this, {
      prop: 'compute',
      value: 'fargate',
      allowed: "'lambda', for routes with a function of their own",
      fix: 'add the route to the application, and pass its image as existing.image',
    });
  }

  private createCompute(parts: ComputeProps): ApplicationCompute {
    const { compute = 'lambda' } = this.props;
    if (compute === 'lambda') return new LambdaCompute(this, 'Api', parts);
    if (compute === 'fargate') return new FargateCompute(this, 'Api', parts);
    return refuse(this, {
      prop: 'compute',
      value: compute,
      allowed: "'lambda' or 'fargate'",
      fix: 'omit it to use Lambda',
    });
  }
}
