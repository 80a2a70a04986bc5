import type { CatalogueRow } from '../catalogue-row';

/** SNS (guide 223-231). */
export const snsRows = [
  {
    id: 'sns-sqs-fanout',
    guideLines: ['227', '231', '501'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'Fan out through SNS to one SQS queue per consumer.',
    condition: '`AWS::SNS::Subscription.Protocol == "sqs"`; direct `lambda`/`https` subscriptions flagged',
  },
  {
    id: 'sns-filter-policy',
    guideLines: ['228'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'Subscribers filter at SNS so no consumer sees every message.',
    condition:
      'each subscription has `FilterPolicy` (or explicit `receiveAll: true`); publisher test sets the attributes it filters on',
  },
  {
    id: 'sns-fifo-pairs-fifo',
    guideLines: ['229'],
    tier: 3,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['refused at synth'],
    claim: 'FIFO topics pair with FIFO queues.',
    condition: '`FifoTopic == true` <=> every sqs subscriber `FifoQueue == true`',
  },
  {
    id: 'sns-subscription-dlq',
    guideLines: ['40', '215'],
    tier: 2,
    derived: true,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'A delivery SNS cannot make is lost without a subscription DLQ (same vanishing-event failure).',
    condition:
      '`AWS::SNS::Subscription.RedrivePolicy.deadLetterTargetArn` (cdk-nag `SNSRedrivePolicy`); alarm `NumberOfNotificationsFailed` > 0',
  },
  {
    id: 'one-queue-per-service',
    guideLines: ['231', '532'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['refused at synth'],
    claim: 'Each microservice reads from its own queue.',
    condition: 'no queue ARN is `EventSourceArn` of mappings for two different functions',
  },
] as const satisfies readonly CatalogueRow[];
