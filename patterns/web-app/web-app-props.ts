import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool, Mfa } from 'aws-cdk-lib/aws-cognito';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { FirewallLists } from '../../lib/edge/firewall-lists';
import type { NatChoice } from '../../lib/network/app-network';
import type { LoginProvider } from '../../lib/security/login-provider';
import type { StageSettings } from '../../lib/stage/stage';

/** The compute service of the application; the code is the same. */
export type Compute = 'lambda' | 'fargate';

/** Outbound access of the network. */
export interface WebAppNetworkOptions {
  /**
   * NAT gateways: `none`, `one` for all zones, `per-zone`, or one `regional` gateway that serves them all. Nothing in the
   * pattern needs one (vpc-nat-count-explicit).
   * @default 'none'
   */
  readonly nat?: NatChoice;
  /**
   * The Availability Zones: 2 or 3, or their ids, such as `['use1-az1', 'use1-az2']`, or names; see `AppNetwork`. Another zone
   * replaces subnets, and what is in them. @default - dev 2, staging and prod 3
   */
  readonly zones?: number | 'by-position' | readonly string[];
  /** GB a month of traffic to AWS APIs, which decides whether an interface endpoint is cheaper than NAT. @default 0 */
  readonly egressGbPerMonth?: number;
}

/** Database and cache. */
export interface WebAppDataOptions {
  /**
   * Aurora capacity units (ACU; 2 GiB of memory each): 0, or 0.5 to 256 in steps of 0.5. 0 pauses an idle cluster, and
   * is for development only. @default - dev 0, staging 0.5, prod 1
   */
  readonly minCapacity?: number;
  /** Maximum capacity, at least 1; it limits the cost. @default - dev 2, staging 4, prod 16 */
  readonly maxCapacity?: number;
  /** Instances beside the writer, each in another zone. 0 to 15. @default - dev 0, staging and prod 1 */
  readonly readers?: number;
  /** 7 to 35 days. @default - dev 7, staging 14, prod 35 */
  readonly backupRetention?: Duration;
  /** `false`: no cache; each read then goes to the database. @default true */
  readonly cache?: boolean;
}

/** Concurrency of the application. */
export interface WebAppScaling {
  /** Reserved concurrency of the Lambda function, limited by the connections of the database. @default - dev 20, else 100 */
  readonly concurrency?: number;
  /**
   * Maximum provisioned concurrency of Lambda: it scales from the stage's `provisionedConcurrency` up to this, at a utilization of
   * 70%. Each costs $8.76 a month while it is provisioned. @default - the stage's value
   */
  readonly warmest?: number;
  /** Number of Fargate tasks. At least 2. @default - dev and staging 2 to 4, prod 3 to 12 */
  readonly tasks?: { readonly min: number; readonly max: number };
}

/** The site, and where its visitors may come from. */
export interface WebAppSiteOptions extends FirewallLists {
  /** Your own domain names, such as `app.example.com`, and their hosted zone. @default - a name of CloudFront */
  readonly domain?: { readonly names: readonly [string, ...string[]]; readonly hostedZone: IHostedZone };
  /** A folder with your own built site: `index.html`, and hashed files under `assets/`. @default - the included site */
  readonly folder?: string;
}

/** Uploads of files. */
export interface WebAppUploadOptions {
  /** At most 5 GiB. @default Size.gibibytes(1) */
  readonly maxSize?: Size;
  /** How long a presigned request lives. 5 to 15 minutes (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
}

/** Sign-in of users. */
export interface WebAppLoginOptions {
  /**
   * Sender address of e-mail to users, in a domain that SES has verified in this region: Cognito's own sender is limited to 50 a day.
   * @default - Cognito's sender; prod then asks at deployment (cognito-ses-for-email)
   */
  readonly mailFrom?: string;
  /**
   * Whether anyone with an e-mail address may make an account, with the budgets of a user. Otherwise an administrator makes accounts
   * (Cognito console, or `aws cognito-idp admin-create-user`). Not with `existing.users`. @default - not in a strict stage, such as prod
   */
  readonly selfSignUp?: boolean;
  /**
   * Mail domains whose addresses may sign up, such as `['example.com']`, in lower case and each once; a subdomain is another domain. Only
   * with self sign-up, and not with `existing.users`. Administrators still make any account. @default - any address may sign up
   */
  readonly allowedEmailDomains?: readonly string[];
  /**
   * Whether users sign in with a second factor, a TOTP app. `Mfa.REQUIRED`: everyone with a password, from the next sign-in on. `Mfa.OFF`:
   * not in a strict stage. Not with `existing.users`. @default Mfa.OPTIONAL
   */
  readonly mfa?: Mfa;
  /**
   * Who else signs users in, such as a company's single sign-on: `LoginProvider.saml`, `oidc`, `google` or `apple`. Not with
   * `existing.users`. @default - none: users have a password of the pool
   */
  readonly identityProviders?: readonly LoginProvider[];
  /** Whether users sign in with a password. `false`: by `identityProviders` alone. Not with `existing.users`. @default true */
  readonly passwordSignIn?: boolean;
}

/** Your own resources, which the application uses instead of new ones. */
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
    /** The secret of the administrator, for migrations. */
    readonly secret: ISecret;
    /** The security group of functions and tasks, which the cluster accepts. */
    readonly clients: ISecurityGroup;
  };
  /** A pool with a domain of managed login, and that domain's URL. @default - a new pool */
  readonly users?: { readonly userPool: IUserPool; readonly loginUrl: string };
  /** ARN of a web ACL of scope CLOUDFRONT. @default - a new one, in us-east-1 */
  readonly webAclArn?: string;
  /** The topic that alarms notify. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /** An image that listens on port 8080 and serves the same API. Fargate only. @default - the included application */
  readonly image?: ContainerImage;
}

/** Props of {@link WebApp}. */
export interface WebAppProps {
  /** Settings of the stage: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you pass a topic */
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
  /** @default - the pattern creates everything */
  readonly existing?: ExistingWebAppResources;
}
