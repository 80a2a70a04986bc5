import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  FifoThroughputScope,
  FilterOrPolicy,
  type ITopic,
  Subscription,
  SubscriptionFilter,
  SubscriptionProtocol,
  Topic,
} from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { DeadLetterQueue } from './dead-letter-queue';
import type { WorkQueue } from './work-queue';

/** Props of {@link FanOutTopic}. */
export interface FanOutTopicProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** The event types that are published on the topic. A filter for any other can never match and is refused. */
  readonly eventTypes: readonly string[];
  /** Ordered by entity: a FIFO topic in high-throughput mode. @default false */
  readonly fifo?: boolean;
  /** Your own topic, used in place of a new one. It must be encrypted and must match `fifo`. @default - a new topic */
  readonly existing?: ITopic;
}

/** Props of {@link FanOutTopic.subscribe}. */
export interface FanOutSubscriptionProps {
  readonly queue: WorkQueue;
  /** The event types that the subscriber wants; SNS drops the others before they cost anything. */
  readonly eventTypes: readonly string[];
}

/**
 * One event in, one queue per service out. Subscriptions filter at SNS on the body's `type`, deliver the body as it is,
 * and keep what they could not deliver in a dead-letter queue of their own.
 */
export class FanOutTopic extends Construct {
  readonly topic: ITopic;
  readonly fifo: boolean;
  private readonly subscribed = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FanOutTopicProps,
  ) {
    super(scope, id);
    this.fifo = props.fifo === true;
    if (props.existing !== undefined && props.existing.fifo !== this.fifo) {
      refuse(this, {
        prop: 'existing',
        value: props.existing.fifo ? 'a FIFO topic' : 'a standard topic',
        allowed: this.fifo ? 'a FIFO topic, since fifo is true' : 'a standard topic, since fifo is not set',
        fix: 'make both FIFO or both standard: SNS cannot mix them',
        catalogueId: 'sns-fifo-pairs-fifo',
      });
    }
    this.topic = props.existing ?? this.createTopic();
  }

  /** A metric of the topic (AWS: SNS, monitoring topics with CloudWatch). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.topic.metric(metricName, options);
  }

  /** Events that were published. @default - the sum of five minutes */
  metricPublished(options?: MetricOptions): Metric {
    return this.topic.metricNumberOfMessagesPublished(options);
  }

  /** Copies that SNS could not deliver. @default - the sum of five minutes */
  metricFailed(options?: MetricOptions): Metric {
    return this.topic.metricNumberOfNotificationsFailed(options);
  }

  private createTopic(): Topic {
    const topic = new Topic(this, 'Topic', {
      masterKey: this.props.encryptionKey,
      enforceSSL: true,
      ...(this.fifo && { fifo: true, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP }),
    });
    handles(topic, 'sns-sqs-fanout', 'encrypt-everything-at-rest', 'tls-everywhere');
    return topic;
  }

  /**
   * Subscribes a service's queue.
   *
   * @returns the subscription's dead-letter queue, which wants a depth alarm
   * @throws RefusedValueError for an event type that is never published, an empty list, or a queue subscribed twice.
   */
  subscribe(id: string, props: FanOutSubscriptionProps): DeadLetterQueue {
    this.refuseDeadFilters(props);
    const { queue } = props.queue;
    if (this.subscribed.has(queue.node.path)) {
      refuse(this, {
        prop: 'queue',
        value: queue.node.path,
        allowed: 'one subscription for each queue',
        fix: 'list all event types in one subscription',
        catalogueId: 'one-queue-per-service',
      });
    }
    this.subscribed.add(queue.node.path);

    const scope = new Construct(this, id);
    const deadLetterQueue = new DeadLetterQueue(scope, 'DeadLetterQueue', { ...this.props, fifo: this.fifo });
    for (const target of [queue, deadLetterQueue]) {
      target.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('sns.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [target.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': this.topic.topicArn } },
        }),
      );
    }
    const subscription = new Subscription(scope, 'Subscription', {
      topic: this.topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue,
      filterPolicyWithMessageBody: {
        type: FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ allowlist: [...props.eventTypes] })),
      },
    });
    handles(subscription, 'sns-sqs-fanout', 'sns-filter-policy', 'sns-subscription-dlq', 'one-queue-per-service');
    return deadLetterQueue;
  }

  private refuseDeadFilters(props: FanOutSubscriptionProps): void {
    const unknown = props.eventTypes.filter((type) => !this.props.eventTypes.includes(type));
    if (unknown.length === 0 && props.eventTypes.length > 0) return;
    refuse(this, {
      prop: 'eventTypes',
      value: unknown.length > 0 ? unknown : '[]',
      allowed: `one or more of ${this.props.eventTypes.join(', ')}`,
      fix: 'pass an event type that is published on this topic: a filter for any other type never matches',
      catalogueId: 'sns-filter-policy',
    });
  }
}
