import type { CatalogueRow } from '../catalogue-row';

/** Kinesis Data Streams (guide 232-244). */
export const kinesisDataStreamsRows = [
  {
    id: 'kinesis-capacity-for-peak',
    guideLines: ['235', '244'],
    tier: 2,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['refused at synth', 'construct default'],
    claim: 'Size for peak: 1 MB/s or 1,000 rec/s in and 2 MB/s out per shard.',
    condition:
      '`StreamModeDetails.StreamMode == "ON_DEMAND"` (default), or `ShardCount >= ceil(max(peakMBps, peakRps/1000) x 1.25)`; warm capacity `WarmThroughputMiBps` when peak > 4 MB/s',
  },
  {
    id: 'kinesis-retention-for-replay',
    guideLines: ['236'],
    tier: 2,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'Default retention is 24 h; replay needs more (max 365 days).',
    condition: '`RetentionPeriodHours >= 72` default, <= 8760',
  },
  {
    id: 'kinesis-efo-over-two-consumers',
    guideLines: ['237', '243'],
    tier: 1,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['refused at synth'],
    claim: 'More than two consumers share 2 MB/s and 5 reads/s per shard, so use enhanced fan-out.',
    condition:
      'polling consumers (mappings on stream ARN + Firehose + Flink) > 2 => extra mappings use `AWS::Kinesis::StreamConsumer` ARN as `EventSourceArn`',
  },
  {
    id: 'kinesis-read-throttle-alarm',
    guideLines: ['243'],
    tier: 2,
    derived: true,
    patterns: ['data-pipeline'],
    mechanisms: ['alarm'],
    claim: 'The 5 reads/s per shard limit fails quietly as lag.',
    condition:
      'alarm `AWS/Kinesis ReadProvisionedThroughputExceeded` > 0 and `GetRecords.IteratorAgeMilliseconds` > 60000',
  },
  {
    id: 'kinesis-hot-shard',
    guideLines: ['242'],
    tier: 1,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['handler', 'alarm', 'construct default'],
    claim: 'A skewed partition key overloads one shard.',
    condition:
      'producer test: key derived from entity id, constant/low-cardinality key refused; alarm `WriteProvisionedThroughputExceeded` > 0; `DesiredShardLevelMetrics`; option `RecordDistributionStrategy: AUTO` when order is not needed (ON_DEMAND only)',
  },
  {
    id: 'kinesis-order-per-key',
    guideLines: ['238'],
    tier: 2,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['handler'],
    claim: 'Order holds only within a partition key.',
    condition: 'consumer test: per-key sequence respected; `ParallelizationFactor` keeps per-key order',
  },
  {
    id: 'kinesis-poison-record',
    guideLines: ['40-41'],
    tier: 1,
    derived: true,
    patterns: ['data-pipeline'],
    mechanisms: ['construct default', 'refused at synth'],
    claim:
      'A bad record blocks its shard until it expires unless retries are bounded (same retry-storm failure on streams).',
    condition:
      '`EventSourceMapping`: `MaximumRetryAttempts` 0..10 (not -1), `MaximumRecordAgeInSeconds` set, `BisectBatchOnFunctionError: true`, `DestinationConfig.OnFailure.Destination`, `ReportBatchItemFailures` (cdk-nag `LambdaEventSourceMappingDestination`); a pipe from a stream likewise. CDK default sets none (tested)',
  },
  {
    id: 'kinesis-putrecords-partial-failure',
    guideLines: ['242-243'],
    tier: 2,
    derived: true,
    patterns: ['data-pipeline'],
    mechanisms: ['handler'],
    claim: 'Throttled records come back inside a 200 PutRecords response.',
    condition:
      'producer test: `FailedRecordCount > 0` => only failed entries retried with backoff; unsent after N => DLQ',
  },
  {
    id: 'kinesis-iterator-age-alarm',
    guideLines: ['370'],
    tier: 2,
    derived: false,
    patterns: ['data-pipeline'],
    mechanisms: ['alarm'],
    claim: 'The five-minute oldest-message alarm on a stream is iterator age.',
    condition: 'alarm `AWS/Lambda IteratorAge` Maximum >= 300000 per mapping',
  },
  {
    id: 'kinesis-only-when-streaming',
    guideLines: ['240', '500', '502'],
    tier: 3,
    derived: false,
    patterns: ['event-driven', 'data-pipeline'],
    mechanisms: ['documented'],
    claim: 'Default to SQS unless ordering, replay or many readers are needed.',
    condition: 'decision record',
  },
] as const satisfies readonly CatalogueRow[];
