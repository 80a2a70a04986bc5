import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Names of the stages. */
export const STAGE_NAMES = ['dev', 'staging', 'prod'] as const;
/** Name of a stage. */
export type StageName = (typeof STAGE_NAMES)[number];

/** What a stage decides. Every block takes one; a user may pass a copy with single values changed. */
export interface StageSettings {
  readonly name: StageName;
  /** What happens to data stores, keys and logs when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
  /** Deletion protection on tables and user pools, and termination protection on the stack. */
  readonly deletionProtection: boolean;
  /** Days that logs are kept (catalogue: cw-log-retention). */
  readonly logRetention: RetentionDays;
  /** Days that the event archive keeps events (catalogue: eb-archive-replay). */
  readonly archiveRetention: Duration;
  /** Warm instances of user-facing functions; 0 is none (catalogue: lambda-provisioned-concurrency-user-facing). */
  readonly provisionedConcurrency: number;
  /**
   * `essential`: whatever tells that users wait, or that data or money is being lost: error rate, p99, queue age, dead letters,
   * throttles, failed executions and pipes; of streams their readers' lag and errors, what was rejected, given up or not
   * converted, and bytes scanned.
   * `full`: also what tells why, or what hides behind a silence: tables, topics, rules, log errors, the outbox's lag, account
   * concurrency, readers that stopped, and what a failure store did not take. Each metric of an alarm costs $0.10 a month.
   */
  readonly alarms: 'essential' | 'full';
  /** Whether patterns make a dashboard ($3.00 a month beyond the account's three free ones). */
  readonly dashboard: boolean;
  /** CloudWatch Contributor Insights on tables, for throttled keys (catalogue: ddb-partition-limit-visible). */
  readonly contributorInsights: boolean;
  /**
   * What other stages only warn of stops here: every rule pack runs at synth and a finding fails it, and a deployment
   * asks who receives alarm notifications (catalogue: iac-env-profiles).
   */
  readonly strict: boolean;
  /** Requests a second that an API lets through, and its burst (catalogue: apigw-throttling). */
  readonly apiThrottle: { readonly rateLimit: number; readonly burstLimit: number };
  /**
   * The account's Lambda concurrency in the region. Reservations must leave 100 of it
   * (AWS Lambda quotas: 1,000 by default; new accounts may start lower, see Service Quotas).
   */
  readonly accountConcurrency: number;
}

/** The three stages. The only place where they differ. */
export const stages: Readonly<Record<StageName, StageSettings>> = {
  dev: {
    name: 'dev',
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_WEEK,
    archiveRetention: Duration.days(7),
    provisionedConcurrency: 0,
    alarms: 'essential',
    dashboard: false,
    contributorInsights: false,
    strict: false,
    apiThrottle: { rateLimit: 50, burstLimit: 100 },
    accountConcurrency: 1000,
  },
  staging: {
    name: 'staging',
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_MONTH,
    archiveRetention: Duration.days(14),
    provisionedConcurrency: 1,
    alarms: 'full',
    dashboard: true,
    contributorInsights: true,
    strict: false,
    apiThrottle: { rateLimit: 50, burstLimit: 100 },
    accountConcurrency: 1000,
  },
  prod: {
    name: 'prod',
    // Not RETAIN: what a first deployment that failed leaves behind would be billed at each further try, or stop it.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    deletionProtection: true,
    logRetention: RetentionDays.ONE_YEAR,
    archiveRetention: Duration.days(90),
    provisionedConcurrency: 2,
    alarms: 'full',
    dashboard: true,
    contributorInsights: true,
    strict: true,
    apiThrottle: { rateLimit: 500, burstLimit: 1000 },
    accountConcurrency: 1000,
  },
};
