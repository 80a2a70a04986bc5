import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { NatChoice } from '../../lib/network/app-network';
import type { StageSettings } from '../../lib/stage/stage';

/** What runs the application; the code is the same. */
export type Compute = 'lambda' | 'fargate';

/** How the network reaches outside. */
export interface WebAppNetworkOptions {
  /**
   * NAT gateways: `none`, `one` for all zones, `per-zone`, or one `regional` gateway that serves them all. Nothing in the
   * pattern needs one (vpc-nat-count-explicit).
   * @default 'none'
   */
  readonly nat?: NatChoice;
  /** GB a month that go to AWS's APIs, which decide whether an interface endpoint is cheaper than NAT. @default 0 */
  readonly egressGbPerMonth?: number;
}

/** What keeps the data. */
export interface WebAppDataOptions {
  /**
   * Aurora capacity units (ACU; 2 GiB of memory each): 0, or 0.5 to 256 in steps of 0.5. 0 pauses the cluster when no one asks, and
   * is for development alone. @default - dev 0, staging 0.5, prod 1
   */
  readonly minCapacity?: number;
  /** At least 1, and the bound of the bill. @default - dev 2, staging 4, prod 16 */
  readonly maxCapacity?: number;
  /** Instances beside the writer, each in another zone. 0 to 15. @default - dev 0, staging and prod 1 */
  readonly readers?: number;
  /** 7 to 35 days. @default - dev 7, staging 14, prod 35 */
  readonly backupRetention?: Duration;
  /** `false`: no cache; each read then goes to the database. @default true */
  readonly cache?: boolean;
}

/** How much of the application runs at once. */
export interface WebAppScaling {
  /** Requests at once, of Lambda: reserved concurrency, which the database's connections bound. @default - dev 20, else 100 */
  readonly concurrency?: number;
  /**
   * Functions that are kept warm at most, of Lambda: from what the stage keeps (`provisionedConcurrency`) up to this, so that 70%
   * of them are busy. Each is $8.76 a month while it is warm. @default - what the stage keeps, and no more
   */
  readonly warmest?: number;
  /** Tasks of Fargate. At least 2. @default - dev and staging 2 to 4, prod 3 to 12 */
  readonly tasks?: { readonly min: number; readonly max: number };
}

/** What visitors see. */
export interface WebAppSiteOptions {
  /** Names of yours, such as `app.example.com`, and the zone that they are in. @default - a name of CloudFront's */
  readonly domain?: { readonly names: readonly [string, ...string[]]; readonly hostedZone: IHostedZone };
  /** A folder with a built site of yours: `index.html`, and hashed files under `assets/`. @default - the site that comes along */
  readonly folder?: string;
}

/** What files may come. */
export interface WebAppUploadOptions {
  /** At most 5 GiB. @default Size.gibibytes(1) */
  readonly maxSize?: Size;
  /** How long a presigned request lives. 5 to 15 minutes (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
}

/** How people sign in. */
export interface WebAppLoginOptions {
  /**
   * Whom mail to users comes from, at a domain that SES has verified in this region: Cognito's own sender stops at 50 a day.
   * @default - Cognito's sender; prod then asks at deployment (cognito-ses-for-email)
   */
  readonly mailFrom?: string;
}

/** Resources of yours that the application uses in place of its own. */
export interface ExistingWebAppResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /** With isolated subnets for the data, and an internet gateway if the compute is Fargate. @default - a new VPC */
  readonly vpc?: IVpc;
  /**
   * Aurora PostgreSQL with IAM authentication and the Data API, imported with its endpoints, `clusterResourceIdentifier` and a
   * security group. @default - a new cluster
   */
  readonly database?: {
    readonly cluster: IDatabaseCluster;
    /** The administrator's, for migrations. */
    readonly secret: ISecret;
    /** What lets the application in: it is worn by functions and tasks. */
    readonly clients: ISecurityGroup;
  };
  /** A pool with a domain of managed login, and that domain's URL. @default - a new pool */
  readonly users?: { readonly userPool: IUserPool; readonly loginUrl: string };
  /** ARN of a web ACL of scope CLOUDFRONT. @default - a new one, in us-east-1 */
  readonly webAclArn?: string;
  /** Where alarms go. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /** An image that listens on port 8080 and answers the same API. Fargate only. @default - the application that comes along */
  readonly image?: ContainerImage;
}

/** Props of {@link WebApp}. */
export interface WebAppProps {
  /** What the stage decides: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you bring a topic */
  readonly alarmEmail?: string;
  /** @default 'lambda' */
  readonly compute?: Compute;
  /** @default - see {@link WebAppScaling} */
  readonly scaling?: WebAppScaling;
  /** @default - see {@link WebAppNetworkOptions} */
  readonly network?: WebAppNetworkOptions;
  /** @default - see {@link WebAppDataOptions} */
  readonly data?: WebAppDataOptions;
  /** @default - see {@link WebAppSiteOptions} */
  readonly site?: WebAppSiteOptions;
  /** @default - see {@link WebAppUploadOptions} */
  readonly uploads?: WebAppUploadOptions;
  /** @default - see {@link WebAppLoginOptions} */
  readonly login?: WebAppLoginOptions;
  /** @default - the pattern makes everything */
  readonly existing?: ExistingWebAppResources;
}
