import type { Duration } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient, Mfa } from 'aws-cdk-lib/aws-cognito';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageSettings } from '../../lib/stage/stage';
import type { DeliveryOptions } from './delivery-options';
import type { ShopEdgeOptions } from './shop-edge';

/** Your own resources, which the pattern uses instead of new ones. */
export interface ExistingResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * The fan-out topic. It must be encrypted, and FIFO if and only if `fifo` is true. Import it with its key
   * (`Topic.fromTopicAttributes`); otherwise publishers may use only {@link encryptionKey}. @default - a new topic
   */
  readonly topic?: ITopic;
  /** The event bus for the services' events. @default - a new bus */
  readonly eventBus?: IEventBus;
  /** The topic that alarms notify. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /** The users of the API, and the clients that they sign in with. @default - a new pool with one public client */
  readonly users?: SignInUsers;
}

/** A user pool, and the clients that its users sign in with. */
export interface SignInUsers {
  readonly userPool: IUserPool;
  readonly clients: readonly IUserPoolClient[];
}

/** Props of {@link EventDrivenShop}. */
export interface EventDrivenShopProps {
  /** Settings of the stage: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you pass an alarm topic */
  readonly alarmEmail?: string;
  /** Origins from which browsers may call the API. @default - none: no CORS */
  readonly allowedOrigins?: readonly string[];
  /** Deliver each order's events in order: FIFO topic and queues. @default false */
  readonly fifo?: boolean;
  /** The p99 latency that you promise for the API. @default Duration.millis(500) (guide 370) */
  readonly latencySlo?: Duration;
  /** Concurrent requests of the API, as reserved concurrency. @default - 50, or no reservation if the account's quota is too small */
  readonly apiConcurrency?: number;
  /**
   * Puts CloudFront and AWS WAF in front of the API ($10 a month for the web ACL), which then rejects requests that bypass
   * them. The stack needs an explicit region. @default - clients call the API at its own address
   */
  readonly edge?: ShopEdgeOptions;
  /** Countries that the shop delivers to, and the fee. @default - eight countries of Europe, for 4.90 */
  readonly delivery?: DeliveryOptions;
  /**
   * Sender address of e-mail to users, in a domain that SES has verified in this region: Cognito's own sender is limited to 50 a day
   * (cognito-ses-for-email). Not with `existing.users`, whose sender you configure yourself. @default - Cognito's sender
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
  /** @default - the pattern creates everything */
  readonly existing?: ExistingResources;
}
