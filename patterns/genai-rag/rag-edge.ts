import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import type { UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import { PACKAGE_ROOT } from '../../lib/compute/package-root';
import { AccessLogBucket } from '../../lib/edge/access-log-bucket';
import { EdgeAlarms } from '../../lib/edge/edge-alarms';
import { Firewall } from '../../lib/edge/firewall';
import { hasLists, refuseLists } from '../../lib/edge/firewall-lists';
import { SiteBucket } from '../../lib/edge/site-bucket';
import { SiteDeployment } from '../../lib/edge/site-deployment';
import { SiteDistribution } from '../../lib/edge/site-distribution';
import type { StageSettings } from '../../lib/stage/stage';
import { API_COUNTS_ERRORS, leaveWithoutAlarms } from '../../lib/validation/unwatched';
import type { SiteConfig } from './contract';
import type { RagSiteOptions } from './genai-rag-props';

/** The site that comes along, built. */
const OWN_SITE = join(PACKAGE_ROOT, 'dist', 'site', 'genai-rag');

/** Props of {@link RagEdge}. */
export interface RagEdgeProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly site: RagSiteOptions;
  /** A web ACL of yours. @default - a new one in the stages that have one */
  readonly webAclArn?: string;
  /** Where `/api/*` goes. */
  readonly api: IOrigin;
  /** What must know the origin's secret before the distribution sends it. */
  readonly after: readonly IDependable[];
  readonly loginUrl: string;
  readonly client: UserPoolClient;
  /** Name of the bucket that pages upload into. */
  readonly bucketName: string;
  readonly alarmTopic: ITopic;
  readonly alarmEmail?: string;
}

/** What visitors meet first: the firewall, the distribution, and the site behind it. */
export class RagEdge extends Construct {
  readonly accessLogs: AccessLogBucket;
  /** Undefined in stages without one. */
  readonly firewall?: Firewall;
  readonly site: SiteDistribution;

  constructor(scope: Construct, id: string, props: RagEdgeProps) {
    super(scope, id);
    const { stage, encryptionKey, loginUrl, bucketName } = props;
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', { stage });
    const { domain, folder = OWN_SITE, firewall, ...lists } = props.site;
    if (props.webAclArn === undefined && firewall === false) refuseLists(this, lists, 'site.firewall: false');
    if (props.webAclArn !== undefined || (firewall ?? (stage.name !== 'dev' || hasLists(lists)))) {
      this.firewall = new Firewall(this, 'Firewall', {
        ...lists,
        stage,
        logs: this.accessLogs,
        existing: props.webAclArn,
        // Questions quote SQL, HTML and paths.
        ...(props.webAclArn === undefined && { bodyRules: 'count' }),
      });
    }
    const bucket = new SiteBucket(this, 'SiteBucket', { stage, encryptionKey });
    const { region, urlSuffix } = Stack.of(this);
    this.site = new SiteDistribution(this, 'Site', {
      stage,
      site: bucket,
      api: props.api,
      after: props.after,
      firewall: this.firewall,
      accessLogs: this.accessLogs,
      connections: { connectSources: [loginUrl, `https://${bucketName}.s3.${region}.${urlSuffix}`] },
      domain,
    });
    leaveWithoutAlarms(this.site.distribution, API_COUNTS_ERRORS);
    const config: SiteConfig = { loginUrl, clientId: props.client.userPoolClientId };
    new SiteDeployment(this, 'SiteFiles', {
      stage,
      encryptionKey,
      folder,
      config: { ...config },
      site: bucket,
      distribution: this.site.distribution,
    });
    const { metricName, listRules } = this.firewall ?? {};
    if (stage.alarms === 'full' && metricName !== undefined) {
      const { alarmTopic: topic, alarmEmail: email } = props;
      new EdgeAlarms(this, 'EdgeAlarms', { stage, metricName, listRules, topic, email });
    }
  }
}
