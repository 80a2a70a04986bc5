import type { Duration } from 'aws-cdk-lib';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StageSettings } from '../../lib/stage/stage';
import type { DeliveryOptions } from './delivery-options';
import type { ShopEdgeOptions } from './shop-edge';

/** Resources of yours that the pattern uses in place of its own. */
export interface ExistingResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * The fan-out topic. Encrypted; FIFO exactly when `fifo` is true. Import it with its key (`Topic.fromTopicAttributes`), or
   * what publishes may use that of {@link encryptionKey} alone. @default - a new topic
   */
  readonly topic?: ITopic;
  /** The bus for facts. @default - a new bus */
  readonly eventBus?: IEventBus;
  /** Where alarms go. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /** The users of the API, and the clients that they sign in with. @default - a new pool with one public client */
  readonly users?: { readonly userPool: IUserPool; readonly clients: readonly IUserPoolClient[] };
}

/** Props of {@link EventDrivenShop}. */
export interface EventDrivenShopProps {
  /** What the stage decides: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you bring an alarm topic */
  readonly alarmEmail?: string;
  /** Origins that browsers may call the API from. @default - none: no CORS */
  readonly allowedOrigins?: readonly string[];
  /** Deliver each order's events in order: FIFO topic and queues. @default false */
  readonly fifo?: boolean;
  /** The p99 latency that you promise for the API. @default Duration.millis(500) (guide 370) */
  readonly latencySlo?: Duration;
  /** Requests that the API handles at once; reserved from the account's pool. @default - 50, or no reservation where the quota is too small */
  readonly apiConcurrency?: number;
  /**
   * Puts CloudFront and a firewall in front of the API ($10 a month for the firewall), which then takes nothing that comes around
   * them. The stack must say its region. @default - the API is reached at its own address
   */
  readonly edge?: ShopEdgeOptions;
  /** Where the shop delivers, and for how much. @default - eight countries of Europe, for 4.90 */
  readonly delivery?: DeliveryOptions;
  /**
   * Whom mail to users comes from, at a domain that SES has verified in this region: Cognito's own sender stops at 50 a day
   * (cognito-ses-for-email). Not together with `existing.users`, whose mail is yours to set. @default - Cognito's sender
   */
  readonly mailFrom?: string;
  /** @default - the pattern makes everything */
  readonly existing?: ExistingResources;
}
