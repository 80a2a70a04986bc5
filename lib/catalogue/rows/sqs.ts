import type { CatalogueRow } from '../catalogue-row';

/** Messaging - SQS (guide 209-222). */
export const sqsRows = [
  {
    id: 'sqs-dlq-required',
    guideLines: ['215', '41'],
    tier: 1,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth', 'construct default'],
    claim: 'Never deploy an SQS consumer without a dead-letter queue.',
    condition:
      'every queue that is an event source has `RedrivePolicy.deadLetterTargetArn` (cdk-nag `AwsSolutions-SQS3`, `SQSRedrivePolicy`); FIFO source => FIFO DLQ',
  },
  {
    id: 'sqs-visibility-timeout-exceeds-processing',
    guideLines: ['213', '221'],
    tier: 1,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Visibility timeout must exceed processing time or messages run twice at once.',
    condition:
      '`VisibilityTimeout >= 6 x function Timeout + MaximumBatchingWindowInSeconds` (AWS advice); hard floor is `>= Timeout` (CDK built-in E3505 only checks that; cdk-nag `LambdaEventSourceSQSVisibilityTimeout` checks 6x). Must resolve aliases and other stacks',
  },
  {
    id: 'sqs-long-polling',
    guideLines: ['214'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Always long-poll (20 s).',
    condition: '`ReceiveMessageWaitTimeSeconds == 20` on every queue, DLQs included',
  },
  {
    id: 'sqs-retention-explicit',
    guideLines: ['216'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'Retention goes up to 14 days; pick it, and give the DLQ the longest.',
    condition:
      'source `MessageRetentionPeriod` explicit and <= 1209600; DLQ `== 1209600` and > source (DLQ age keeps the original send time on standard queues)',
  },
  {
    id: 'sqs-message-size-pointer',
    guideLines: ['216'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'Payloads over the message limit go to S3 with a pointer.',
    condition:
      'publisher test: body > limit => S3 object + pointer message; consumer follows it. Limit 262144 bytes on SNS-fed paths, 1048576 on direct SQS and EventBridge',
  },
  {
    id: 'sqs-esm-explicit-config',
    guideLines: ['218'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'The knobs that matter are batch size, visibility timeout and DLQ, so none stays implicit.',
    condition:
      '`EventSourceMapping.BatchSize`, `MaximumBatchingWindowInSeconds`, `ScalingConfig.MaximumConcurrency` all set; FIFO `BatchSize <= 10`',
  },
  {
    id: 'sqs-idempotent-consumer',
    guideLines: ['220'],
    tier: 1,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['handler', 'construct default'],
    claim: 'Standard queues deliver duplicates, so consumers must be idempotent through a dedup key.',
    condition:
      'handler test: same `messageId`/business key twice => one effect, second returns success; idempotency `AWS::DynamoDB::Table` with TTL and conditional put; crash between claim and finish is retried, not lost',
  },
  {
    id: 'sqs-order-not-assumed',
    guideLines: ['212'],
    tier: 3,
    derived: true,
    patterns: ['event-driven'],
    mechanisms: ['handler'],
    claim: 'Standard queues are best-effort ordered, so state changes carry a version.',
    condition: 'handler test: older version after newer => ignored via `ConditionExpression version < :v`',
  },
  {
    id: 'sqs-fifo-high-throughput',
    guideLines: ['212'],
    tier: 3,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['refused at synth'],
    claim: 'Plain FIFO tops out at 3,000 msg/s batched.',
    condition:
      'FIFO queue with expected rate > 300 calls/s requires `FifoThroughputLimit: perMessageGroupId` + `DeduplicationScope: messageGroup`',
  },
  {
    id: 'sqs-fifo-group-id',
    guideLines: ['222'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['handler'],
    claim: 'FIFO needs a MessageGroupId, and one shared group serialises everything.',
    condition:
      'producer test: group id is derived from the entity; two entities => two groups; constant group id rejected by helper',
  },
] as const satisfies readonly CatalogueRow[];
