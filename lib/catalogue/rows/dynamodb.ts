import type { CatalogueRow } from '../catalogue-row';

/** DynamoDB (guide 162-176). */
export const dynamodbRows = [
  {
    id: 'ddb-on-demand-default',
    guideLines: ['165'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'On-demand for unknown load; provisioned only for steady load.',
    condition:
      '`BillingMode == "PAY_PER_REQUEST"` on `AWS::DynamoDB::Table`/`GlobalTable` (CDK `Table` default is PROVISIONED 5/5, `TableV2` is on-demand: tested)',
  },
  {
    id: 'ddb-provisioned-needs-autoscaling',
    guideLines: ['165'],
    tier: 3,
    derived: true,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Provisioned mode without scaling throttles.',
    condition:
      '`PROVISIONED` => `AWS::ApplicationAutoScaling::ScalableTarget` for read and write on table and each GSI',
  },
  {
    id: 'ddb-high-cardinality-key',
    guideLines: ['166'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Partition keys need high cardinality; time-based keys make hot spots.',
    condition: 'partition key name not in `date|day|hour|timestamp|status|type|region|month` (override with reason)',
  },
  {
    id: 'ddb-partition-limit-visible',
    guideLines: ['173'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['alarm', 'handler'],
    claim: 'One partition caps at 3,000 RCU / 1,000 WCU whatever the table has.',
    condition:
      'alarms on `ReadThrottleEvents`/`WriteThrottleEvents` > 0; `ContributorInsightsSpecification.Enabled`; handler retries `ProvisionedThroughputExceeded`/`ThrottlingException` with jitter',
  },
  {
    id: 'ddb-gsi-capacity',
    guideLines: ['167'],
    tier: 3,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Each GSI is its own table with its own capacity.',
    condition:
      'provisioned: every `GlobalSecondaryIndexes[]` has throughput >= table write capacity; on-demand cap `MaxWriteRequestUnits` of GSI >= table',
  },
  {
    id: 'ddb-streams-for-cdc',
    guideLines: ['168'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'Change capture comes from Streams, not from dual writes.',
    condition:
      '`StreamSpecification.StreamViewType` set; consumer is `AWS::Pipes::Pipe` or mapping with `OnFailure`, `MaximumRetryAttempts` 0..10, `BisectBatchOnFunctionError`',
  },
  {
    id: 'ddb-access-patterns-first',
    guideLines: ['171', '527'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'No joins or ad-hoc queries: model for known access patterns.',
    condition: 'construct needs a non-empty `accessPatterns` list; no API function role has `dynamodb:Scan`',
  },
  {
    id: 'ddb-prewarm-burst',
    guideLines: ['174'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth', 'construct default'],
    claim: 'On-demand absorbs about 2x the previous peak at once; a larger jump throttles unless pre-warmed.',
    condition:
      'prop `expectedPeak` above 4,000 writes/s or 12,000 reads/s requires `WarmThroughput.{Read,Write}UnitsPerSecond` >= it',
  },
  {
    id: 'ddb-gsi-eventual',
    guideLines: ['175'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'GSI reads lag writes, so never query a GSI straight after writing.',
    condition:
      'handler test: read-your-write uses base table `GetItem` with `ConsistentRead: true`; no `ConsistentRead` on index queries (the API rejects it)',
  },
  {
    id: 'ddb-item-400kb-s3-pointer',
    guideLines: ['176'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'Items stop at 400 KB; keep larger documents in S3 with a pointer.',
    condition:
      'handler test: 500 KB body => S3 object + item holding `s3Key`; read path follows the pointer; role has both grants',
  },
  {
    id: 'ddb-global-tables-active-active',
    guideLines: ['169'],
    tier: 3,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['documented'],
    claim: 'Active-active across regions uses global tables.',
    condition: 'opt-in replicas on `AWS::DynamoDB::GlobalTable.Replicas[]`; default one region',
  },
] as const satisfies readonly CatalogueRow[];
