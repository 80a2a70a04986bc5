import type { CatalogueRow } from '../catalogue-row';

/** Lambda (guide 24-42). */
export const lambdaRows = [
  {
    id: 'lambda-max-timeout-15m',
    guideLines: ['28'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'A standard function stops at 15 minutes, so longer work needs another design.',
    condition:
      '`AWS::Lambda::Function.Timeout <= 900` unless `CapacityProviderConfig` set. Already reported by aws-cdk-lib 2.276 built-in rule E3717 (error only with flag `@aws-cdk/core:validateAgainstDefaultRules`)',
  },
  {
    id: 'lambda-max-memory-10gb',
    guideLines: ['28'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Memory tops out at 10 GB.',
    condition: '`MemorySize` between 128 and 10240. NOT caught by CDK today (tested with 11000: synth passes)',
  },
  {
    id: 'lambda-memory-explicit',
    guideLines: ['28'],
    tier: 2,
    derived: true,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'CPU scales with memory, so memory is a tuning knob and the 128 MB default should not ship.',
    condition:
      '`MemorySize` present and >= 256 (cdk-nag `LambdaDefaultMemorySize`); `Timeout` present (cdk-nag `LambdaDefaultTimeout`)',
  },
  {
    id: 'lambda-fargate-crossover',
    guideLines: ['29', '33', '495'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth', 'documented'],
    claim: 'Above about 1M requests/day of short work, containers cost less than Lambda.',
    condition:
      'construct prop `expectedRequestsPerDay > 1_000_000` with `compute: lambda` adds a synth warning naming Fargate; cost model documented',
  },
  {
    id: 'lambda-provisioned-concurrency-user-facing',
    guideLines: ['30', '35'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'User-facing latency-sensitive functions need provisioned concurrency to hide cold starts.',
    condition:
      'API integration URI targets an `AWS::Lambda::Alias` whose `ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions >= 1` (prod profile); never `$LATEST`',
  },
  {
    id: 'lambda-snapstart-for-slow-runtimes',
    guideLines: ['30', '35'],
    tier: 3,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: [],
    claim: 'Java should use SnapStart instead of eating 3-10 s cold starts.',
    condition:
      '`Runtime` matches `java*` (now also `python3.12+`, `dotnet8+`) behind an API => `SnapStart.ApplyOn == "PublishedVersions"`; mutually exclusive with provisioned concurrency',
  },
  {
    id: 'lambda-no-warm-capacity-for-background',
    guideLines: ['35'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Background consumers do not care about cold starts, so do not pay for warm capacity there.',
    condition:
      'functions behind `AWS::Lambda::EventSourceMapping` or S3/EventBridge events have no `ProvisionedConcurrencyConfig` on their alias',
  },
  {
    id: 'lambda-sync-payload-6mb',
    guideLines: ['36'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'Synchronous request/response bodies above 6 MB fail, so large payloads move through presigned S3 URLs.',
    condition:
      'handler unit test: result > 5.5 MB => body written to S3 and 200/303 with presigned GET; oversize request => 413 with upload-URL hint; never a raw > 6 MB body',
  },
  {
    id: 'lambda-reserved-concurrency-isolation',
    guideLines: ['37'],
    tier: 1,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'One runaway function can starve the regional pool, so critical functions need reserved concurrency.',
    condition:
      '`ReservedConcurrentExecutions` set on every API function and every unbounded consumer (cdk-nag `LambdaConcurrency`); event-source mappings also cap with `ScalingConfig.MaximumConcurrency`',
  },
  {
    id: 'lambda-reserved-sum-within-pool',
    guideLines: ['31', '37'],
    tier: 2,
    derived: true,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Reservations come out of one regional pool (1000 by default), so their sum must leave room.',
    condition:
      'sum of `ReservedConcurrentExecutions` across the App <= `accountConcurrency` prop (default 1000) - 100; else synth error',
  },
  {
    id: 'lambda-concurrency-alarm',
    guideLines: ['31', '37'],
    tier: 2,
    derived: true,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['alarm'],
    claim: 'Concurrency exhaustion and throttling must be visible before users see it.',
    condition:
      '`AWS::CloudWatch::Alarm` on `AWS/Lambda Throttles` (Sum > 0) per function and account `ConcurrentExecutions` >= 80% of limit',
  },
  {
    id: 'lambda-env-4kb',
    guideLines: ['38'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'All environment variables together must stay under 4 KB.',
    condition: 'bytes of resolved `Environment.Variables` JSON <= 4096. NOT caught by CDK (tested 5000 bytes: passes)',
  },
  {
    id: 'lambda-config-in-ssm',
    guideLines: ['38'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default', 'handler'],
    claim: 'Larger configuration belongs in Parameter Store or Secrets Manager, not in env.',
    condition:
      'env carries parameter/secret names only; role has `ssm:GetParameter*`/`secretsmanager:GetSecretValue` on exact ARNs; handler loads and caches at init',
  },
  {
    id: 'lambda-async-failure-destination',
    guideLines: ['40'],
    tier: 1,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default', 'refused at synth'],
    claim: 'Async invocations retry twice then vanish unless a DLQ or failure destination exists.',
    condition:
      'every function with an async source (S3, SNS, Events rule, Scheduler, self-invoke) has `AWS::Lambda::EventInvokeConfig.DestinationConfig.OnFailure.Destination` or `DeadLetterConfig.TargetArn` (cdk-nag `LambdaAsyncFailureDestination`, `LambdaDLQ`)',
  },
  {
    id: 'lambda-async-retry-bounds',
    guideLines: ['40'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default', 'handler'],
    claim: 'The two automatic async retries mean the handler runs up to 3 times for one event.',
    condition:
      '`EventInvokeConfig.MaximumRetryAttempts` and `MaximumEventAgeInSeconds` explicit; handler test: same event 3 times => one side effect',
  },
  {
    id: 'lambda-dlq-not-empty-alarm',
    guideLines: ['40'],
    tier: 2,
    derived: true,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['alarm'],
    claim: 'A DLQ that no one monitors is the same as no DLQ.',
    condition:
      'one alarm per DLQ: `AWS/SQS ApproximateNumberOfMessagesVisible` Maximum >= 1; plus `AWS/Lambda AsyncEventsDropped`, `DestinationDeliveryFailures` > 0',
  },
  {
    id: 'lambda-sqs-max-receive-count',
    guideLines: ['41'],
    tier: 1,
    derived: false,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'Without `maxReceiveCount` a failing SQS-triggered function retries forever.',
    condition:
      'source queue `RedrivePolicy.maxReceiveCount` in 3..10 (AWS advises >= 5); `deadLetterTargetArn` resolves to a queue with no consumer',
  },
  {
    id: 'lambda-sqs-partial-batch',
    guideLines: ['41'],
    tier: 1,
    derived: true,
    patterns: ['event-driven', 'genai-rag'],
    mechanisms: ['construct default', 'handler'],
    claim: 'One bad message must not return its whole batch to the queue (needed to make the retry rule safe).',
    condition:
      '`AWS::Lambda::EventSourceMapping.FunctionResponseTypes == ["ReportBatchItemFailures"]`; handler test: 1 of 10 fails => `batchItemFailures` lists only that `messageId`; malformed body also listed, never thrown',
  },
  {
    id: 'lambda-vpc-only-when-needed',
    guideLines: ['42', '189'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim:
      'VPC attach is no longer a cold-start penalty, but it still removes direct internet access, so attach only functions that reach VPC resources.',
    condition:
      '`VpcConfig` present only on functions that hold a DB/cache endpoint; absent on the rest; attached functions have a route to each AWS API they call (endpoint or NAT)',
  },
] as const satisfies readonly CatalogueRow[];
